import { callScan } from "./rpc.js";
import { NoLinkError } from "../queue/queue.js";

// Answers that are kept of each kind; the oldest goes first.
const MOST = { documents: 12, document: 60, identify: 200 };

/**
 * Answers of the server that are kept on the device, each user's apart: what was seen with a link
 * can be seen without one.
 */
export class KeptAnswers {
    /**
     * @param {Object} store where answers are kept
     * @param {(error: Error | null) => void} onLink tells of each call whether there is a link
     */
    constructor(store, onLink) {
        this.store = store;
        this.onLink = onLink;
        this.user = 0;
    }

    _key(method, args) {
        return `${this.user}|${method}|${JSON.stringify(args)}`;
    }

    /** @returns {Promise<{value: *, at: number} | undefined>} the answer that is kept */
    kept(method, args = []) {
        return this.store.read(this._key(method, args));
    }

    async keep(method, args, value) {
        await this.store.write(this._key(method, args), { value, at: Date.now() });
        const most = MOST[method];
        if (most) {
            await this._prune(method, most);
        }
    }

    async _prune(method, most) {
        const start = `${this.user}|${method}|`;
        const keys = (await this.store.keys()).filter((key) => key.startsWith(start));
        if (keys.length <= most * 1.5) {
            return;
        }
        const dated = await Promise.all(
            keys.map(async (key) => ({ key, at: (await this.store.read(key))?.at || 0 })),
        );
        dated.sort((one, other) => other.at - one.at);
        for (const { key } of dated.slice(most)) {
            await this.store.forget(key);
        }
    }

    /** Ask the server, and keep the answer. */
    async ask(method, args = [], patience = undefined) {
        try {
            const value = await callScan(method, args, patience);
            this.onLink(null);
            await this.keep(method, args, value);
            return value;
        } catch (error) {
            this.onLink(error);
            throw error;
        }
    }

    /**
     * Ask the server; without a link give what is kept.
     *
     * @returns {Promise<{value: *, at: number | null}>} `at`: since when it is kept, null when fresh
     */
    async askOrKept(method, args = [], patience = undefined) {
        try {
            return { value: await this.ask(method, args, patience), at: null };
        } catch (error) {
            const kept = await this.kept(method, args);
            if (!(error instanceof NoLinkError) || !kept) {
                throw error;
            }
            return kept;
        }
    }
}
