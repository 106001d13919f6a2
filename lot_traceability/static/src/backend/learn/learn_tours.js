import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { discard, entry, menu, openLot } from "./learn_steps";

const tours = registry.category("web_tour.tours");
const PAGE = ".o_lot_trace_page";

const askForStatus = (content) => [
    {
        trigger: ".o_form_view button[name=action_set_status]",
        content,
        tooltipPosition: "bottom",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=reason] input",
        content: _t("A status wants a reason: say it in a few words."),
        tooltipPosition: "bottom",
        run: "edit Practice",
    },
    discard(_t("“Set status” acts at once, in all open documents. This time: discard.")),
];

tours.add("lot_learn_trace", {
    steps: () => [
        ...openLot(),
        {
            trigger: ".o_form_view .oe_stat_button[name=action_trace]:first",
            content: _t("Press this to see where the lot comes from and where it went."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: `${PAGE} [data-direction=upstream]`,
            content: _t("Upstream: what went into it, and from which suppliers."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: `${PAGE} [data-direction=downstream]`,
            content: _t("Downstream: what was made of it, and which customers have it."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: `${PAGE} [role=tab]:first`,
            content: _t("The same as tables. XLSX and PDF above write it to a file."),
            tooltipPosition: "top",
            run: "click",
        },
    ],
});

tours.add("lot_learn_operator", {
    steps: () => [
        ...openLot(),
        ...askForStatus(_t("Is anything wrong with it? Put it on hold here.")),
        menu(
            "lot_traceability.menu_scan",
            _t("The Scan App in this menu does the same on a phone or handheld, and much more."),
        ),
    ],
});

tours.add("lot_learn_quality", {
    steps: () => [
        menu("lot_traceability.menu_quality", _t("What quality decides is in this menu.")),
        entry("lot_traceability.menu_held_lots", _t("Lots that may not go, and why.")),
        ...openLot(),
        ...askForStatus(_t("Release, quarantine, hold or reject it here.")),
        menu("lot_traceability.menu_expiry", _t("What expires, and was FEFO followed?")),
        entry("lot_traceability.menu_expiry_board", _t("What expires when, and what to do.")),
    ],
});

tours.add("lot_learn_audit", {
    steps: () => [
        menu("lot_traceability.menu_audit", _t("All evidence is in this menu.")),
        entry("lot_traceability.menu_audit_log", _t("Whatever happened to a lot, entry by entry.")),
        menu("lot_traceability.menu_audit", _t("Entries are sealed in blocks, each minute.")),
        entry(
            "lot_traceability.menu_audit_blocks",
            _t("A changed entry no longer fits its block."),
        ),
        menu("lot_traceability.menu_audit", _t("What an authority asks for is exported.")),
        entry("lot_traceability.menu_audit_export", _t("With the program that verifies it.")),
        discard(_t("Choose lots and days here, then export. This time: discard.")),
    ],
});

tours.add("lot_learn_administrator", {
    steps: () => [
        menu("lot_traceability.menu_configuration", _t("What the firm decides is in this menu.")),
        entry("lot_traceability.menu_statuses", _t("Statuses, and what a lot may do in each.")),
        menu("lot_traceability.menu_configuration", _t("How long must goods last on delivery?")),
        entry("lot_traceability.menu_shelf_life", _t("Days or a share, by product and customer.")),
        menu("lot_traceability.menu_configuration", _t("Label designs and printers are here too.")),
    ],
});
