import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { parseCode } from "../capture/gs1.js";
import { explainCode } from "../capture/gs1_texts.js";
import { Feedback } from "../device/feedback.js";
import { applySettings, keepSettings, readSettings } from "../device/settings.js";
import { WedgeInput } from "../device/wedge_input.js";
import { asGiven } from "./as_given.js";
import { makeUid } from "../queue/uid.js";
import { LoggedOutError, NoLinkError, OtherUserError, ScanQueue } from "../queue/queue.js";
import { callScan } from "../server/rpc.js";
import { KeptAnswers } from "../server/kept_answers.js";
import { commandOf } from "../work/labels.js";
import { readRoute, routeTo } from "./route.js";

// What this page understands; the server tells its own.
const PROTOCOL = 1;
// How often it is looked whether there is a link again: soon at first, then less often.
const HEARTBEAT = 30_000;
const FIRST_BEAT = 2_000;
// Somebody stands and waits: what is kept is shown after this.
const PATIENCE = 5_000;

/** All that the screens share: settings, link, queue, scanner, and what the server told. */
export class Desk {
    /**
     * @param {Object} page what the server wrote into the page
     * @param {Object} store what is kept on the device
     */
    constructor(page, store) {
        this.page = page;
        this.store = store;
        this.settings = reactive(readSettings(), () => this._settingsChanged());
        this.state = reactive({
            start: null,
            problem: "",
            route: readRoute(location.hash),
            link: "online",
            linkProblem: "",
            waiting: 0,
            refused: [],
            done: [],
            message: null,
            flash: 0,
            sheet: "",
            // What came back while somebody is here, to be decided at once.
            toDecide: [],
            keptAt: null,
            updated: false,
        });
        this._settingsChanged();
        this.feedback = new Feedback(this.settings);
        this.kept = new KeptAnswers(store, (error) => this._linkTold(error));
        this.jobs = new Set();
        this.handlers = [];
        this.listeners = new Set();
        this.queue = new ScanQueue({
            store,
            send: (commands, left, user) => callScan("send", [commands, this.device(left, user)]),
            onChange: () => this._queueChanged(),
            onAnswer: (command, answer) => this._answered(command, answer),
            alone: navigator.locks
                ? (work) => navigator.locks.request(`lot_scan_${page.database}`, work)
                : undefined,
        });
    }

    // -- beginning -------------------------------------------------------------------------------

    /** Begin with what is kept, when there is something; ask the server meanwhile. */
    async open() {
        this.uid = (await this.store.read("device")) || makeUid();
        await this.store.write("device", this.uid);
        this.kept.user = this.page.user;
        const kept = await this.kept.kept("start");
        if (kept) {
            await this._take(kept.value, kept.at);
        }
        const fresh = this.job(this.refresh());
        if (!kept) {
            await fresh;
        }
        this._listen();
    }

