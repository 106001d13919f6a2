from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from .lot_columns import column
from .stock_lot_facts import FACTS

# Above any stock that is kept: a number like this is a barcode in the wrong field.
MAX_QUANTITY = 1e9
# What is here already tells nothing new of its lot when it moves on.
_INSIDE = {"internal"}


class StockMoveLine(models.Model):
    """What is known of a lot when it arrives: from the line, or from the label scanned there."""

    _inherit = "stock.move.line"

    supplier_lot = fields.Char("Supplier's lot number")
    production_date = fields.Date()
    packing_date = fields.Date()
    freezing_date = fields.Date()
    harvest_date = fields.Date()
    harvest_end_date = fields.Date("Harvest until")
    use_date = fields.Datetime("Best before")
    origin_country_id = fields.Many2one("res.country", "Country of origin", ondelete="restrict")
    origin_place = fields.Char("Place of origin")

    # -- the label ---------------------------------------------------------------------------

    @api.onchange("lot_name")
    def _onchange_lot_label(self):
        if not self.lot_name or not self.product_id:
            return None
        try:
            told = self._label_values(self.lot_name, self.product_id, self.location_id)
        except UserError as error:
            return {"warning": {"title": self.env._("Label not taken"), "message": str(error)}}
        self.update(told)
        return None

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("lot_name"):
                move = self.env["stock.move"].browse(vals.get("move_id"))
                product = self.env["product.product"].browse(vals.get("product_id"))
                source = self.env["stock.location"].browse(vals.get("location_id"))
                told = self._label_values(
                    vals["lot_name"],
                    product or move.product_id,
                    source or move.location_id,
                    move.company_id,
                )
                vals.update(
                    {key: told[key] for key in told if key == "lot_name" or not vals.get(key)}
                )
        lines = super().create(vals_list)
        added = lines.filtered(
            lambda line: line.state == "done" and line.move_id.raw_material_production_id
        )
        added.move_id.raw_material_production_id._pass_on_allergens()
        return lines

    def write(self, vals):
        if not vals.get("lot_name"):
            return super().write(vals)
        for (product, source), lines in self.grouped(
            lambda line: (line.product_id, line.location_id)
        ).items():
            told = self._label_values(vals["lot_name"], product, source, lines.company_id[:1])
            super(StockMoveLine, lines).write(
                {**told, **vals} | {"lot_name": told.get("lot_name", vals["lot_name"])}
            )
        return True

    @api.model
    def _label_values(self, text: str, product, source, company=None) -> dict:
        """What the text in the lot number tells when it is a label; empty when it is none."""
        if not product:
            return {}
        told = self.env["stock.lot"]._read_label(text, product, company)
        if told:
            self._tell_scanned(text, product, told["lot_name"])
        if told and source.usage == "supplier":
            told["supplier_lot"] = told["lot_name"]
        return told

    @api.model
    def _tell_scanned(self, text: str, product, lot_name: str) -> None:
        """Whatever becomes of the line: that a label was read, and what stood on it."""
        lot = self.env["stock.lot"].search(
            [("name", "=", lot_name), ("product_id", "=", product._origin.id)], limit=1
        )
        self.env["lot.audit.event"]._record(
            "scanned", lot=lot, product=product._origin, data={"text": text, "lot": lot_name}
        )

    # -- from the line to the lot ------------------------------------------------------------

    def _prepare_new_lot_vals(self):
        values = super()._prepare_new_lot_vals()
        return {**self._told_facts(), **values}

    def _create_and_assign_production_lot(self):
        result = super()._create_and_assign_production_lot()
        # Given with the new lot, it would keep core from working out the other dates.
        for line in self.filtered("use_date") if any(column(self, "use_date")) else ():
            if line.lot_id.use_expiration_date and line.lot_id.use_date != line.use_date:
                line.lot_id.use_date = line.use_date
        return result

    def _told_facts(self) -> dict:
        """What this line tells of its lot, as values to write."""
        told = {name: self[name] for name in FACTS if self[name]}
        if self.location_id.usage == "supplier":
            partner = self.picking_id.partner_id or self.move_id.partner_id
            told["supplier_id"] = partner.commercial_partner_id
        return {
            name: value.id if isinstance(value, models.BaseModel) else value
            for name, value in told.items()
            if value
        }

    def _action_done(self):
        self._check_quantities()
        return super()._action_done()

    def _after_done(self):
        result = super()._after_done()
        # At closing nothing is made yet, and the finished lines ask for it themselves.
        self.move_id.raw_material_production_id._pass_on_allergens(lines=self)
        lines = self.filtered("lot_id")
        arrived, made = self.browse(), {}
        for (move, source, _target), same in lines._by_way().items():
            if source.usage not in _INSIDE:
                arrived |= same
            if move.production_id:
                made[move.production_id] = made.get(move.production_id, same.lot_id) | same.lot_id
        # All at once: several lines tell of one lot, whichever way each took.
        arrived._fill_lots()
        for order, lots in made.items():
            order._fill_made_lots(lots)
        lines._check_demands()
        return result

    def _check_quantities(self) -> None:
        for line in self:
            if line.quantity_product_uom > MAX_QUANTITY:
                raise UserError(
                    self.env._(
                        "%(product)s: a quantity of %(quantity)s cannot be meant. Check whether a "
                        "barcode was scanned into the quantity.",
                        product=line.product_id.display_name,
                        quantity=f"{line.quantity:,.0f}",
                    )
                )

    def _fill_lots(self) -> None:
        """What the lines tell goes where the lot says nothing yet; where it says something else,
        the lot keeps it and its history shows the difference."""
        for lot, lines in self._telling_more().grouped("lot_id").items():
            told: dict = {}
            for line in lines:
                told = {**line._told_facts(), **told}
            known = lot._convert_to_write({name: lot[name] for name in told})
            values = {name: value for name, value in told.items() if not known[name]}
            if values:
                # sudo: what was recorded at the receipt belongs to its lot, whoever validates it
                lot.sudo().write(values)
            differing = [name for name in told if known[name] and known[name] != told[name]]
            lot._post_lines(lines._sentence_on(lot, name, told[name]) for name in differing)

    def _telling_more(self) -> "StockMoveLine":
        """Without the lines that have just made their lots, with all that they tell."""
        made = self.lot_id._made_here()
        names = dict(zip(made._ids, column(made, "name"), strict=True))
        lots = column(self, "lot_id")
        lines = Counter(lots)
        return self.browse(
            line_id
            for line_id, lot_id, name in zip(self._ids, lots, column(self, "lot_name"), strict=True)
            if lines[lot_id] > 1 or lot_id not in names or names[lot_id] != name
        ).with_prefetch(self._prefetch_ids)

    def _sentence_on(self, lot, name: str, value) -> str:
        """What these lines say of a lot that says otherwise."""
        if self.env["stock.lot"]._fields[name].relational:
            value = lot[name].browse(value).display_name
        return self.env._(
            "%(document)s says otherwise: %(field)s %(value)s",
            document=self[:1].reference or self[:1].picking_id.name or "",
            field=lot._label_of(name),
            value=value,
        )

    def _check_demands(self) -> None:
        """All that is missing of all lots in one message.

        :raise UserError: lists it
        """
        missing = []
        ways = self._by_way()
        for step, source, header in (
            (
                "receipt",
                "supplier",
                self.env._(
                    "These lots are not received before more is known of them. Enter it in the "
                    "details of their lines:"
                ),
            ),
            (
                "production",
                "production",
                self.env._(
                    "The order is not closed before more is known of its lots. Enter it on their "
                    "forms:"
                ),
            ),
        ):
            lines = self.browse().union(
                *(
                    same
                    for (move, place, _target), same in ways.items()
                    if place.usage == source and (step == "receipt" or move.production_id)
                )
            )
            if not lines:
                continue
            # sudo: who closes an order need not be allowed to read readings
            lots = lines.lot_id.sudo()
            demands = {product: product._lot_demands(step) for product in lots.product_id}
            text = self.env["lot.field.demand"]._missing(
                {
                    lot: demands[product]
                    for product, same in lots.grouped("product_id").items()
                    for lot in same
                    if demands[product]
                }
            )
            if text:
                missing.append(f"{header}\n{text}")
        if missing:
            raise UserError("\n".join(missing))
