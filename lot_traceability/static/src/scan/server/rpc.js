import { LoggedOutError, NoLinkError, OtherUserError, ServerError } from "../queue/queue.js";

// Longer than a slow answer, shorter than anybody's patience with a dead link.
const PATIENCE = 20_000;
const SESSION_EXPIRED = 100;
const NOT_FOUND = 404;
const OTHER_USER = "odoo.addons.lot_traceability.models.scan.lot_scan_page.OtherUserError";

// Odoo answers in English unless a call names the language.
const context = {};

/** @param {string} code the language in which the server answers, as Odoo names it: de_DE */
export function answerIn(code) {
    context.lang = code;
}

/**
 * Call a method of `lot.scan`.
 *
 * @param {string} method
 * @param {Array} args
 * @param {number} [patience] in milliseconds
 * @throws {NoLinkError | LoggedOutError | OtherUserError | ServerError}
 */
export function callScan(method, args = [], patience = PATIENCE) {
    return callModel("lot.scan", method, args, patience);
}

/** The same of another model. */
export async function callModel(model, method, args = [], patience = PATIENCE) {
    const answer = await post(`/web/dataset/call_kw/${model}/${method}`, patience, {
        jsonrpc: "2.0",
        method: "call",
        id: 1,
        params: { model, method, args, kwargs: { context } },
    });
    if (answer.error) {
        throw explain(answer.error);
    }
    return answer.result;
}

async function post(url, patience, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    try {
        const response = await fetch(url, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(body),
            signal: stop.signal,
        });
        // Where a server has several databases, nobody who is logged out has one.
        if (response.status === NOT_FOUND) {
            throw new LoggedOutError("404");
        }
        // What stands between device and server (a proxy, the wifi's own login page) answers else.
        if (!response.ok || !response.headers.get("Content-Type")?.includes("json")) {
            throw new NoLinkError(`${response.status}`);
        }
        return await response.json();
    } catch (error) {
        const isTold = error instanceof NoLinkError || error instanceof LoggedOutError;
        throw isTold ? error : new NoLinkError(error.message);
    } finally {
        clearTimeout(timer);
    }
}

function explain({ code, message, data }) {
    if (code === SESSION_EXPIRED) {
        return new LoggedOutError(message);
    }
    const Kind = data?.name === OTHER_USER ? OtherUserError : ServerError;
    return new Kind(data?.message || message);
}
