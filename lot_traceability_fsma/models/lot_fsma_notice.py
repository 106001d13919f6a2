from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.epcis_units import UNITS

ORIGINS = [("epcis", "EPCIS event"), ("x12", "X12 856"), ("edifact", "EDIFACT DESADV")]


class LotFsmaNotice(models.Model):
    """What a supplier has announced: it fills in the receipt, so that the dock compares instead of
    typing."""

    _name = "lot.fsma.notice"
    _description = "Announced shipment"
    _rec_name = "number"
    _order = "id desc"

    number = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Supplier", index="btree_not_null", ondelete="restrict"
    )
    origin = fields.Selection(ORIGINS, "Told by", required=True, readonly=True)
    event_id = fields.Many2one(
        "lot.epcis.event", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    shipped = fields.Datetime(readonly=True)
    expected = fields.Datetime(readonly=True)
    order_number = fields.Char("Our order", readonly=True)
    picking_id = fields.Many2one(
        "stock.picking",
        "Receipt",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('picking_type_code', '=', 'incoming'), ('state', 'not in', ('done', 'cancel'))]",
    )
    applied = fields.Boolean("Filled in", readonly=True)
    line_ids = fields.One2many("lot.fsma.notice.line", "notice_id", "Lots", readonly=True)

    # -- the receipt -----------------------------------------------------------------------------

    def action_apply(self) -> bool:
        """Fill in the receipt with the lots that were announced.

        :raise UserError: no receipt is waiting for them, or it is done
        """
        self.check_access("write")
        for notice in self:
            if not notice.picking_id:
                notice.picking_id = notice._waiting_receipt()
            if not notice.picking_id:
                raise UserError(
                    self.env._(
                        "No single receipt waits for %(number)s of %(partner)s. Choose the "
                        "receipt, then fill it in.",
                        number=notice.number,
                        partner=notice.partner_id.display_name or self.env._("an unknown sender"),
                    )
                )
            notice._fill_in()
        return True

    def _try_apply(self) -> None:
        """Fill in the receipts that can be told; the rest waits for a person."""
        for notice in self.filtered(lambda one: not one.applied):
            notice.picking_id = notice.picking_id or notice._waiting_receipt()
            if notice.picking_id:
                notice._fill_in()

    def _waiting_receipt(self):
        """The one receipt that waits for this: of the order that is named, else the only one of
        the supplier with one of these products."""
        self.ensure_one()
        waiting = Domain("company_id", "=", self.company_id.id)
        waiting &= Domain("picking_type_code", "=", "incoming")
        waiting &= Domain("state", "in", ("confirmed", "assigned"))
        pickings = self.env["stock.picking"]
        if self.order_number:
            named = Domain("origin", "=", self.order_number)
            named |= Domain("move_ids.purchase_line_id.order_id.name", "=", self.order_number)
            named |= Domain(
                "move_ids.purchase_line_id.order_id.partner_ref", "=", self.order_number
            )
            named |= Domain("name", "=", self.order_number)
            found = pickings.search(waiting & named, limit=2)
            if self.partner_id:
                found = found.filtered(self._is_of_supplier)
            if found:
                return found if len(found) == 1 else pickings
        if not self.partner_id:
            return pickings
        goods = Domain("move_ids.product_id", "in", self.line_ids.product_id.ids)
        sender = Domain("partner_id", "child_of", self.partner_id.commercial_partner_id.id)
        found = pickings.search(waiting & sender & goods, limit=2)
        return found if len(found) == 1 else pickings

    def _is_of_supplier(self, picking) -> bool:
        """Nobody fills in what was ordered elsewhere."""
        firm = self.partner_id.commercial_partner_id
        return picking.partner_id.commercial_partner_id == firm

    def _fill_in(self) -> None:
        self.ensure_one()
        picking = self.picking_id
        if picking.state in ("done", "cancel"):
            raise UserError(
                self.env._("%s is done. What it received is not changed.", picking.name)
            )
        values = []
        for product, lines in self.line_ids.grouped("product_id").items():
            moves = picking.move_ids.filtered(
                lambda move, product=product: (
                    move.product_id == product and move.state not in ("done", "cancel")
                )
            )
            if not product or not moves:
                continue
            # What nobody has touched gives way to what was announced.
            moves.move_line_ids.filtered(
                lambda line: not line.lot_id and not line.lot_name and not line.picked
            ).unlink()
            values += [(line, line._line_values(moves[0])) for line in lines]
        made = self.env["stock.move.line"].create([vals for _line, vals in values])
        for (line, _vals), move_line in zip(values, made, strict=True):
            line.move_line_id = move_line
        self.applied = bool(made)
        if made and not picking.fsma_document_number:
            picking.write({"fsma_document_type": "asn", "fsma_document_number": self.number})
        missing = self.line_ids.filtered(lambda line: not line.move_line_id)
        if missing:
            picking.message_post(
                body=self.env._(
                    "Announced, but not expected here: %s",
                    ", ".join(f"{line.gtin} {line.lot}" for line in missing),
                )
            )


