import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { NoLinkError } from "../../queue/queue.js";
import { showTime } from "../../work/amount.js";
import { flowOf } from "../../work/flow.js";
import { useDesk, useScanner } from "../use_desk.js";
import { Icon } from "../parts/icon.js";

// Documents that are fetched beforehand, for who walks where there is no link.
const AHEAD = 8;

/** The open documents of a flow: one is chosen, or scanned. */
export class DocumentsScreen extends Component {
    static template = "lot_traceability.ScanDocumentsScreen";
    static components = { Icon };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.flow = flowOf(state.route.flow);
        this.state = useState({ documents: null, keptAt: null, problem: "", query: "" });
        onWillStart(() => this.begin());
        useScanner({ onScan: (scan) => this.find(scan) });
        this.showTime = showTime;
    }

    async begin() {
        const kept = await this.desk.kept.kept("documents", this.args(""));
        if (kept) {
            Object.assign(this.state, { documents: kept.value, keptAt: kept.at });
        }
        if (this.desk.afterwards) {
            this.shared.message = this.desk.afterwards;
            this.desk.afterwards = null;
        } else {
            this.desk.hush();
        }
        this.desk.job(this.load());
    }

    args(query) {
        return [this.flow.code, query];
    }

    get label() {
        return this.shared.start.flows.find(({ code }) => code === this.flow.code)?.label || "";
    }

    async load() {
        this.state.problem = "";
        try {
            const documents = await this.desk.kept.ask("documents", this.args(""));
            Object.assign(this.state, { documents, keptAt: null });
            this.desk.job(this.ahead(documents.slice(0, AHEAD)));
        } catch (error) {
            if (!this.state.documents) {
                this.state.problem = this.desk.explain(error);
            }
        }
    }

    async ahead(documents) {
        for (const { model, id } of documents) {
            try {
                await this.desk.kept.ask("document", [this.flow.code, model, id]);
            } catch {
                // The one that is opened says what is wrong.
                return;
            }
        }
    }

    get shown() {
        const query = this.state.query.trim().toLowerCase();
        return (this.state.documents || []).filter((document) =>
            `${document.name} ${document.partner} ${document.detail}`.toLowerCase().includes(query),
        );
    }

    /** A scanned or typed code that stands for one document opens it. */
    async find(scan) {
        let found;
        try {
            found = await this.desk.kept.ask("documents", this.args(scan.text));
        } catch (error) {
            if (!(error instanceof NoLinkError)) {
                throw error;
            }
            const text = scan.code.text.toLowerCase();
            found = (this.state.documents || []).filter(({ name }) => name.toLowerCase() === text);
        }
        if (found.length === 1) {
            this.desk.feedback.give("read");
            this.open(found[0]);
        } else if (found.length) {
            this.desk.feedback.give("read");
            this.state.documents = found;
        } else {
            this.missed = scan;
            this.desk.say("bad", this.sentence);
        }
    }

    /** What to do with a code that no document has. */
    get sentence() {
        return this.flow.blind
            ? _t(
                  "Nothing open has this code. Choose from the list, or press “%s” to go on with it.",
                  this.flow.blindLabel(),
              )
            : _t("Nothing open has this code. Choose from the list.");
    }

    open(document) {
        this.desk.go("work", this.flow.code, document);
    }

    blind() {
        this.desk.pending = this.missed || null;
        this.desk.go("work", this.flow.code, null, true);
    }
}
