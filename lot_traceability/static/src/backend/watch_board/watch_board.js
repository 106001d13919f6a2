import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { FigureTrend } from "./figure_trend";

const { DateTime } = luxon;

/** How it goes: each figure of a company, with its target and the last 90 days. */
export class WatchBoard extends Component {
    static template = "lot_traceability.WatchBoard";
    static components = { FigureTrend };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ board: null, measuring: false });
        onWillStart(() => this.load());
    }

    async load(companyId = this.state.board?.company.id || false) {
        this.state.board = await this.orm.call("lot.figure", "board", [companyId]);
    }

    get board() {
        return this.state.board;
    }

    get isEmpty() {
        return !this.board.measured_on;
    }

    get measuredOn() {
        const at = this.when(this.board.measured_on);
        return _t("Measured on %s", at);
    }

    /** An instant of the server ("…Z") in the user's zone. */
    moment(text) {
        return deserializeDateTime(text.replace("T", " ").slice(0, 19));
    }

    when(text) {
        return text ? formatDateTime(this.moment(text), { showSeconds: false }) : "";
    }

    /** Of which day a figure is. */
    dayText(figure) {
        if (!figure.day) {
            return this.isEmpty ? _t("Not measured yet") : _t("Nothing to measure so far");
        }
        const days = Math.round(
            DateTime.fromISO(this.board.today).diff(DateTime.fromISO(figure.day), "days").days,
        );
        if (days < 2) {
            return days ? _t("Yesterday") : _t("Today so far");
        }
        return formatDate(DateTime.fromISO(figure.day));
    }

    async measure() {
        this.state.measuring = true;
        try {
            const { id } = this.board.company;
            await this.orm.call("lot.figure", "measure", [], {
                context: { allowed_company_ids: [id] },
            });
            await this.load();
        } finally {
            this.state.measuring = false;
        }
    }

    /** The figure by day, in Odoo's own graph and pivot. */
    open(figure) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: figure.name,
            res_model: "lot.figure",
            domain: [
                ["kind_id", "=", figure.id],
                ["company_id", "=", this.board.company.id],
            ],
            // A day without a figure is not a day with zero.
            context: { fill_temporal: 0 },
            views: [
                [false, "graph"],
                [false, "pivot"],
                [false, "list"],
            ],
        });
    }

    openDevices() {
        return this.action.doAction("lot_traceability.lot_scan_device_action", {
            additionalContext: { search_default_stale: 1 },
        });
    }

    openFeedback() {
        return this.action.doAction("lot_traceability.lot_feedback_action", {
            additionalContext: { search_default_new: 1 },
        });
    }
}

registry.category("actions").add("lot_traceability.watch", WatchBoard);