    _listen() {
        this.wedge = new WedgeInput((text) => this.scan(text));
        this.wedge.reader.gap = this.settings.gap;
        this.wedge.listen();
        window.addEventListener("hashchange", () => this._routed());
        window.addEventListener("online", () => this.hurry());
        window.addEventListener("offline", () => this._linkTold(new NoLinkError("offline")));
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.hurry();
            }
        });
        for (const type of ["pointerdown", "keydown"]) {
            // Later: it takes a while, and a scanner's keys may be under way.
            const wake = () => setTimeout(() => this.feedback.wake(), 400);
            document.addEventListener(type, wake, { once: true });
        }
        this._beat();
        navigator.storage?.persist?.().catch(() => {});
    }

    /** Ask the server who is here and what there is to do. */
    async refresh() {
        try {
            const start = asGiven(await callScan("start"));
            this.kept.user = start.user.id;
            await this.kept.keep("start", [], start);
            this._linkTold(null);
            await this._take(start, null);
        } catch (error) {
            this._linkTold(error);
            if (!this.state.start) {
                this.state.problem = this._explain(error);
            }
        }
    }

    async _take(start, at) {
        const other = this.state.start?.user.id !== start.user.id;
        this.kept.user = start.user.id;
        Object.assign(this.state, {
            start,
            keptAt: at,
            problem:
                start.protocol > PROTOCOL
                    ? _t("This app is out of date. Reload the page while there is a link.")
                    : "",
        });
        if (other) {
            await this.queue.load(start.user.id);
        }
        if (!at) {
            this.job(this.queue.hurry());
        }
    }

    /** Which device this is, what waits on it besides what it sends just now, and for whom it
     * sends: the one who did the work, whoever is logged in by now. */
    device(left, user) {
        return {
            uid: this.uid,
            name: this.settings.name || _t("Handheld %s", this.uid.slice(0, 4)),
            waiting: left.length,
            since: left[0]?.at || "",
            user,
        };
    }

    // -- link and queue --------------------------------------------------------------------------

    /** There may be a link again. */
    hurry() {
        return this.job(this.state.link === "online" ? this.queue.hurry() : this.refresh());
    }

    /** A device cannot be sure to be told that there is a link again: it looks by itself. */
    _beat(pause = FIRST_BEAT) {
        clearTimeout(this.beat);
        this.beat = setTimeout(async () => {
            if (this.state.link !== "online" || this.state.waiting) {
                await this.hurry();
            }
            this._beat(this.state.link === "offline" ? Math.min(pause * 2, HEARTBEAT) : HEARTBEAT);
        }, pause);
    }

    _linkTold(error) {
        if (!error) {
            this._setLink("online");
        } else if (error instanceof LoggedOutError) {
            this._setLink("logged_out");
        } else if (error instanceof OtherUserError) {
            this._setLink("other_user", error.message);
        } else if (error instanceof NoLinkError) {
            this._setLink("offline");
        }
    }

    _setLink(link, problem = "") {
        const back = link === "online" && this.state.link !== "online";
        if (link === "offline" && this.state.link === "online") {
            this._beat();
        }
        Object.assign(this.state, { link, linkProblem: problem });
        if (back && this.queue.waiting.length) {
            this.job(this.queue.hurry());
        }
    }

    _queueChanged() {
        const { queue, state } = this;
        Object.assign(state, {
            waiting: queue.waiting.length,
            refused: queue.refused.map(asGiven),
            done: queue.done.slice(-60).map(asGiven),
        });
        if (queue.link !== state.link && queue.link !== "online") {
            this._setLink(queue.link, queue.problem);
        } else if (queue.link === "online" && queue.running && state.link !== "online") {
            Object.assign(state, { link: "online", linkProblem: "" });
        }
        this._tellListeners();
    }

    _answered(command, answer) {
        const isRefused = answer.state === "refused";
        if (answer.document) {
            const { model, id } = answer.document;
            this.job(this.kept.keep("document", [command.flow, model, id], answer.document));
        }
        if (isRefused) {
            this.state.toDecide.push(command.uid);
        }
        this.say(isRefused ? "bad" : "good", answer.message || _t("Done."));
        this.listeners.forEach((listener) => listener.onAnswer?.(command, answer));
    }

    /** Keep a command and send it; what comes of it is said when it is known. */
    async give(command) {
        const kept = await this.queue.add(command);
        if (this.state.link !== "online") {
            this.say("kept", _t("Kept on this device: it is sent when there is a link."));
        }
        return kept;
    }

    /** Be told of answers and changes of the queue while a screen is there. */
    listen(listener) {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    _tellListeners() {
        this.listeners?.forEach((listener) => listener.onQueue?.());
    }

    logIn() {
        const back = `${location.pathname}${location.hash}`;
        location.href = `/web/login?redirect=${encodeURIComponent(back)}`;
    }

    reload() {
        location.reload();
    }

    // -- scanning --------------------------------------------------------------------------------

    /** Take a code, from wherever it comes. */
    scan(text, { typed = false } = {}) {
        const handler = this.handlers.at(-1);
        const pressed = commandOf(text);
        if (pressed) {
            this.press(pressed);
        } else {
            const scan = this.read(text, typed);
            if (scan.code.error) {
                this.say("bad", explainCode(scan.code.error));
            } else {
                return this.job(Promise.resolve(handler?.onScan(scan)));
            }
        }
        return Promise.resolve();
    }

    /** A code with the fields that it says. */
    read(text, typed = false) {
        const code = asGiven(parseCode(text, this.state.start?.identifiers || []));
        return { text, typed, code };
    }

    /** Do what a button of the screen does, as a command label tells. */
    press(what) {
        const handler = this.handlers.at(-1);
        if (what === "back") {
            this.back();
        } else if (!handler?.onPress?.(what)) {
            this.say("bad", _t("There is nothing to confirm. Scan goods first."));
        }
    }

    /** Get what is scanned, until the returned function is called. */
    handle(handler) {
        this.handlers.push(handler);
        return () => {
            this.handlers = this.handlers.filter((one) => one !== handler);
        };
    }

    /** What the server knows of a scan; null when nobody can be asked. */
    async identify(scan) {
        try {
            const { value } = await this.kept.askOrKept("identify", [scan.text], PATIENCE);
            return asGiven(value);
        } catch (error) {
            if (error instanceof NoLinkError || error instanceof LoggedOutError) {
                return null;
            }
            throw error;
        }
    }

    // -- saying ----------------------------------------------------------------------------------

    /** One sentence, in colour, sound and tremor. */
    say(kind, text) {
        this.state.message = { kind, text };
        this.state.flash += 1;
        this.feedback.give(kind);
    }

    hush() {
        this.state.message = null;
    }

    /** A sentence for somebody who is not to read what a program says. */
    _explain(error) {
        if (error instanceof NoLinkError) {
            return _t(
                "There is no link, and nothing is kept on this device yet. Open the app once with a link.",
            );
        }
        if (error instanceof LoggedOutError) {
            return _t("Nobody is logged in. Log in to go on.");
        }
        return error.message;
    }

    explain(error) {
        return error instanceof NoLinkError
            ? _t("There is no link, and this was not kept on the device. Try again with a link.")
            : this._explain(error);
    }

    // -- going about -----------------------------------------------------------------------------

    go(screen, flow, document, blind) {
        location.hash = routeTo(screen, flow, document, blind);
    }

    back() {
        if (this.state.sheet) {
            this.state.sheet = "";
            return;
        }
        const { screen, flow, document, blind } = this.state.route;
        const { flows = [] } = this.state.start || {};
        const isListed = flows.find((one) => one.code === flow)?.documents;
        this.go(screen === "work" && isListed && (document || blind) ? "documents" : "home", flow);
    }

    _routed() {
        const route = readRoute(location.hash);
        if (route.screen === "home") {
            route.flow = "";
        }
        // What somebody says in the settings is about the screen that he worked with last.
        if (!["home", "settings"].includes(this.state.route.screen)) {
            this.worked = this.state.route;
        }
        this.state.sheet = "";
        this.state.route = route;
    }

    _settingsChanged() {
        // Read each, so that this is told when one of them changes.
        const settings = { ...this.settings };
        keepSettings(settings);
        applySettings(settings);
        if (this.wedge) {
            this.wedge.reader.gap = settings.gap;
        }
    }

    // -- waiting ---------------------------------------------------------------------------------

    /** Note a piece of work, for `idle`. */
    job(promise) {
        const job = Promise.resolve(promise).catch((error) => this._failed(error));
        this.jobs.add(job);
        job.finally(() => this.jobs.delete(job));
        return job;
    }

    _failed(error) {
        this.say("bad", this.explain(error));
    }

    /** When nothing is under way any more: all is answered that can be. */
    async idle() {
        do {
            await Promise.allSettled([...this.jobs, this.queue.running]);
            await new Promise((resolve) => setTimeout(resolve));
        } while (this.jobs.size || this.queue.running);
    }
}
