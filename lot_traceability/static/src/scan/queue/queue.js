/**
 * What was done on the device and what came of it: each command is kept here first and sent then,
 * in order. The server does each one exactly once, by its identity; so whatever was not answered is
 * simply sent again. Nothing here knows a page, a database or a network: they are given.
 *
 * A command is waiting → sending → done, or refused until somebody decides. "Sending" is not kept:
 * after a reload it waits again.
 */
import { makeUid } from "./uid.js";

// Commands of one request: few, so that a weak link carries one in time.
export const BATCH = 20;
// Commands that are done stay for the list of what was done.
export const KEPT_DONE = 60;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
// Failures of the server, not of the link, after which one command alone is given back.
const MOST_FAILURES = 4;

/** There is no answer: no link, or none in time. */
export class NoLinkError extends Error {}

/** Nobody is logged in any more. */
export class LoggedOutError extends Error {}

/** Somebody else is logged in. */
export class OtherUserError extends Error {}

/** The server says why it cannot do it. */
export class ServerError extends Error {}

export class ScanQueue {
    /** @type {"online" | "offline" | "logged_out" | "other_user" | "failing"} */
    link = "online";
    problem = "";
    waiting = [];
    refused = [];
    done = [];
    sending = new Set();
    deciding = new Set();
    answers = new Map();
    failures = 0;
    pause = 0;
    timer = null;
    running = null;

    /**
     * @param {Object} given
     * @param {Object} given.store where commands are kept
     * @param {(commands: Object[], left: Object[], user: number) => Promise<Object[]>} given.send
     *  commands of this one user; answers in the same order; raises one of the errors above. What
     *  is left waits for the next request
     * @param {() => void} [given.onChange] something changed that a screen may show
     * @param {(command: Object, answer: Object) => void} [given.onAnswer] for each answer
     * @param {(work: Function) => Promise} [given.alone] runs a piece of work while no other window
     *  of this browser runs it
     * @param {() => Date} [given.now]
     * @param {(work: Function, delay: number) => *} [given.later]
     * @param {(timer: *) => void} [given.cancel]
     */
    constructor({ store, send, onChange, onAnswer, alone, now, later, cancel }) {
        this.store = store;
        this.send = send;
        this.onChange = onChange || (() => {});
        this.onAnswer = onAnswer || (() => {});
        this.alone = alone || ((work) => work());
        this.now = now || (() => new Date());
        this.later = later || ((work, delay) => setTimeout(work, delay));
        this.cancel = cancel || ((timer) => clearTimeout(timer));
    }

    /** Take up what is kept of this user's. */
    async load(user) {
        this.user = user;
        const kept = (await this.store.listCommands()).filter((command) => command.user === user);
        this.waiting = kept.filter((command) => command.state === "waiting");
        this.refused = kept.filter((command) => command.state === "refused");
        this.done = kept.filter((command) => command.state === "done").slice(-KEPT_DONE);
        this.sending.clear();
        this.pause = 0;
        this.onChange();
    }

    /**
     * Keep a command, and send it as soon as there is a link.
     *
     * @param {Object} given {flow, action, text, typed, follows, data, label: what people call it}
     * @returns {Promise<Object>} the command, once it is kept; `answer(uid)` waits for the answer
     */
    async add({ flow, action, text = "", typed = false, follows = "", data = {}, label = "" }) {
        const command = {
            uid: makeUid(),
            user: this.user,
            at: this.now().toISOString(),
            state: "waiting",
            flow,
            action,
            text,
            typed,
            follows,
            data: JSON.parse(JSON.stringify(data)),
            label,
        };
        let tell;
        const promise = new Promise((resolve) => (tell = resolve));
        this.answers.set(command.uid, { promise, tell });
        command.seq = await this.store.addCommand(command);
        this.waiting.push(command);
        this.onChange();
        this.flush();
        return command;
    }

    /** The answer to a command that was added since the page was loaded. */
    answer(uid) {
        return this.answers.get(uid)?.promise;
    }

    /** Send what waits; does nothing while it is being sent already. */
    flush() {
        if (!this.running) {
            this._wake();
            this.running = this.alone(() => this._run()).finally(() => {
                this.running = null;
                if (this._more && this.link === "online") {
                    this.flush();
                }
            });
        }
        return this.running;
    }

    get _more() {
        return this.waiting.length > 0;
    }

    /** There may be a link again: do not wait for the end of the pause. */
    hurry() {
        this.pause = 0;
        return this.flush();
    }

