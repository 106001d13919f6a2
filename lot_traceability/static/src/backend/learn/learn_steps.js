import { _t } from "@web/core/l10n/translation";

/** Press an entry of the menu. */
export const menu = (xmlid, content) => ({
    trigger: `.o_menu_sections [data-menu-xmlid='${xmlid}']`,
    content,
    tooltipPosition: "bottom",
    run: "click",
});

/** Press an entry of a menu that is open. */
export const entry = (xmlid, content) => ({
    trigger: `.o-dropdown--menu [data-menu-xmlid='${xmlid}']`,
    content,
    tooltipPosition: "right",
    run: "click",
});

/** Open the first lot of all. */
export const openLot = () => [
    menu("lot_traceability.menu_lots", _t("All lots are here.")),
    {
        trigger: ".o_list_view .o_data_row:first .o_data_cell[name=name]",
        content: _t("Open one."),
        tooltipPosition: "bottom",
        run: "click",
    },
];

/** Leave a dialog without doing anything. */
export const discard = (content) => ({
    trigger: ".modal .modal-footer .btn-secondary",
    content,
    tooltipPosition: "top",
    run: "click",
});
