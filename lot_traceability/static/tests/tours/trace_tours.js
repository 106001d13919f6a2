import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const BOX = ".o_lot_trace_home .o_lot_trace_input";
const PAGE = ".o_lot_trace_page";

const titled = (name) => ({
    content: `The trace of ${name} is shown`,
    trigger: `.o_breadcrumb:contains(Trace of ${name}), .o_navbar_breadcrumbs:contains(Trace of ${name})`,
});
const figure = (name, value) => ({
    content: `The figure "${name}" is ${value}`,
    trigger: `[data-figure=${name}] .o_lot_trace_value:contains(/^${value}$/)`,
});
const search = (text) => [
    { content: `Type ${text}`, trigger: `${BOX}:focus`, run: `edit ${text}` },
    { content: "Search", trigger: BOX, run: "press Enter" },
];

tours.add("lot_trace_supplier_lot", {
    steps: () => [
        ...search("no such lot"),
        {
            content: "Nothing found is said",
            trigger: ".o_lot_trace_message .alert:contains(no such lot)",
        },
        ...search("DAIRY-55-A"),
        titled("MILK-7701"),
        figure("customers", "2"),
        figure("delivered", "12 kg"),
        figure("affected", "3"),
        { content: "All is recorded", trigger: ".o_lot_trace_complete" },
        { content: "Supplier drawn", trigger: "[data-key^='supplier:']:contains(Dairy)" },
        { content: "Customer drawn", trigger: "[data-key^='customer:']:contains(Café)" },
        {
            content: "Look at the customers",
            trigger: "[role=tab][data-table=customers]:contains(2)",
            run: "click",
        },
        {
            content: "What came back is taken off",
            trigger: "tr:contains(Café) td[data-column=net]:contains(6 kg)",
        },
        {
            content: "Trace a cheese from the graph",
            trigger: "[data-key^='lot:']:contains(CHS-1002)",
            run: "click",
        },
        titled("CHS-1002"),
        figure("customers", "1"),
        figure("upstream", "1"),
        { content: "Only upstream", trigger: "[data-direction=upstream]", run: "click" },
        {
            content: "No customers in an upstream trace",
            trigger: `${PAGE}:not(:has([data-figure=customers]))`,
        },
        {
            content: "Back in the browser",
            trigger: "[data-figure=suppliers]",
            run: () => history.back(),
        },
        figure("customers", "1"),
        { content: "And once more", trigger: PAGE, run: () => history.back() },
        titled("MILK-7701"),
    ],
});

tours.add("lot_trace_row", {
    steps: () => [
        titled("MILK-7701"),
        {
            content: "Open a row's document",
            trigger: "tbody td[data-column=product]:contains(Soft cheese)",
            run: "click",
        },
        { content: "The lot's form", trigger: ".o_form_view .o_field_widget[name=product_id]" },
    ],
});

tours.add("lot_trace_scan", {
    steps: () => [
        {
            content: "Take the focus away from the box and scan a lot",
            trigger: BOX,
            run: () => {
                document.activeElement.blur();
                for (const key of [..."CHS-1001", "Enter"]) {
                    document.body.dispatchEvent(
                        new KeyboardEvent("keydown", { key, bubbles: true }),
                    );
                }
            },
        },
        titled("CHS-1001"),
        figure("customers", "2"),
        {
            content: "A part of the name asks which one",
            trigger: ".o_control_panel .o_lot_trace_input",
            run: "edit CHS-100 && press Enter",
        },
        {
            content: "Take the second with the keyboard",
            trigger: ".o_control_panel .o_lot_trace_option:nth-child(2)",
            run: () => {
                const box = document.querySelector(".o_control_panel .o_lot_trace_input");
                const wanted = [...document.querySelectorAll(".o_lot_trace_option")].findIndex(
                    (one) => one.textContent.includes("CHS-1002"),
                );
                const keys = [...Array(wanted).fill("ArrowDown"), "Enter"];
                for (const key of keys) {
                    box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                }
            },
        },
        titled("CHS-1002"),
    ],
});

tours.add("lot_trace_link", {
    steps: () => [
        titled("CHS-1001"),
        {
            content: "The direction of the link is kept",
            trigger: "[data-direction=upstream][aria-pressed=true]",
        },
        figure("upstream", "1"),
        {
            content: "The timeline tells the receipt",
            trigger: "[role=tab][data-table=timeline]",
            run: "click",
        },
        { content: "Receipt", trigger: "td[data-column=kind]:contains(Receipt)" },
    ],
});

tours.add("lot_trace_unknown", {
    steps: () => [
        { content: "One sentence says why", trigger: ".o_lot_trace_error p:not(:empty)" },
        { content: "And the search is near", trigger: ".o_lot_trace_error button", run: "click" },
        { content: "Search", trigger: `${BOX}:focus` },
    ],
});

tours.add("lot_trace_from_form", {
    steps: () => [
        {
            content: "Trace from the lot's form",
            trigger: ".o_form_view button[name=action_trace]",
            run: "click",
        },
        titled("CHS-1001"),
        { content: "Go back by the breadcrumb", trigger: ".breadcrumb-item a", run: "click" },
        { content: "The form again", trigger: ".o_form_view .o_field_widget[name=product_id]" },
    ],
});

const noSideways = {
    content: "Nothing is wider than the screen",
    trigger: ".o_lot_trace",
    run: () => {
        const root = document.documentElement;
        const content = document.querySelector(".o_lot_trace .o_content");
        for (const element of [root, content]) {
            if (element.scrollWidth > element.clientWidth) {
                throw new Error(`Wider than the screen: ${element.className || "page"}`);
            }
        }
    },
};

tours.add("lot_trace_phone", {
    steps: () => [
        noSideways,
        ...search("MILK-7701"),
        figure("customers", "2"),
        noSideways,
        {
            content: "Deliveries as cards",
            trigger: "[role=tab][data-table=deliveries]",
            run: "click",
        },
        { content: "A delivery", trigger: "td[data-column=partner]:contains(Shop)" },
        noSideways,
    ],
});