    async _run() {
        while (this._more) {
            // After a failure of the server one at a time, so that only the one that fails is held.
            const batch = this._next(this.failures ? 1 : BATCH);
            batch.forEach((command) => this.sending.add(command.uid));
            this.onChange();
            try {
                const left = this.waiting.filter((command) => !batch.includes(command));
                const answers = await this.send(batch.map(wire), left, batch[0].user);
                await this._take(batch, answers);
            } catch (error) {
                batch.forEach((command) => this.sending.delete(command.uid));
                if (await this._failed(error, batch)) {
                    return;
                }
            }
        }
        this._tell("online");
    }

    /** The next ones of one user: while another one takes over, those of the first are still here,
     * and must not go out under the other's name. */
    _next(most) {
        const { user } = this.waiting[0];
        return this.waiting.filter((command) => command.user === user).slice(0, most);
    }

    async _take(batch, answers) {
        const byUid = new Map(answers.map((answer) => [answer.uid, answer]));
        for (const command of batch) {
            const answer = byUid.get(command.uid) || answers[batch.indexOf(command)];
            if (!answer) {
                throw new ServerError("The server left out an answer.");
            }
            await this._settle(command, answer);
        }
        this.failures = 0;
        this.pause = 0;
        this._tell("online");
    }

    async _settle(command, answer) {
        this.sending.delete(command.uid);
        command.state = answer.state === "refused" ? "refused" : "done";
        // What a screen shows of it later; the document and the lot are kept elsewhere.
        command.answer = { message: answer.message, choices: answer.choices || [] };
        await this.store.putCommand(command);
        this.waiting = this.waiting.filter((one) => one.uid !== command.uid);
        if (command.state === "refused") {
            this.refused.push(command);
        } else {
            this.done.push(command);
            await this._prune();
        }
        this.onAnswer(command, answer);
        this.answers.get(command.uid)?.tell(answer);
        this.answers.delete(command.uid);
        this.onChange();
    }

    async _prune() {
        if (this.done.length >= KEPT_DONE * 2) {
            const old = this.done.splice(0, this.done.length - KEPT_DONE);
            await this.store.dropCommands(old.map((command) => command.seq));
        }
    }

    /** @returns {Promise<boolean>} whether to stop for now */
    async _failed(error, batch) {
        if (error instanceof LoggedOutError || error instanceof OtherUserError) {
            this._tell(
                error instanceof LoggedOutError ? "logged_out" : "other_user",
                error.message,
            );
            return true;
        }
        if (error instanceof ServerError) {
            this.failures += 1;
            if (this.failures >= MOST_FAILURES && batch.length === 1) {
                this.failures = 0;
                await this._settle(batch[0], {
                    uid: batch[0].uid,
                    state: "refused",
                    message: error.message,
                    choices: [{ code: "again", label: "", data: {}, asks: [] }],
                });
                return false;
            }
            this._tell("failing", error.message);
        } else {
            this._tell("offline", error.message);
        }
        this.pause = Math.min(Math.max(this.pause * 2, FIRST_PAUSE), LONGEST_PAUSE);
        this.timer = this.later(() => this.flush(), this.pause);
        return true;
    }

    _wake() {
        if (this.timer) {
            this.cancel(this.timer);
            this.timer = null;
        }
    }

    _tell(link, problem = "") {
        this.link = link;
        this.problem = problem;
        this.onChange();
    }

    /** Somebody decided that a refused command is not to be done. */
    async drop(uid) {
        const command = this.refused.find((one) => one.uid === uid);
        if (command) {
            this.refused = this.refused.filter((one) => one.uid !== uid);
            await this.store.dropCommands([command.seq]);
            this.onChange();
        }
    }

    /**
     * Somebody decided how to go on with a refused command: it is given again, under a new identity.
     *
     * @param {string} uid of the refused one
     * @param {Object} data what the choice and its questions add
     * @returns {Promise<Object | null>} the new command; null when it was decided already
     */
    async decide(uid, data) {
        const refused = this.refused.find((one) => one.uid === uid);
        if (!refused || this.deciding.has(uid)) {
            return null;
        }
        this.deciding.add(uid);
        const command = await this.add({
            ...refused,
            follows: refused.uid,
            data: { ...refused.data, ...data },
        });
        await this.drop(uid);
        this.deciding.delete(uid);
        return command;
    }

    /** What was done on a document, or in a session, and is not answered yet; in order. */
    pendingOf({ document, session }) {
        return this.waiting.filter(({ data }) =>
            document
                ? data.document?.id === document.id && data.document?.model === document.model
                : session && data.session === session,
        );
    }
}

function wire({ uid, at, flow, action, text, typed, follows, data }) {
    return { uid, at, flow, action, text, typed, follows: follows || "", data };
}
