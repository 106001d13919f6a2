import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { session } from "@web/session";

const MOST = 8;

// Several databases may share one browser and one address.
const key = () => `lot_traceability.recent.${session.db || ""}.${user.userId}`;

/** @returns {{lotIds: number[], label: string, detail: string}[]} newest first */
export function recentTraces() {
    try {
        const found = JSON.parse(browser.localStorage.getItem(key()) || "[]");
        return found
            .filter((one) => Array.isArray(one.lotIds) && one.lotIds.every(Number.isInteger))
            .slice(0, MOST)
            .map(({ lotIds, label, detail }) => ({
                lotIds,
                label: String(label),
                detail: String(detail || ""),
            }));
    } catch {
        return [];
    }
}

/** Put a trace at the head of the recent ones. */
export function rememberTrace({ lotIds, label, detail }) {
    const same = (one) => one.lotIds.join() === lotIds.join();
    const list = [{ lotIds, label, detail }, ...recentTraces().filter((one) => !same(one))];
    try {
        browser.localStorage.setItem(key(), JSON.stringify(list.slice(0, MOST)));
    } catch {
        // A full or forbidden storage only costs the list of recent traces.
    }
}
