from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from .lot_scan_flow import RefusedError

# Questions that Odoo asks before it closes an order, and who answers them here.
_ANSWERS = {
    "mrp.consumption.warning": "_answer_consumption",
    "lot.done.wizard": "_answer_done",
}


class LotScanFlowProduce(models.AbstractModel):
    """An order that is closed, with Odoo's questions asked on the device."""

    _inherit = "lot.scan.flow.produce"

    @api.model
    def _do_finish(self, command) -> dict[str, Any]:
        """{"document"; asked for where they matter: "backorder": bool, whether the rest is to be
        made later; "planned": use the lots planned where none was scanned; "consumption":
        "as_scanned"; "reason_id" and "note": why other lots are taken than those to be taken
        first; "together": lots that should be kept apart come together} → "backorder": {"model",
        "id", "name"} or False."""
        order = self._open(command)
        if not order.qty_producing:
            raise UserError(self.env._("Say first how much of %s was made.", order.name))
        self._refuse_unscanned(command, order)
        later = self._made_later(command, order)
        order._set_qty_producing(False)
        order = order.with_context(
            skip_backorder=True,
            # What is expired is refused by the gate, whatever is answered.
            skip_expired=True,
            mo_ids_to_backorder=order.ids if later else [],
        )
        asked = order.button_mark_done()
        while order.state != "done":
            asked = self._answer_question(asked, command)
        done = order.with_env(self.env)
        others = done.production_group_id.production_ids - done
        rest = others.filtered(lambda one: one.state in ("confirmed", "progress"))[-1:]
        lot = done.lot_producing_ids[:1]
        rest = rest if later else rest.browse()
        return {
            "message": self.env._("%s is done.", done.name)
            if not rest
            else self.env._(
                "%(order)s is done. The rest: %(rest)s.", order=done.name, rest=rest.name
            ),
            "document": self._document(done),
            "lot": self.env["lot.scan.card"]._lot(lot) if lot else False,
            "label": {"model": "stock.lot", "ids": done.lot_producing_ids.ids} if lot else False,
            "backorder": {"model": rest._name, "id": rest.id, "name": rest.name} if rest else False,
        }

    # -- what is missing -------------------------------------------------------------------------

    @api.model
    def _refuse_unscanned(self, command, order) -> None:
        """Which lots went in, nobody has said; Odoo would take those that it has planned."""
        if command.data.get("planned"):
            return
        unscanned = self._components(order).filtered(
            lambda move: (
                move.product_id.tracking != "none"
                and move.product_uom_qty
                and not self._scanned(move)
            )
        )
        if not unscanned:
            return
        planned = unscanned.move_line_ids.filtered("lot_id")
        names = ", ".join(unscanned.product_id.mapped("display_name"))
        choices = []
        if unscanned == planned.move_id:
            lots = ", ".join(
                f"{line.lot_id.name} ({self._amount(line.quantity_product_uom, line.product_id)})"
                for line in planned[:8]
            )
            choices.append(
                self._choice(
                    "planned", self.env._("Those planned went in: %s", lots), {"planned": True}
                )
            )
        raise RefusedError(self.env._("Not scanned yet: %s. Scan what went in.", names), choices)

    @api.model
    def _made_later(self, command, order) -> bool:
        """Whether another order is for the rest.

        :raise RefusedError: asks for it
        """
        if order.product_uom_id.is_zero(order._get_quantity_to_backorder()):
            return False
        rule = order.picking_type_id.create_backorder
        told = command.data.get("backorder")
        if rule != "ask":
            return rule == "always"
        if not isinstance(told, bool):
            raise RefusedError(
                self.env._(
                    "%(made)s of %(asked)s %(unit)s were made. Is the rest made later?",
                    made=f"{order.qty_producing:.10g}",
                    asked=f"{order.product_qty:.10g}",
                    unit=order.product_uom_id.name,
                ),
                [
                    self._choice(
                        "backorder", self.env._("Make the rest later"), {"backorder": True}
                    ),
                    self._choice("no_backorder", self.env._("That was all"), {"backorder": False}),
                ],
            )
        return told

    # -- what Odoo asks --------------------------------------------------------------------------

    @api.model
    def _answer_question(self, asked: object, command) -> object:
        """Answer a dialog of Odoo by what the command tells.

        :return: what comes after it
        :raise RefusedError: asks what the dialog asks
        :raise UserError: when it is one that cannot be answered here
        """
        model = asked.get("res_model") if isinstance(asked, dict) else None
        if model not in _ANSWERS:
            raise UserError(
                self.env._("Odoo asks something that cannot be answered here: close it in Odoo.")
            )
        wizard = self.env[model].with_context(**(asked.get("context") or {}))
        wizard = wizard.browse(asked["res_id"]) if asked.get("res_id") else wizard.create({})
        return getattr(self, _ANSWERS[model])(wizard, command)

    @api.model
    def _answer_consumption(self, wizard, command) -> object:
        strict = wizard.consumption == "strict"
        # As in Odoo's dialog.
        may = not strict or self.env.user.has_group("mrp.group_mrp_manager")
        if may and command.data.get("consumption") == "as_scanned":
            return wizard.action_confirm()
        rows = [
            self.env._(
                "%(product)s: %(consumed)s instead of %(expected)s",
                product=line.product_id.display_name,
                consumed=self._amount(line.product_consumed_qty_uom, line.product_id),
                expected=self._amount(line.product_expected_qty_uom, line.product_id),
            )
            for line in wizard.mrp_consumption_warning_line_ids
        ]
        choice = self._choice("as_scanned", self.env._("So it was"), {"consumption": "as_scanned"})
        raise RefusedError(
            self.env._(
                "Not what the bill of materials says: %s. Scan what is missing, or take back what "
                "is too much.",
                "; ".join(rows),
            ),
            [choice] if may else [],
        )

    @api.model
    def _answer_done(self, wizard, command) -> object:
        """Other lots than those to be taken first, and lots that should be kept apart."""
        lines, together = wizard.line_ids, wizard.separation
        reasons = self.env["lot.fefo.reason"].search([("active", "=", True)])
        reason = reasons & self._told_record(command, "reason_id", "lot.fefo.reason")
        note = self._told_text(command, "note")
        answered = not lines or (reason and (note or not reason.note_required))
        if answered and (not together or command.data.get("together")):
            wizard.write({"reason_id": reason.id, "note": note})
            return wizard.action_confirm()
        rows = [
            self.env._(
                "%(product)s: %(proposed)s was to be taken first, and not %(taken)s",
                product=line.product_id.display_name,
                proposed=line.proposed,
                taken=line.taken,
            )
            for line in lines
        ]
        asks = [
            self._question(
                "reason_id",
                self.env._("Reason"),
                "selection",
                [(one.id, one.name) for one in reasons],
            ),
            self._question("note", self.env._("Explanation"), "text", required=False),
        ]
        raise RefusedError(
            "\n".join([*rows, *([together] if together else [])]),
            [
                self._choice(
                    "exception",
                    self.env._("Go on, with a reason") if lines else self.env._("Go on"),
                    {"together": True} if together else {},
                    asks if lines else (),
                )
            ],
        )
