from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .lot_rfid_proposal_plan import OPEN, Part

ACTIVITY = "lot_traceability.activity_rfid_load"


class LotRfidProposal(models.Model):
    """Loads become transfers, with the rights of whoever books them."""

    _inherit = "lot.rfid.proposal"

    def action_book(self) -> dict | bool:
        """Move what passed: the expected transfer, or a new internal one, is filled and done.

        :return: True, or a dialog of Odoo that asks something first
        :raise UserError: when something is unclear or forbidden; nothing is moved then
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        self._judge()
        if not self.ready:
            raise UserError(
                self.env._(
                    "This load cannot be moved as it was seen:\n%s\n\nPut it right and check "
                    "again, prepare the transfer and correct it there, or dismiss it.",
                    self._problems_text(),
                )
            )
        picking = self._fill_transfer()
        answer = picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self._note_booked(picking)
        return answer if picking.state != "done" else True

    def action_prepare(self) -> dict:
        """Fill the transfer with what is certain, and leave it to a person to correct and do.

        :return: the window action of the transfer
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        self._judge()
        if not self._parts()[0]:
            raise UserError(
                self.env._(
                    "Nothing of this load is known well enough to move:\n%s", self._problems_text()
                )
            )
        self._note_booked(self._fill_transfer())
        return self.action_open_picking()

    def _problems_text(self) -> str:
        rows = [self.problem] if self.problem else []
        for line in self.line_ids.filtered("problem"):
            name = line.display_name or self.env._("%s tags", line.tags)
            rows.append(f"{name}: {line.problem_text}")
        if not self.line_ids:
            rows.append(self.env._("There are no goods in it."))
        return "\n".join(f"- {row}" for row in rows)

    # -- without anybody -----------------------------------------------------------------------

    def _book_automatically(self) -> None:
        """Book a load, or leave it as it is and tell who is responsible."""
        self.ensure_one()
        self._judge()
        if not self.ready:
            if not self._waits():
                self._tell_responsible()
            return
        try:
            with self.env.cr.savepoint():
                self.action_book()
                if self.picking_id.state != "done":
                    raise UserError(
                        self.env._("A person has to answer a question of %s.", self.picking_id.name)
                    )
        except UserError as error:
            self.invalidate_recordset()
            if self.state == "open":
                self.problem = self.problem or str(error)
                self._tell_responsible()

    def _judge(self) -> None:
        result = super()._judge()
        for proposal in self.filtered(lambda one: one.state == "open" and not one.ready):
            # An automatic portal tells when it cannot book: what passed before is booked then.
            if proposal.reader_id.mode != "automatic" and not proposal._waits():
                proposal._tell_responsible()
        return result

    def _waits(self) -> bool:
        """Is all that is missing the goods of a load that passed before, and is not moved yet?"""
        unclear = self.line_ids.filtered("problem")
        if self.problem or any(line.problem != "elsewhere" for line in unclear):
            return False
        before = self.search(
            [
                ("state", "=", "open"),
                ("first_at", "<", self.first_at),
                ("location_dest_id", "=", self.location_id.id),
                ("line_ids.lot_id", "in", unclear.lot_id.ids),
            ],
        )
        return unclear.lot_id <= before.line_ids.lot_id

    def _tell_responsible(self) -> None:
        """Once a load."""
        responsible = self.reader_id.responsible_id
        # sudo: whoever books need not write activities of others
        load = self.sudo()
        if responsible and not load.told:
            load.told = True
            load.activity_schedule(
                ACTIVITY,
                user_id=responsible.id,
                summary=self.env._("A load that passed %s is unclear", self.reader_id.name),
                note=self._problems_text().replace("\n", "<br/>"),
            )

    # -- the transfer --------------------------------------------------------------------------

    def _fill_transfer(self):
        """The expected transfer, or a new one, with the lots that passed on its lines."""
        parts, _problems = self._parts()
        picking = self.expected_picking_id
        if not picking:
            picking = self._create_transfer(parts)
        if picking.state not in OPEN:
            raise UserError(self.env._("%s is not open any more. Check again.", picking.name))
        moves = picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        by_product = defaultdict(list)
        for part in parts:
            by_product[part.product].append(part)
        taken = moves.filtered(lambda move: move.product_id in by_product)
        (moves - taken).picked = False
        taken.move_line_ids.unlink()
        for product, same in by_product.items():
            self._fill_moves(taken.filtered(lambda move, p=product: move.product_id == p), same)
        return picking

    def _create_transfer(self, parts: list[Part]):
        totals = defaultdict(float)
        for part in parts:
            totals[part.product] += part.quantity
        operation_type = self.reader_id._operation_type()
        places = {
            "location_id": self.location_id.id,
            "location_dest_id": self.location_dest_id.id,
        }
        picking = self.env["stock.picking"].create(
            {
                **places,
                "picking_type_id": operation_type.id,
                "origin": self.env._("RFID: %s", self.reader_id.name),
                "move_ids": [
                    Command.create(
                        {
                            **places,
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                        }
                    )
                    for product, quantity in totals.items()
                ],
            }
        )
        picking.action_confirm()
        return picking

    def _fill_moves(self, moves, parts: list[Part]) -> None:
        """Put parts on the moves of their product, each filled up to what it asks for."""
        room = [[move, move.product_qty] for move in moves]
        values = defaultdict(list)
        for part in parts:
            left = part.quantity
            for row in room:
                share = left if row is room[-1] else min(left, row[1])
                if part.product.uom_id.compare(share, 0) > 0:
                    values[row[0]].append(self._line_values(row[0], part, share))
                row[1] -= share
                left -= share
        for move, rows in values.items():
            move.write({"move_line_ids": [Command.create(row) for row in rows], "picked": True})

    def _line_values(self, move, part: Part, quantity: float) -> dict:
        return {
            "product_id": part.product.id,
            "product_uom_id": part.product.uom_id.id,
            "lot_id": part.lot.id,
            "quantity": quantity,
            "location_id": part.location.id,
            "location_dest_id": move.location_dest_id.id,
            "package_id": part.package.id,
            "result_package_id": part.package.id if part.whole else False,
            "owner_id": part.owner.id,
            "picking_id": move.picking_id.id,
            "company_id": move.company_id.id,
        }

    def _note_booked(self, picking) -> None:
        """The load is this transfer now: in the log of each lot, and on its passages."""
        record = self.env["lot.audit.event"]._record
        for line in picking.move_line_ids.filtered("lot_id").grouped("lot_id").values():
            lot = line.lot_id
            record(
                "passed",
                lot=lot,
                company=self.company_id,
                document=picking,
                data={
                    "reader": self.reader_id.name,
                    "from": {"id": self.location_id.id, "name": self.location_id.display_name},
                    "to": {
                        "id": self.location_dest_id.id,
                        "name": self.location_dest_id.display_name,
                    },
                    "quantity": f"{sum(line.mapped('quantity_product_uom')):.10g}",
                    "unit": lot.product_id.uom_id.name,
                    "first": str(self.first_at),
                    "last": str(self.last_at),
                },
            )
        # sudo: as in `_judge`
        self.sudo().write({"state": "booked", "picking_id": picking.id})
        self._close_passages("moved")
