import { _t } from "@web/core/l10n/translation";
import { showDay } from "./amount.js";

/** @returns {string} a sentence when the label says another expiry than Odoo knows of the lot */
export function differs(lot, { code }) {
    return lot.expiry && code.expiry && code.expiry !== lot.expiry
        ? _t("The label says %(label)s, Odoo says %(odoo)s.", {
              label: showDay(code.expiry),
              odoo: showDay(lot.expiry),
          })
        : "";
}
