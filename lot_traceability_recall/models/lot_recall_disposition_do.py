from typing import Any

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

REWORK = "lot_traceability_recall.activity_recall_rework"


class LotRecallDisposition(models.Model):
    """Doing what was decided: each kind leaves an ordinary document of Odoo behind."""

    _inherit = "lot.recall.disposition"

    def do(self) -> bool:
        """Do what was decided. "destroy" scraps the goods, with certificate and witness, signed
        where the firm has that signed; "rework" makes a manufacturing order that may use the lot;
        "supplier" makes the transfer back; "release" gives the whole lot the status that it had.

        :return: True
        :raise AccessError: without the right to record for recalls, or to release
        :raise UserError: for what is done already, or where there is not as much any more
        """
        self.check_access("write")
        for disposition in self:
            disposition._check_to_do()
        destroyed = self.filtered(lambda one: one.kind == "destroy")
        if destroyed:
            self.env["lot.signing"]._demand("recall_destroy", destroyed, {})
        for disposition in self:
            getattr(disposition, f"_do_{disposition.kind}")()
            # sudo: who did it, and when, is noted and not said
            disposition.sudo().write(
                {"started_on": fields.Datetime.now(), "done_by_id": self.env.uid}
            )
            disposition._tell("disposition done", documents=disposition._document_names())
        return True

    def action_do(self) -> bool | dict[str, Any]:
        """As `do`, for a button, of one or of many: what is destroyed is asked for certificate and
        witness first, once for all of it.

        :return: True, or the action that opens that dialog
        """
        self.check_access("write")
        destroyed = self.filtered(lambda one: one.kind == "destroy")
        (self - destroyed).do()
        if not destroyed:
            return True
        for disposition in destroyed:
            disposition._check_planned()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability_recall.lot_recall_destroy_action"
        )
        return {
            **action,
            "context": {"default_disposition_ids": [Command.set(destroyed.ids)]},
        }

    def _destroy_or_ask(self) -> bool | dict[str, Any]:
        """Destroy what has its papers, or open the dialog in which that is signed."""
        for disposition in self:
            disposition._check_to_do()
        signing = self.env["lot.signing"]
        step = signing._step_of("recall_destroy", self)
        if step and self.env["lot.audit.origin"]._origin()["via"] == "web":
            return signing._ask(step, self, {})
        return self.do()

    def _signed_recall_destroy(self, values: dict[str, Any]):
        self.do()
        return self

    def _check_signed(self, code, values):
        result = super()._check_signed(code, values)
        for disposition in self:
            disposition._check_to_do()
        return result

    def cancel(self, reason: str = "") -> bool:
        """Call off what was decided and is not done.

        :param reason: why
        :return: True
        :raise AccessError: without the right to run recalls
        :raise UserError: for what is done or under way
        """
        self.recall_id.check_access("write")
        self.check_access("write")
        if any(one.state != "planned" for one in self):
            raise UserError(
                self.env._("What is done or under way stays: cancel its order or transfer first.")
            )
        self.sudo().write({"cancelled": True})  # sudo: noted by the step itself
        for disposition in self:
            disposition._tell("disposition cancelled", reason=reason)
        return True

    def action_cancel(self) -> bool:
        """As `cancel`, for a button."""
        return self.cancel()

    def action_documents(self) -> dict[str, Any]:
        """Open what it led to: scraps, an order, a transfer.

        :return: a window action
        """
        self.ensure_one()
        documents = self.scrap_ids or self.production_ids or self.picking_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": documents._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", documents.ids)],
        }

    def _document_names(self) -> list[str]:
        return [
            document.display_name
            for document in (*self.scrap_ids, *self.production_ids, *self.picking_ids)
        ]

    def _check_planned(self) -> None:
        self.recall_id._check_real()
        if self.state != "planned":
            raise UserError(
                self.env._(
                    "“%s” is done, under way or cancelled already: plan another one for "
                    "what is left.",
                    self.display_name,
                )
            )
        self._check_there()

    def _check_to_do(self) -> None:
        self._check_planned()
        if self.kind == "destroy" and not (self._witness() and self.attachment_ids):
            raise UserError(
                self.env._(
                    "Attach the certificate of destruction of lot %s and name who witnessed it.",
                    self.lot_id.name,
                )
            )

    def _shares(self) -> list[tuple]:
        """[(quant, how much)] of the place, the oldest first."""
        left, shares = self.quantity, []
        for quant in self._quants_of(self.lot_id, self.company_id, self.location_id):
            share = min(left, quant.quantity)
            if self.uom_id.compare(share, 0) > 0:
                shares.append((quant, share))
                left -= share
        return shares

    def _warehouse(self):
        return self.location_id.warehouse_id or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )

    # -- destroy ---------------------------------------------------------------------------------

    def _do_destroy(self) -> None:
        scraps = self.env["stock.scrap"].create(
            [
                {
                    "product_id": self.product_id.id,
                    "lot_id": self.lot_id.id,
                    "scrap_qty": share,
                    "product_uom_id": self.uom_id.id,
                    "location_id": quant.location_id.id,
                    "package_id": quant.package_id.id,
                    "owner_id": quant.owner_id.id,
                    "company_id": self.company_id.id,
                    "origin": self.recall_id.name,
                    "recall_disposition_id": self.id,
                }
                for quant, share in self._shares()
            ]
        )
        scraps.do_scrap()
        self._book_goods(", ".join(scraps.mapped("name")))

    def _book_goods(self, document: str) -> None:
        """The goods at cost, once."""
        disposition = self.sudo()  # sudo: noted by the step itself; no accountant need do it
        if disposition.cost_line_id or self.company_id.currency_id.is_zero(self.value):
            return
        name = f"{self.product_id.display_name} {self.lot_id.name}"
        disposition.cost_line_id = self.recall_id._book(
            "product",
            name,
            self.value,
            quantity=self.quantity,
            product_id=self.product_id.id,
            product_uom_id=self.uom_id.id,
            ref=document,
        )
        self.recall_id._set_off_credited()

    # -- rework ----------------------------------------------------------------------------------

    def _do_rework(self) -> None:
        order = self._rework_order()
        if self.lot_id.status_usable:
            return
        if self.env["lot.signing"]._step_of("override", order):
            self._ask_to_sign(order)
            return
        reason = self.env._("Rework decided in %s", self.recall_id.display_name)
        if self.note:
            reason = f"{reason}: {self.note}"
        self.env["lot.gate.override"].create(
            {
                "lot_id": self.lot_id.id,
                "refused_for": self.lot_id.status_id.name,
                "reason": reason,
                "res_model": order._name,
                "res_id": order.id,
                "document_name": order.display_name,
                "company_id": self.company_id.id,
            }
        )

    def _ask_to_sign(self, order) -> None:
        """Where letting a lot pass is signed, the order waits until quality has signed it there."""
        self.activity_schedule(
            REWORK,
            summary=self.env._("Sign that %(lot)s may be used", lot=self.lot_id.name),
            note=self.env._(
                "Open manufacturing order %s and let the lot pass there: it has to be signed, and "
                "the order cannot be produced before.",
                order.display_name,
            ),
            user_id=self.env.uid,
        )

    def _rework_order(self):
        product = self.rework_product_id or self.product_id
        warehouse = self._warehouse()
        # sudo: the order carries out what was decided; production does it, who decides need not
        orders = self.env["mrp.production"].sudo().with_company(self.company_id)
        order = orders.create(
            {
                "product_id": product.id,
                "product_qty": self.quantity,
                "product_uom_id": product.uom_id.id,
                "bom_id": False,
                "picking_type_id": warehouse.manu_type_id.id,
                "company_id": self.company_id.id,
                "location_src_id": self.location_id.id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "origin": self.recall_id.name,
                "recall_disposition_id": self.id,
                "move_raw_ids": [
                    Command.create(
                        {
                            "product_id": self.product_id.id,
                            "product_uom_qty": self.quantity,
                            "product_uom": self.uom_id.id,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self._reserve(order.move_raw_ids)
        return order.with_env(self.env)

    def _reserve(self, move) -> None:
        """Say which lot this move takes, from where."""
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.product_id.id,
                    "product_uom_id": self.uom_id.id,
                    "lot_id": self.lot_id.id,
                    "quantity": share,
                    "location_id": quant.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "package_id": quant.package_id.id,
                    "owner_id": quant.owner_id.id,
                    "company_id": self.company_id.id,
                }
                | ({"picking_id": move.picking_id.id} if move.picking_id else {})
            )
            for quant, share in self._shares()
        ]

    # -- back to the supplier --------------------------------------------------------------------

    def _do_supplier(self) -> None:
        received = self._received()
        supplier = self.supplier_id or received.picking_id.partner_id or self.lot_id.supplier_id
        if not supplier:
            raise UserError(
                self.env._("Say who supplied lot %s: the records do not tell.", self.lot_id.name)
            )
        place = supplier.with_company(self.company_id).property_stock_supplier
        places = {"location_id": self.location_id.id, "location_dest_id": place.id}
        picking = self.env["stock.picking"].create(
            {
                **places,
                "picking_type_id": self._warehouse().out_type_id.id,
                "partner_id": supplier.id,
                "company_id": self.company_id.id,
                "origin": self.recall_id.name,
                "recall_id": self.recall_id.id,
                "recall_disposition_id": self.id,
                "return_id": received.picking_id.id,
                "move_ids": [
                    Command.create(
                        {
                            **places,
                            "product_id": self.product_id.id,
                            "product_uom_qty": self.quantity,
                            "product_uom": self.uom_id.id,
                            "origin_returned_move_id": received.id,
                            # sudo: that it goes back on its order, whoever may read orders
                            "purchase_line_id": received.sudo().purchase_line_id.id,
                            "to_refund": True,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self._reserve(picking.move_ids)

    def _received(self):
        """The move with which a supplier delivered the lot last."""
        # sudo: where the lot came from, whoever may read receipts
        lines = self.env["stock.move.line"].sudo()
        line = lines.search(
            [
                ("lot_id", "=", self.lot_id.id),
                ("state", "=", "done"),
                ("location_id.usage", "=", "supplier"),
                ("company_id", "=", self.company_id.id),
            ],
            order="date desc, id desc",
            limit=1,
        )
        return line.move_id.with_env(self.env)

    # -- release ---------------------------------------------------------------------------------

    def _do_release(self) -> None:
        """A status is of the whole lot: none of it may be on its way to anything else."""
        others = self.search(
            [
                ("lot_id", "=", self.lot_id.id),
                ("state", "in", ("planned", "running")),
                ("id", "!=", self.id),
                ("kind", "!=", "release"),
            ],
            limit=1,
        )
        if others:
            raise UserError(
                self.env._(
                    "Lot %(lot)s is released as a whole, but “%(other)s” is still to be done: "
                    "finish or cancel that first.",
                    lot=self.lot_id.name,
                    other=others.display_name,
                )
            )
        if self.lot_id.status_id.code == "recalled":
            line = self.recall_id.scope_id.line_ids.filtered(lambda one: one.lot_id == self.lot_id)
            before = line.status_before_id.code or "released"
            why = f"{self.recall_id.name}: {self.note or self.env._('released after the recall')}"
            self.lot_id.set_status(before, why)
        if self.location_id._in_quarantine():
            self._bring_to_stock()

    def _bring_to_stock(self) -> None:
        """Released goods leave the place for recalled ones: a transfer waits for the floor."""
        warehouse = self._warehouse()
        places = {
            "location_id": self.location_id.id,
            "location_dest_id": warehouse.lot_stock_id.id,
        }
        picking = self.env["stock.picking"].create(
            {
                **places,
                "picking_type_id": warehouse.int_type_id.id,
                "company_id": self.company_id.id,
                "origin": self.recall_id.name,
                "recall_disposition_id": self.id,
                "move_ids": [
                    Command.create(
                        {
                            **places,
                            "product_id": self.product_id.id,
                            "product_uom_qty": self.quantity,
                            "product_uom": self.uom_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self._reserve(picking.move_ids)
