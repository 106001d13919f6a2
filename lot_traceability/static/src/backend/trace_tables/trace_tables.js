import { Component, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { explainError } from "../trace_format";
import { TABLES } from "./trace_columns";

const PAGE = 80;

/** The tables of a trace under tabs; each row opens its record, the rest comes by page. */
export class TraceTables extends Component {
    static template = "lot_traceability.TraceTables";
    static props = {
        lotIds: Array,
        direction: String,
        tables: Object,
        tab: String,
        onTab: Function,
        onTrace: Function,
        /** A group of the graph to list alone: {filters, label} */
        group: { type: [Object, { value: null }], optional: true },
        onGroupClosed: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tabs = useRef("tabs");
        this.keepLast = new KeepLast();
        // Pages by table: those of the overview, and what was loaded since.
        this.state = useState({ pages: { ...this.props.tables }, busy: false, error: null });
        onWillUpdateProps((next) => this._follow(next));
        if (this.props.group) {
            this._load(this.props, this.props.tab, 0);
        }
    }

    get tables() {
        return TABLES.map((table) => ({
            ...table,
            total: this.props.tables[table.name]?.total || 0,
            active: table.name === this.props.tab,
        }));
    }

    get table() {
        return TABLES.find((table) => table.name === this.props.tab) || TABLES[0];
    }

    get page() {
        return this.state.pages[this.table.name] || { rows: [], total: 0, sums: [] };
    }

    get columns() {
        // A column that says nothing in any row only takes room.
        return this.table.columns.filter(
            (column) =>
                !column.badges ||
                column.text ||
                this.page.rows.some((row) => column.badges(row).length),
        );
    }

    cellClass(column, row) {
        const said = column.text?.(row) || column.badges?.(row).length;
        return {
            "text-end": column.number,
            "text-nowrap": column.number || column.fixed,
            o_lot_trace_blank: !said,
        };
    }

    get hasSums() {
        return this.page.sums?.length > 0 && this.columns.some((column) => column.sum);
    }

    rowKey(row, index) {
        return `${this.table.name}_${index}`;
    }

    href(target) {
        return target ? `/odoo/${target.model}/${target.id}` : undefined;
    }

    open(target) {
        if (target) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: target.model,
                res_id: target.id,
                views: [[false, "form"]],
            });
        }
    }

    onRowClick(ev, row) {
        const selecting = window.getSelection().toString();
        if (!selecting && !ev.target.closest("a, button")) {
            this.open(this.table.of(row));
        }
    }

    onLinkClick(ev, target) {
        // A new tab or window is the browser's business.
        if (!ev.ctrlKey && !ev.metaKey && !ev.shiftKey) {
            ev.preventDefault();
            ev.stopPropagation();
            this.open(target);
        }
    }

    onTabKeydown(ev) {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const index = TABLES.indexOf(this.table) + step;
        const next = TABLES[(index + TABLES.length) % TABLES.length];
        this.props.onTab(next.name);
        this.tabs.el.querySelector(`[data-table="${next.name}"]`).focus();
    }

    more() {
        return this._load(this.props, this.table.name, this.page.rows.length);
    }

    retry() {
        return this._load(this.props, this.table.name, this.state.error.offset);
    }

    _follow(next) {
        const other = next.tables !== this.props.tables || next.group !== this.props.group;
        if (other) {
            this.state.pages = next.group ? {} : { ...next.tables };
            this.state.error = null;
        }
        if (next.group && !this.state.pages[next.tab]) {
            this._load(next, next.tab, 0);
        }
    }

    async _load(props, table, offset) {
        const { lotIds, direction, group } = props;
        Object.assign(this.state, { busy: true, error: null });
        try {
            const page = await this.keepLast.add(
                this.orm.silent.call("lot.trace", "rows", [lotIds, direction, table], {
                    offset,
                    limit: PAGE,
                    filters: group?.filters || {},
                }),
            );
            const before = offset ? this.state.pages[table].rows : [];
            this.state.pages[table] = { ...page, rows: [...before, ...page.rows] };
            this.state.busy = false;
        } catch (error) {
            this.state.busy = false;
            this.state.error = { ...explainError(error), offset };
        }
    }
}
