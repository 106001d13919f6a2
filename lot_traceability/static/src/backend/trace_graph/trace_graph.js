import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { lotStatus } from "../trace_format";
import { describeLink, describeNode, linkLabel, makeCutter, nodeLines } from "./graph_text";
import { useViewport } from "./graph_viewport";
import { layoutGraph } from "./trace_graph_layout";

const READABLE = 0.7;
const LABELS_FROM = 0.6;
// Of more links than this the quantities show from full size on, or for the chosen line.
const FEW_LINKS = 120;
const GLYPHS = {
    supplier: "\uf0d1",
    suppliers: "\uf0d1",
    customer: "\uf007",
    customers: "\uf0c0",
    stock: "\uf1b2",
};

/**
 * The genealogy as a drawing: generations from left to right, suppliers at one end,
 * customers at the other. Arrow keys move among the nodes, Enter opens one.
 */
export class TraceGraph extends Component {
    static template = "lot_traceability.TraceGraph";
    static props = {
        nodes: Array,
        links: Array,
        onOpen: Function,
    };

    setup() {
        this.svg = useRef("svg");
        this.content = useRef("content");
        this.state = useState({ current: this._firstKey(), large: false });
        this.graph = layoutGraph(this.props.nodes, this.props.links);
        this._prepare();
        this.viewport = useViewport({ svg: this.svg, content: this.content }, (scale) =>
            this.svg.el.classList.toggle(
                "o_lot_trace_labels",
                scale >= (this.graph.links.length > FEW_LINKS ? 1.05 : LABELS_FROM),
            ),
        );
        useEffect(
            () => this.centre(),
            () => [this.state.large],
        );
    }

    get height() {
        const wanted = Math.min(this.graph.height + 56, 2000);
        return this.state.large ? "75vh" : `clamp(200px, ${Math.ceil(wanted)}px, 56vh)`;
    }

    get summary() {
        const lots = this.props.nodes.filter((node) => ["lot", "group"].includes(node.kind));
        return _t(
            "Genealogy graph with %s lots. Arrow keys move, Enter opens. The tables below hold the same.",
            lots.reduce((sum, node) => sum + node.count, 0),
        );
    }

    /** Begin with what can be read, around the traced lot. */
    centre() {
        const origin = this.nodes.get(this._firstKey());
        this.viewport.fit(this.graph.width, this.graph.height, {
            least: READABLE,
            focus: origin && {
                x: origin.x + origin.width / 2,
                y: origin.y + origin.height / 2,
            },
        });
    }

    fitAll() {
        this.viewport.fit(this.graph.width, this.graph.height);
    }

    toggleLarge() {
        this.state.large = !this.state.large;
    }

    // ---- pointer -------------------------------------------------------------------

    onClick(ev) {
        const key = this._keyOf(ev);
        if (key && !this.viewport.wasDragged) {
            this.state.current = key;
            this.props.onOpen(this.nodes.get(key));
        }
    }

    onPointerOver(ev) {
        this._highlight(this._keyOf(ev));
    }

    onPointerLeave() {
        this._highlight(null);
    }

    // ---- keyboard ------------------------------------------------------------------

