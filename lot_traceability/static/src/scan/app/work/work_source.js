import { Component, onWillStart, useState } from "@odoo/owl";
import { withPending } from "../../queue/pending.js";
import { makeUid } from "../../queue/uid.js";
import { flowOf } from "../../work/flow.js";
import { asGiven } from "../as_given.js";
import { useDesk } from "../use_desk.js";

/** What is worked on: a document, as it is kept and as the server has it, or a session without
 * one. */
export class WorkSource extends Component {
    setup() {
        const { desk, state, settings } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.settings = settings;
        this.route = { ...state.route };
        this.flow = flowOf(this.route.flow);
        this.state = useState({
            document: null,
            keptAt: null,
            problem: "",
            draft: null,
            looking: null,
            place: null,
            session: "",
            tick: 0,
            differences: null,
            countdown: false,
            // A lot that was just made, and may want a label.
            printable: null,
            // What was started in the office with it.
            recall: null,
            // Where labels are that this device has to print itself.
            file: "",
        });
        onWillStart(() => this.begin());
    }

    async begin() {
        this.desk.hush();
        if (this.route.document) {
            await this.loadKept();
            this.desk.job(this.loadFresh());
        } else {
            const kept = await this.desk.store.read(this.sessionKey);
            this.state.session = kept?.session || makeUid();
            this.state.place = kept?.place || null;
        }
    }

    get documentArgs() {
        const { flow, document } = this.route;
        return [flow, document.model, document.id];
    }

    async loadKept() {
        const kept = await this.desk.kept.kept("document", this.documentArgs);
        if (kept) {
            Object.assign(this.state, { document: asGiven(kept.value), keptAt: kept.at });
        }
    }

    async loadFresh() {
        this.state.problem = "";
        const before = this.state.document;
        try {
            const document = asGiven(await this.desk.kept.ask("document", this.documentArgs));
            if (this.state.document === before) {
                // Else an answer has brought a newer one meanwhile.
                Object.assign(this.state, { document, keptAt: null });
            }
        } catch (error) {
            if (!this.state.document) {
                this.state.problem = this.desk.explain(error);
            }
        }
    }

    get sessionKey() {
        return `session|${this.shared.start.user.id}|${this.flow.code}`;
    }

    keepSession() {
        const { session, place } = this.state;
        return this.desk.store.write(this.sessionKey, { session, place: place && { ...place } });
    }

    get work() {
        // Read the tick, so that the screen follows the queue.
        const { document, session, place, tick } = this.state;
        const { queue } = this.desk;
        const pending = tick >= 0 ? queue.pendingOf({ document, session }) : [];
        const mine = [...queue.done, ...queue.waiting];
        return {
            document: document ? withPending(document, pending) : null,
            session,
            place,
            start: this.shared.start,
            printer: this.settings.printer,
            pending,
            done: session ? mine.filter(({ data }) => data.session === session) : [],
        };
    }

    /** What was done in a session, the last first; what was taken back is gone from it. */
    get sessionRows() {
        const { done } = this.work;
        const back = new Set(done.filter(({ data }) => data.take).map(({ data }) => data.take));
        return done.filter(({ uid, action }) => action !== "undo" && !back.has(uid)).reverse();
    }
}
