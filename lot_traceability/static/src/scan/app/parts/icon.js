import { Component, xml } from "@odoo/owl";

// Drawn for this app, on a field of 24 × 24, in strokes.
const SHAPES = {
    back: "M15 5l-7 7 7 7",
    box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
    camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 17a3.5 3.5 0 100-7 3.5 3.5 0 000 7z",
    check: "M5 13l4.5 4.5L19 7",
    clock: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3.5 2",
    close: "M6 6l12 12M18 6L6 18",
    cloud: "M7 18h10a4 4 0 00.6-7.95A6 6 0 006 9.5 4.3 4.3 0 007 18z",
    cloud_off: "M7 18h10a4 4 0 001.8-.4M18.4 10.2A6 6 0 009 7M6 9.6A4.3 4.3 0 007 18M4 4l16 16",
    count: "M5 4h14v16H5zM8.5 9l1.2 1.2L12 8M14.5 9.2H16M8.5 15l1.2 1.2L12 14M14.5 15.2H16",
    erase: "M9 6h11v12H9l-5-6zM12 10l4 4M16 10l-4 4",
    gear: "M12 15.2a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2",
    hold: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v6M12 16.4v.2",
    keyboard: "M3 6h18v12H3zM7 10h.1M11 10h.1M15 10h.1M18 10h.1M8 14h8",
    label: "M4 5h8l8 7-8 7H4zM8 12h.1",
    look: "M11 18a7 7 0 100-14 7 7 0 000 14zM16.2 16.2L21 21",
    minus: "M5 12h14",
    move: "M4 12h15M13 6l6 6-6 6",
    pen: "M4 20l1-4.5L16 4.5l3.5 3.5-11 11zM13.5 7l3.5 3.5",
    person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20.5a7.5 7.5 0 0115 0",
    pick: "M4 20h16M7 20V9h10v11M12 3v9M9 9.5l3 3 3-3",
    place: "M12 21s7-6.2 7-11a7 7 0 10-14 0c0 4.8 7 11 7 11zM12 12.3a2.3 2.3 0 100-4.6 2.3 2.3 0 000 4.6z",
    plus: "M12 5v14M5 12h14",
    printer: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    produce: "M4 20V10l5 3.5V10l5 3.5V5h3l1 15zM4 20h16",
    receive: "M12 3v11M7.5 9.5L12 14l4.5-4.5M4 14v6h16v-6",
    reload: "M19 12a7 7 0 11-2.2-5.1M19 4v4h-4",
    return: "M9 5L4 10l5 5M4 10h10a5.5 5.5 0 010 11h-3",
    scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
    scrap: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
    trace: "M5 5h4v4H5zM5 15h4v4H5zM15 10h4v4h-4zM9 7c4 0 2 5 6 5M9 17c4 0 2-5 6-5",
    warn: "M12 4l9 16H3zM12 10v4.5M12 17.3v.2",
};

export class Icon extends Component {
    static template = xml`
        <svg class="o_scan_icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path t-att-d="shape"/>
        </svg>`;
    static props = { name: String };

    get shape() {
        return SHAPES[this.props.name] || SHAPES.box;
    }
}
