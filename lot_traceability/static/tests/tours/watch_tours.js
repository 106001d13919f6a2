import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lot_watch_board", {
    steps: () => [
        {
            content: "Nothing was measured on the first day: measure now",
            trigger: ".o_lot_watch_empty .o_lot_watch_measure",
            run: "click",
        },
        {
            content: "A share has its target, and says in a word that it is met",
            trigger: "[data-figure=typed][data-state=good]:contains(On target):contains(25 %)",
        },
        {
            content: "A handheld that does not send is named",
            trigger: ".o_lot_watch_devices:contains(Dock 7):contains(waiting: 3)",
        },
        {
            content: "What was not there to be measured is said to be so",
            trigger: "[data-figure=trace_p95]:contains(Nothing to measure so far)",
        },
        {
            content: "A figure opens its days",
            trigger: "[data-figure=typed]",
            run: "click",
        },
        { content: "They are a graph", trigger: ".o_graph_renderer canvas" },
        {
            content: "Open the menu of one's name",
            trigger: ".o_user_menu button",
            run: "click",
        },
        {
            content: "Say something about this screen",
            trigger: ".o-dropdown-item:contains(Tell us about this screen)",
            run: "click",
        },
        {
            content: "It is a wish",
            trigger: ".o_lot_feedback label:contains(A wish)",
            run: "click",
        },
        {
            content: "In a few words",
            trigger: "#o_lot_feedback_text",
            run: "edit Show me two figures at once",
        },
        { content: "Send it", trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "It was taken", trigger: ".o_notification:contains(Thank you)" },
        { content: "The dialog is gone", trigger: "body:not(:has(.o_lot_feedback))" },
    ],
});

registry.category("web_tour.tours").add("lot_watch_phone", {
    steps: () => [
        {
            content: "Measure now",
            trigger: ".o_lot_watch_empty .o_lot_watch_measure",
            run: "click",
        },
        {
            content: "Nothing is wider than the phone",
            trigger: "[data-figure=typed]",
            run() {
                const wide = [...document.querySelectorAll(".o_lot_watch *")].filter(
                    (one) => one.getBoundingClientRect().right > window.innerWidth + 1,
                );
                if (wide.length) {
                    throw new Error(`wider than the screen: ${wide[0].className}`);
                }
            },
        },
    ],
});
