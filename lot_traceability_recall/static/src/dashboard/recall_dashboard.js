import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const REFRESH = 20000;

/** How an open recall stands: for a screen on the wall that nobody touches, and for a phone. */
export class RecallDashboard extends Component {
    static template = "lot_traceability_recall.RecallDashboard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ boards: [], board: null, failed: false, passed: 0, ready: false });
        this.chosen = this.props.action.params?.recall_id || false;
        onWillStart(() => this.load());
        const refresh = setInterval(() => this.load(), REFRESH);
        const tick = setInterval(() => {
            this.state.passed = Math.floor((Date.now() - this.read) / 60000);
        }, 5000);
        onWillUnmount(() => {
            clearInterval(refresh);
            clearInterval(tick);
        });
    }

    async load() {
        try {
            const boards = await this.orm.silent.call("lot.recall", "boards", []);
            const id = this.chosen || boards[0]?.id;
            const board = id ? await this.orm.silent.call("lot.recall", "board", [id]) : null;
            Object.assign(this.state, { boards, board, failed: false, passed: 0, ready: true });
            this.read = Date.now();
        } catch {
            // What was read last stays, marked as old: a wall screen comes back by itself.
            Object.assign(this.state, { failed: true, ready: true });
        }
    }

    choose(id) {
        this.chosen = id;
        return this.load();
    }

    get clock() {
        const { minutes, state } = this.state.board;
        const all = minutes + (state === "closed" || state === "cancelled" ? 0 : this.state.passed);
        const days = Math.floor(all / 1440);
        const hours = Math.floor((all % 1440) / 60);
        const clock = `${hours}:${String(all % 60).padStart(2, "0")}`;
        return days ? _t("%(days)s d %(clock)s h", { days, clock }) : _t("%s h", clock);
    }

    get tiles() {
        const board = this.state.board;
        return [
            this.tile("told", _t("Told"), board.told_percent, board.told, board.consignees),
            this.tile(
                "answered",
                _t("Answered"),
                board.answered_percent,
                board.answered,
                board.consignees,
            ),
            this.tile("recovered", _t("Recovered"), board.recovered_percent),
            this.tile("accounted", _t("Accounted for"), board.accounted_percent),
        ];
    }

    tile(code, label, share, part, whole) {
        const measured =
            code === "told" || code === "answered" ? whole > 0 : this.state.board.reconciled;
        return {
            code,
            label,
            share: measured ? share : 0,
            text: measured ? `${Math.floor(share)} %` : "–",
            below:
                whole === undefined
                    ? measured
                        ? ""
                        : _t("not reconciled yet")
                    : _t("%(part)s of %(whole)s", { part, whole }),
        };
    }

    get money() {
        const { cost, currency } = this.state.board;
        return `${currency} ${Math.round(cost).toLocaleString()}`;
    }

    after(minutes) {
        if (minutes < 60) {
            return _t("%s min", minutes);
        }
        const hours = Math.floor(minutes / 60);
        return hours < 48 ? _t("%s h", hours) : _t("%s d", Math.floor(hours / 24));
    }

    shareText(part, whole) {
        return `(${whole ? Math.floor((part / whole) * 100) : 0} %)`;
    }

    openRecall() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "lot.recall",
            res_id: this.state.board.id,
            views: [[false, "form"]],
        });
    }

    openConsignee(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "lot.recall.consignee",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("lot_recall_dashboard", RecallDashboard);