    onKeydown(ev) {
        const key = this._keyOf(ev);
        if (!key) {
            return;
        }
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.props.onOpen(this.nodes.get(key));
            return;
        }
        const next = this._neighbour(key, ev.key);
        if (next) {
            ev.preventDefault();
            this._focus(next);
        } else if (ev.key.startsWith("Arrow")) {
            ev.preventDefault();
        }
    }

    onFocusIn(ev) {
        const key = this._keyOf(ev);
        if (key) {
            this.state.current = key;
            this._highlight(key);
        }
    }

    onFocusOut() {
        this._highlight(null);
    }

    /** @returns {string|undefined} key of the node to which an arrow leads */
    _neighbour(key, arrow) {
        const node = this.nodes.get(key);
        const column = this.graph.columns[node.column];
        const index = column.indexOf(key);
        if (arrow === "ArrowUp" || arrow === "ArrowDown") {
            return column[index + (arrow === "ArrowUp" ? -1 : 1)];
        }
        if (arrow === "Home" || arrow === "End") {
            return arrow === "Home" ? column[0] : column.at(-1);
        }
        if (arrow !== "ArrowLeft" && arrow !== "ArrowRight") {
            return undefined;
        }
        const step = arrow === "ArrowLeft" ? -1 : 1;
        const linked = step < 0 ? this.sources.get(key) : this.targets.get(key);
        const near = linked?.length ? linked : this.graph.columns[node.column + step] || [];
        const gap = (other) => Math.abs(this.nodes.get(other).y - node.y);
        return [...near].sort((a, b) => gap(a) - gap(b))[0];
    }

    _focus(key) {
        this.state.current = key;
        this.viewport.reveal(this.nodes.get(key));
        this._element(key)?.focus({ preventScroll: true });
    }

    // ---- drawing -------------------------------------------------------------------

    _firstKey() {
        return (this.props.nodes.find((node) => node.origin) || this.props.nodes[0])?.key;
    }

    _prepare() {
        const cut = makeCutter();
        this.nodes = new Map();
        for (const node of this.graph.nodes) {
            const lines = nodeLines(node);
            const status = node.kind === "lot" ? lotStatus(node.lot) : null;
            const symbols = Number(Boolean(status)) + Number(node.compact && node.lot?.on_hand > 0);
            node.partner = /^(supplier|customer)/.test(node.kind);
            const room = node.partner
                ? node.width - 44
                : node.width - 28 - (node.kind === "group" ? 0 : 18) - 16 * (symbols - 1);
            node.lines = [
                cut(String(lines[0]), room, { bold: true, keepEnd: node.kind === "lot" }),
                node.compact ? "" : cut(String(lines[1]), node.width - 40),
            ];
            node.description = describeNode(node);
            node.status = status;
            node.glyph = GLYPHS[node.kind] || "";
            node.stock = node.lot && node.lot.on_hand > 0 ? GLYPHS.stock : "";
            this.nodes.set(node.key, node);
        }
        this.sources = new Map();
        this.targets = new Map();
        for (const link of this.graph.links) {
            link.text = linkLabel(link);
            link.description = describeLink(link);
            this.targets.set(link.source, [...(this.targets.get(link.source) || []), link.target]);
            this.sources.set(link.target, [...(this.sources.get(link.target) || []), link.source]);
        }
    }

    _keyOf(ev) {
        return ev.target.closest?.("[data-key]")?.dataset.key;
    }

    _element(key) {
        return this.svg.el.querySelector(`[data-key="${CSS.escape(key)}"]`);
    }

    /** Show one line of descent; all that it does not touch steps back. */
    _highlight(key) {
        const svg = this.svg.el;
        if (!svg || this.highlighted === key) {
            return;
        }
        this.highlighted = key;
        svg.classList.toggle("o_lot_trace_dimmed", Boolean(key));
        const family = key ? this._family(key) : new Set();
        for (const element of svg.querySelectorAll("[data-key]")) {
            element.classList.toggle("o_lot_trace_on", family.has(element.dataset.key));
        }
        for (const element of svg.querySelectorAll("[data-source]")) {
            const { source, target } = element.dataset;
            const on = family.has(source) && family.has(target);
            element.classList.toggle("o_lot_trace_on", on);
        }
    }

    _family(key) {
        const family = new Set([key]);
        for (const neighbours of [this.sources, this.targets]) {
            const seen = new Set([key]);
            const open = [key];
            while (open.length) {
                for (const next of neighbours.get(open.pop()) || []) {
                    if (!seen.has(next)) {
                        seen.add(next);
                        open.push(next);
                        family.add(next);
                    }
                }
            }
        }
        return family;
    }
}
