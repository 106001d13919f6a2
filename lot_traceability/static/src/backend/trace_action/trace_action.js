import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { explainError } from "../trace_format";
import { PresetOffer } from "../preset_offer/preset_offer";
import { TraceGraph } from "../trace_graph/trace_graph";
import { nodeLines } from "../trace_graph/graph_text";
import { recentTraces, rememberTrace } from "../trace_recent";
import { TraceSearch } from "../trace_search/trace_search";
import { TraceTables } from "../trace_tables/trace_tables";
import { TraceSummary } from "./trace_summary";

const NODE_LIMIT = 300;
// Servers in front of Odoo refuse longer addresses.
const LONGEST_ADDRESS = 2000;
const DIRECTIONS = ["upstream", "both", "downstream"];

/** @returns {number[]} ids from an action's params or from the address ("12,13") */
export function readLotIds(params = {}, context = {}) {
    const given =
        params.lot_ids ?? (context.active_model === "stock.lot" ? context.active_ids : []);
    const list = Array.isArray(given) ? given : String(given || "").split(",");
    return [...new Set(list.map(Number).filter((id) => Number.isInteger(id) && id > 0))];
}

/**
 * The app's first page (a search box) and, once a lot is chosen, its trace. Which lots
 * and which direction stands in the address, so that back, reload and a shared link work.
 */
export class TraceAction extends Component {
    static template = "lot_traceability.TraceAction";
    static components = {
        Dropdown,
        DropdownItem,
        Layout,
        PresetOffer,
        TraceGraph,
        TraceSearch,
        TraceSummary,
        TraceTables,
    };
    static props = { ...standardActionServiceProps };
    static path = "traceability";
    static displayName = _t("Traceability");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        const { params, context } = this.props.action;
        const direction = this.props.state?.direction || params?.direction;
        this.state = useState({
            lotIds: this.props.state?.lotIds || readLotIds(params, context),
            direction: DIRECTIONS.includes(direction) ? direction : "both",
            tab: this.props.state?.tab || "lots",
            group: null,
            data: null,
            loads: 0,
            busy: false,
            error: null,
            recent: recentTraces(),
        });
        useSetupAction({
            getLocalState: () => ({
                lotIds: this.state.lotIds,
                direction: this.state.direction,
                tab: this.state.tab,
            }),
        });
        this._publish();
        onWillStart(async () => {
            this.mayHold = await user.hasGroup("lot_traceability.group_operator");
            // The page comes at once and says that it is loading.
            if (this.state.lotIds.length) {
                this.load();
            }
        });
    }

    get directions() {
        return [
            { name: "upstream", label: _t("Upstream"), icon: "fa-long-arrow-left" },
            { name: "both", label: _t("Both"), icon: "fa-arrows-h" },
            { name: "downstream", label: _t("Downstream"), icon: "fa-long-arrow-right" },
        ];
    }

    /** The traced lots that came with the answer. */
    get origins() {
        return (this.state.data?.nodes || []).filter((node) => node.origin);
    }

    exportUrl(format) {
        const query = new URLSearchParams({
            lot_ids: this.state.lotIds.join(),
            direction: this.state.direction,
        });
        return `/lot_traceability/export/${format}?${query}`;
    }

    /** Thousands of lots do not fit into an address: they go as a form. */
    onExport(ev, format) {
        if (this.exportUrl(format).length <= LONGEST_ADDRESS) {
            return;
        }
        ev.preventDefault();
        const form = Object.assign(document.createElement("form"), {
            method: "post",
            action: `/lot_traceability/export/${format}`,
            target: "_blank",
        });
        const values = {
            lot_ids: this.state.lotIds.join(),
            direction: this.state.direction,
            csrf_token: odoo.csrf_token,
        };
        for (const [name, value] of Object.entries(values)) {
            form.append(Object.assign(document.createElement("input"), { name, value }));
        }
        form.hidden = true;
        document.body.append(form);
        form.submit();
        form.remove();
    }

    /** Put the traced lots, and what was made of them, on hold: asks for the reason. */
    hold() {
        return this.action.doAction("lot_traceability.lot_status_wizard_action", {
            additionalContext: {
                active_model: "stock.lot",
                active_ids: this.state.lotIds,
                active_id: this.state.lotIds[0],
                default_with_downstream: this.state.direction !== "upstream",
            },
            onClose: () => this.load(),
        });
    }

    /** Trace other lots on the same page. */
    trace({ lotIds, label = "", detail = "" }) {
        if (lotIds.join() === this.state.lotIds.join() && this.state.data) {
            return;
        }
        if (label) {
            rememberTrace({ lotIds, label, detail });
        }
        Object.assign(this.state, { lotIds, group: null, error: null });
        this._publish();
        this._toTop();
        return this.load();
    }

    traceLot(lot) {
        return this.trace({ lotIds: [lot.id], label: lot.name, detail: lot.product });
    }

    setDirection(direction) {
        if (direction !== this.state.direction) {
            Object.assign(this.state, { direction, group: null });
            this._publish();
            return this.load();
        }
    }

    /** A node of the graph was chosen. */
    openNode(node) {
        if (node.kind === "lot") {
            return this.traceLot(node.lot);
        }
        if (node.kind === "group") {
            const label = nodeLines(node).join(", ");
            Object.assign(this.state, { tab: "lots", group: { filters: node.filters, label } });
        } else if (node.partner_id) {
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "res.partner",
                res_id: node.partner_id,
                views: [[false, "form"]],
            });
        } else {
            const tab = node.kind.startsWith("supplier") ? "receipts" : "customers";
            Object.assign(this.state, { tab, group: null });
        }
        document.getElementById("o_lot_trace_panel")?.scrollIntoView({ block: "center" });
    }

    setTab(tab) {
        this.state.tab = tab;
    }

    closeGroup() {
        this.state.group = null;
    }

    backToSearch() {
        Object.assign(this.state, {
            lotIds: [],
            data: null,
            error: null,
            group: null,
            recent: recentTraces(),
        });
        this._publish();
    }

    async load() {
        const { lotIds, direction } = this.state;
        Object.assign(this.state, { busy: true, error: null });
        try {
            const data = await this.keepLast.add(
                this.orm.silent.call("lot.trace", "overview", [lotIds], {
                    direction,
                    limit: NODE_LIMIT,
                }),
            );
            Object.assign(this.state, { data, busy: false, loads: this.state.loads + 1 });
            this._setTitle();
        } catch (error) {
            Object.assign(this.state, { busy: false, data: null });
            this.state.error = explainError(error);
        }
    }

    /** Lots and direction into the address. */
    _publish() {
        const { lotIds, direction } = this.state;
        this.props.updateActionState?.({
            lot_ids: lotIds.length ? lotIds.join() : undefined,
            direction: lotIds.length && direction !== "both" ? direction : undefined,
        });
        if (!lotIds.length) {
            this.env.config.setDisplayName?.(_t("Traceability").toString());
        }
    }

    /** Another lot is another page, which is read from its top. */
    _toTop() {
        const root = this.root.el;
        for (const element of [root, root?.querySelector(".o_content")]) {
            element?.scrollTo({ top: 0 });
        }
    }

    _setTitle() {
        const origins = this.origins;
        const [first] = origins;
        const single = origins.length === 1 && first.kind === "lot";
        const label = single ? first.label : _t("%s lots", this.state.data.origin.length);
        this.env.config.setDisplayName?.(_t("Trace of %s", label).toString());
        if (single) {
            rememberTrace({ lotIds: [first.lot.id], label: first.label, detail: first.product });
        }
    }
}

registry.category("actions").add("lot_traceability.trace", TraceAction);
