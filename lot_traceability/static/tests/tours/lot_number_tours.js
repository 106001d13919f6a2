import { registry } from "@web/core/registry";

const FIRST = ".modal div[name=next_serial] input";
const lotRow = (name) => ({
    content: `There is a line for ${name}`,
    trigger: `.modal .o_data_row:contains(${name})`,
});

registry.category("web_tour.tours").add("lot_number_dialog", {
    steps: () => [
        {
            content: "Open the detailed operations",
            trigger: "button[name=action_show_details]",
            run: "click",
        },
        {
            content: "Generate lots",
            trigger: ".modal .o_widget_generate_serials button",
            run: "click",
        },
        {
            content: "The scheme's next number stands there already",
            trigger: `${FIRST}:value(20260302-001)`,
        },
        {
            content: "Four to a lot",
            trigger: ".modal div[name=next_serial_count] input",
            run: "edit 4",
        },
        {
            content: "Generate",
            trigger: ".modal footer button:contains(Generate)",
            run: "click",
        },
        lotRow("20260302-001"),
        lotRow("20260302-002"),
        lotRow("20260302-003"),
        { content: "Save", trigger: ".modal footer .o_form_button_save", run: "click" },
        {
            content: "Validate",
            trigger: "body:not(:has(.modal)) button[name=button_validate]",
            run: "click",
        },
        { content: "It is done", trigger: ".o_arrow_button_current:contains(Done)" },
    ],
});