class LotFsmaNoticeLine(models.Model):
    """A lot that a supplier has announced."""

    _name = "lot.fsma.notice.line"
    _description = "Announced lot"
    _log_access = False
    _rec_name = "lot"
    _order = "notice_id, id"

    notice_id = fields.Many2one(
        "lot.fsma.notice", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True, index=True)
    gtin = fields.Char("GTIN", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    lot = fields.Char(readonly=True)
    epc = fields.Char("Identifier", readonly=True, index="btree_not_null")
    sscc = fields.Char("Pallet (SSCC)", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    unit = fields.Char(readonly=True, help="Code of UN/CEFACT recommendation 20")
    code = fields.Char("Traceability lot code", readonly=True)
    source_gln = fields.Char("GLN of its source", readonly=True)
    source_reference = fields.Char(readonly=True)
    expiry_date = fields.Date("Expires", readonly=True)
    best_before_date = fields.Date("Best before", readonly=True)
    production_date = fields.Date("Made on", readonly=True)
    packing_date = fields.Date("Packed on", readonly=True)
    harvest_date = fields.Date("Harvested on", readonly=True)
    move_line_id = fields.Many2one(
        "stock.move.line", "Line of the receipt", index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _of_lots(self, lots):
        """The announced lots that became these."""
        return self.search([("move_line_id.lot_id", "in", lots.ids), ("epc", "!=", False)])

    @api.model
    def _of_move_lines(self, lines):
        """The announced lots that these lines of receipts are about."""
        return self.search([("move_line_id", "in", lines.ids)])

    def _line_values(self, move) -> dict:
        """The line of a receipt that this announces."""
        self.ensure_one()
        day_end = self.env["lot.calendar"]._day_end
        company = self.notice_id.company_id
        uom, quantity = self._amount()
        source = self.env["res.partner"]
        if self.source_gln:
            source = source.search([("fsma_gln", "=", self.source_gln)], limit=1)
        values = {
            "move_id": move.id,
            "picking_id": move.picking_id.id,
            "product_id": self.product_id.id,
            "product_uom_id": uom.id,
            "quantity": quantity,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "supplier_lot": self.lot,
            "fsma_code": self.code or self.lot,
            "fsma_source_id": source.id,
            "fsma_source_reference": self.source_reference
            or (False if source else self.source_gln),
            "production_date": self.production_date,
            "packing_date": self.packing_date,
            "harvest_date": self.harvest_date,
        }
        if self.expiry_date:
            values["expiration_date"] = day_end(self.expiry_date, company)
        if self.best_before_date:
            values["use_date"] = day_end(self.best_before_date, company)
        if self.product_id.tracking != "none" and not self._numbered_here(move):
            values["lot_name"] = self.lot
        if self.sscc:
            values["result_package_id"] = self._package().id
        return {name: value for name, value in values.items() if value}

    def _numbered_here(self, move) -> bool:
        """Does a scheme of ours number this product at receipt?"""
        line = self.env["stock.move.line"].new(
            {
                "move_id": move.id,
                "picking_id": move.picking_id.id,
                "product_id": self.product_id.id,
                "product_uom_id": self.product_id.uom_id.id,
                "quantity": 1,
                "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id,
                "company_id": move.company_id.id,
            }
        )
        return bool(line._numbered_when_done())

    def _package(self):
        """The pallet by its number; none where one of that number is here already, with goods."""
        packages = self.env["stock.package"]
        found = packages.search([("name", "=", self.sscc)], limit=1)
        if found.quant_ids:
            return packages
        return found or packages.create({"name": self.sscc})

    def _amount(self) -> tuple:
        """(unit of measure, quantity): in the packaging that has the GTIN, in the unit that was
        told, or in that of the product."""
        product = self.product_id
        spellings = self.env["lot.trace"]._gtin_spellings(self.gtin or "0")
        packaging = product.product_uom_ids.filtered(lambda one: one.barcode in spellings)
        if packaging:
            return packaging[0].uom_id, self.quantity
        names = [name for name, code in UNITS.items() if code == self.unit]
        own = (product.uom_id.name or "").lower()
        if names and own not in names:
            told = self.env["uom.uom"].search([("name", "=ilike", names[0])], limit=1)
            if told and told._has_common_reference(product.uom_id):
                quantity = told._compute_quantity(self.quantity, product.uom_id)
                return product.uom_id, quantity
        return product.uom_id, self.quantity
