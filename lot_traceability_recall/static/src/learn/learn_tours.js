import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { discard, entry, menu, openLot } from "@lot_traceability/backend/learn/learn_steps";

registry.category("web_tour.tours").add("lot_learn_recall", {
    steps: () => [
        menu("lot_traceability_recall.menu_recall", _t("Recalls and drills are in this menu.")),
        entry("lot_traceability_recall.menu_board", _t("How an open recall stands, for the wall.")),
        menu("lot_traceability_recall.menu_recall", _t("Recalls, open and closed.")),
        entry("lot_traceability_recall.menu_recalls", _t("Each leads from step to step.")),
        ...openLot(),
        {
            trigger: ".o_form_view .oe_stat_button[name=action_trace]:first",
            content: _t("A recall begins with a trace."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_lot_trace_page button[name=recall]",
            content: _t("All lots of the trace go into the recall as suspected."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=title] input",
            content: _t("Say what is wrong. Nothing is stopped and nobody is told yet."),
            tooltipPosition: "bottom",
            run: "edit Practice",
        },
        discard(_t("Then start it. This time: discard.")),
    ],
});
