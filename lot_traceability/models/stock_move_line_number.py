from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools import lot_name
from ..tools.lot_mask import Mask
from .lot_numbering_request import NumberRequest


class StockMoveLine(models.Model):
    """Lines that come in or are made without a lot number get one when they are done."""

    _inherit = "stock.move.line"

    @api.onchange("lot_name")
    def _onchange_lot_number(self):
        problems = self.env["stock.lot"]._number_warnings(
            self.product_id, self.company_id, self.lot_name
        )
        mask = self._supplier_mask()
        number = lot_name.clean(self.lot_name or "")
        if mask and number and not Mask.parse(mask).fits(number):
            partner = self.move_id.picking_id.partner_id
            problems.append(self.env["stock.lot"]._mask_problem(partner.name, mask, [number]))
        if problems:
            return {"warning": {"title": self.env._("Lot number"), "message": "\n".join(problems)}}
        return None

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._cleaned(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._cleaned(vals))

    def _cleaned(self, vals: dict) -> dict:
        if vals.get("lot_name"):
            return vals | {"lot_name": lot_name.clean(vals["lot_name"])}
        return vals

    def _action_done(self):
        return super(StockMoveLine, self | self._number_lines())._action_done()

    def _create_and_assign_production_lot(self):
        self._check_supplier_masks()
        return super()._create_and_assign_production_lot()

    # -- numbers -----------------------------------------------------------------------------

    def _number_requests(self) -> list[NumberRequest]:
        """What is known of the lots of these lines."""
        return [
            NumberRequest(
                line.product_id,
                line.company_id,
                line.move_id.picking_type_id,
                automatic=not line.move_id.production_id,
                values=line._number_values(),
            )
            for line in self
        ]

    def _number_values(self) -> dict:
        """What this line adds to what its number may say; others add to it."""
        values = self.move_id.production_id._number_values()
        if self.expiration_date:
            day = self.env["lot.calendar"]._day(self.expiration_date, self.company_id)
            values["expiry"] = day
        return values

    def _nameless(self):
        """Lines that bring in or make a lot of which nobody has said the number."""
        return self.filtered(
            lambda line: (
                not line.lot_id
                and not line.lot_name
                and line.product_id.tracking != "none"
                and line.product_uom_id.compare(line.quantity, 0) > 0
                and line.move_id.picking_type_id.use_create_lots
                and not line.move_id.origin_returned_move_id
                and (line.move_id.production_id or line.location_id.usage == "supplier")
            )
        )

    def _numbered_when_done(self):
        """Lines without a lot number for which a scheme will give one."""
        lines = self._nameless()
        if not lines:
            return lines
        schemes = self.env["lot.numbering"]._schemes(lines._number_requests())
        return lines.browse(
            [line.id for line, scheme in zip(lines, schemes, strict=True) if scheme]
        )

    def _number_lines(self):
        """Give numbers to these lines.

        :return: more lines, where one held several serial numbers
        """
        lines = self._numbered_when_done()
        if not lines:
            return lines
        more = lines._single_serials()
        lines |= more
        numbers = self.env["lot.numbering"]._next_numbers(lines._number_requests())
        for line, number in zip(lines, numbers, strict=True):
            line.lot_name = number
        return more

    def _single_serials(self):
        """A line for each piece, as each one has a number of its own."""
        vals_list = []
        for line in self.filtered(lambda line: line.product_id.tracking == "serial"):
            if line.quantity > 1 and line.product_uom_id == line.product_id.uom_id:
                count = round(line.quantity)
                vals = line.copy_data({"quantity": 1, "move_id": line.move_id.id})[0]
                vals["picking_id"] = line.picking_id.id
                vals["picked"] = line.picked
                vals_list += [vals] * (count - 1)
                line.quantity = 1
        return self.create([dict(vals) for vals in vals_list]) if vals_list else self.browse()

    # -- masks of suppliers ------------------------------------------------------------------

    def _supplier_mask(self) -> str:
        """The form that a number typed here must have because of who sent the goods; the mask of
        the product goes before it."""
        partner = self.move_id.picking_id.partner_id
        if self.location_id.usage != "supplier" or self.product_id.lot_mask or not partner:
            return ""
        return partner.lot_mask or partner.commercial_partner_id.lot_mask or ""

    def _check_supplier_masks(self) -> None:
        numbering = self.env["lot.numbering"]
        wrong: dict[tuple, list] = {}
        masks: dict[tuple, str] = {}
        for line in self:
            key = (line.move_id, line.location_id, line.product_id)
            if key not in masks:
                masks[key] = line._supplier_mask()
            mask = masks[key]
            if (
                mask
                and not Mask.parse(mask).fits(line.lot_name)
                and not numbering._may_have_made(line.product_id, line.company_id, line.lot_name)
            ):
                partner = line.move_id.picking_id.partner_id
                wrong.setdefault((partner.name, mask), []).append(line.lot_name)
        if wrong:
            problem = self.env["stock.lot"]._mask_problem
            raise ValidationError(
                "\n".join(problem(name, mask, numbers) for (name, mask), numbers in wrong.items())
            )
