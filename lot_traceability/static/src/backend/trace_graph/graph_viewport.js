import { onWillUnmount, useEffect } from "@odoo/owl";

const SMALLEST = 0.08;
const LARGEST = 2.5;
const CLICK_TOLERANCE = 4;
// The buttons at the right lie over the drawing.
const BUTTONS = 44;

/**
 * Pan and zoom of an SVG by wheel, drag and pinch. It writes the transform itself: a
 * rendering for each frame would be too slow for some hundred nodes.
 *
 * @param {{svg: Object, content: Object}} refs of the svg and of the group inside
 * @param {(scale: number) => void} onZoom
 */
export function useViewport(refs, onZoom) {
    const viewport = new Viewport(refs, onZoom);
    useEffect(
        (svg) => {
            if (!svg) {
                return;
            }
            const listeners = {
                wheel: (ev) => viewport.onWheel(ev),
                pointerdown: (ev) => viewport.onPointerDown(ev),
                pointermove: (ev) => viewport.onPointerMove(ev),
                pointerup: (ev) => viewport.onPointerUp(ev),
                pointercancel: (ev) => viewport.onPointerUp(ev),
            };
            for (const [name, listener] of Object.entries(listeners)) {
                svg.addEventListener(name, listener, { passive: false });
            }
            return () => {
                for (const [name, listener] of Object.entries(listeners)) {
                    svg.removeEventListener(name, listener);
                }
            };
        },
        () => [refs.svg.el],
    );
    onWillUnmount(() => viewport.pointers.clear());
    return viewport;
}

class Viewport {
    x = 0;
    y = 0;
    scale = 1;
    pointers = new Map();
    dragged = false;

    constructor(refs, onZoom) {
        this.refs = refs;
        this.onZoom = onZoom;
    }

    get box() {
        return this.refs.svg.el.getBoundingClientRect();
    }

    /** Whether the last press moved the drawing, so that it was no click. */
    get wasDragged() {
        return this.dragged;
    }

    apply() {
        this.refs.content.el?.setAttribute(
            "transform",
            `translate(${this.x.toFixed(1)} ${this.y.toFixed(1)}) scale(${this.scale.toFixed(4)})`,
        );
        this.onZoom(this.scale);
    }

    /** Show all of a drawing of this size, but never smaller than `least`. */
    fit(width, height, { least = SMALLEST, focus = null, margin = 20 } = {}) {
        const { width: boxWidth, height: outerHeight } = this.box;
        const outerWidth = boxWidth - BUTTONS;
        const whole = Math.min(
            (outerWidth - 2 * margin) / Math.max(width, 1),
            (outerHeight - 2 * margin) / Math.max(height, 1),
        );
        this.scale = Math.min(Math.max(whole, least), 1);
        const centre = (outer, size, at) =>
            size * this.scale <= outer - 2 * margin || !focus
                ? (outer - size * this.scale) / 2
                : clamp(outer / 2 - at * this.scale, outer - size * this.scale - margin, margin);
        this.x = centre(outerWidth, width, focus?.x || 0);
        this.y = centre(outerHeight, height, focus?.y || 0);
        this.apply();
    }

    zoom(factor, centre = null) {
        const box = this.box;
        const at = centre || { x: box.width / 2, y: box.height / 2 };
        const scale = clamp(this.scale * factor, SMALLEST, LARGEST);
        this.x = at.x - ((at.x - this.x) * scale) / this.scale;
        this.y = at.y - ((at.y - this.y) * scale) / this.scale;
        this.scale = scale;
        this.apply();
    }

    /** Move just enough that a node lies inside the frame. */
    reveal({ x, y, width, height }, margin = 24) {
        const box = this.box;
        const inside = (offset, start, size, outer) => {
            const [from, to] = [offset + start * this.scale, offset + (start + size) * this.scale];
            if (from < margin) {
                return offset + margin - from;
            }
            return to > outer - margin ? offset + outer - margin - to : offset;
        };
        this.x = inside(this.x, x, width, box.width);
        this.y = inside(this.y, y, height, box.height);
        this.apply();
    }

    onWheel(ev) {
        // The page scrolls under the pointer until the reader has chosen the graph.
        const chosen = this.refs.svg.el.contains(document.activeElement);
        if (!ev.ctrlKey && !ev.metaKey && !chosen) {
            return;
        }
        ev.preventDefault();
        const lines = ev.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
        this.zoom(Math.exp((-ev.deltaY * lines) / 500), this.pointIn(ev));
    }

    onPointerDown(ev) {
        if (ev.button) {
            return;
        }
        this.pointers.set(ev.pointerId, this.pointIn(ev));
        this.start = this.pointIn(ev);
        this.dragged = false;
    }

    onPointerMove(ev) {
        const before = this.pointers.get(ev.pointerId);
        if (!before) {
            return;
        }
        const now = this.pointIn(ev);
        if (!this.dragged && distance(now, this.start) < CLICK_TOLERANCE) {
            return;
        }
        if (!this.dragged) {
            this.dragged = true;
            this.refs.svg.el.setPointerCapture(ev.pointerId);
        }
        const other = [...this.pointers].find(([id]) => id !== ev.pointerId)?.[1];
        this.pointers.set(ev.pointerId, now);
        if (other) {
            const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
            this.x += (now.x - before.x) / 2;
            this.y += (now.y - before.y) / 2;
            this.zoom(distance(now, other) / Math.max(distance(before, other), 1), middle);
            return;
        }
        this.x += now.x - before.x;
        this.y += now.y - before.y;
        this.apply();
    }

    onPointerUp(ev) {
        this.pointers.delete(ev.pointerId);
    }

    pointIn(ev) {
        const box = this.box;
        return { x: ev.clientX - box.left, y: ev.clientY - box.top };
    }
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
