from collections.abc import Iterable
from datetime import date

from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ..tools.lot_calendar import local_day
from .lot_columns import distinct

# What a lot tells of its origin, and a receipt or a label can tell of a lot.
FACTS = (
    "supplier_lot",
    "production_date",
    "packing_date",
    "freezing_date",
    "harvest_date",
    "harvest_end_date",
    "origin_country_id",
    "origin_place",
)
_DAYS = ("harvest_date", "harvest_end_date", "production_date", "packing_date", "freezing_date")
_INSTANTS = ("use_date", "removal_date", "expiration_date")
# Of each pair the second cannot be before the first.
_IN_ORDER = (
    ("harvest_date", "harvest_end_date"),
    ("harvest_date", "production_date"),
    ("harvest_date", "packing_date"),
    ("harvest_date", "freezing_date"),
    ("production_date", "packing_date"),
    ("production_date", "use_date"),
    ("production_date", "expiration_date"),
    ("production_date", "removal_date"),
    ("packing_date", "use_date"),
    ("packing_date", "expiration_date"),
    ("freezing_date", "expiration_date"),
)
_FIRST_YEAR = 1900


class StockLot(models.Model):
    """What a lot knows of where it comes from and what it is."""

    _inherit = "stock.lot"

    production_date = fields.Date(index="btree_not_null", tracking=True)
    packing_date = fields.Date(index="btree_not_null", tracking=True)
    freezing_date = fields.Date(
        index="btree_not_null", tracking=True, help="When it was frozen for the first time"
    )
    harvest_date = fields.Date(
        index="btree_not_null", tracking=True, help="Of harvest, catch or slaughter; the first day"
    )
    harvest_end_date = fields.Date("Harvest until", tracking=True)
    origin_country_id = fields.Many2one(
        "res.country",
        "Country of origin",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        prefetch="lot_details",
    )
    origin_place = fields.Char(
        "Place of origin",
        index="trigram",
        tracking=True,
        help="Region, field, farm, vineyard or catch area",
        prefetch="lot_details",
    )
    allergen_ids = fields.Many2many(
        "lot.allergen", string="Allergens", tracking=True, groups="base.group_user"
    )
    made_order_id = fields.Many2one(
        "mrp.production",
        "Made by order",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    made_workcenter_ids = fields.Many2many(
        "mrp.workcenter",
        string="Work centres",
        readonly=True,
        copy=False,
        groups="mrp.group_mrp_user",
    )
    made_workcenters = fields.Char(
        "Made at", compute="_compute_made_workcenters", compute_sudo=True
    )
    made_user_ids = fields.Many2many(
        "res.users",
        "stock_lot_made_user_rel",
        string="Operators",
        readonly=True,
        copy=False,
    )

    @api.depends("made_workcenter_ids.name")
    def _compute_made_workcenters(self):
        for lot in self:
            lot.made_workcenters = ", ".join(lot.made_workcenter_ids.mapped("name"))

    def _link_makers(self, name: str, ids: list[int]) -> None:
        """Add to who or what made these lots. Each order does it: without reading before what is
        linked already."""
        field = self._fields[name]
        if self and ids:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s, %s) SELECT lot, maker "
                    "FROM unnest(%s) lot, unnest(%s) maker ON CONFLICT DO NOTHING",
                    *map(SQL.identifier, (field.relation, field.column1, field.column2)),
                    self.ids,
                    ids,
                )
            )
            self.invalidate_recordset([name, "made_workcenters"], flush=False)

    def _known_allergens(self) -> dict[int, set[int]]:
        """The ids of the allergens of each of these lots: one query, for each order asks."""
        field, found = self._fields["allergen_ids"], {lot_id: set() for lot_id in self.ids}
        relation, lot, allergen = map(
            SQL.identifier, (field.relation, field.column1, field.column2)
        )
        rows = self.env.execute_query(
            SQL("SELECT %s, %s FROM %s WHERE %s = ANY(%s)", lot, allergen, relation, lot, self.ids)
        )
        for lot_id, allergen_id in rows:
            found[lot_id].add(allergen_id)
        return found

    @api.onchange("product_id")
    def _onchange_product_allergens(self):
        if not self._origin:
            self.allergen_ids = self.product_id.allergen_ids

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: a subcontractor in the portal makes lots and may not read products
        products = self.env["product.product"].sudo()
        known = {
            product_id: products.browse(product_id)._allergens().ids
            for product_id in {vals.get("product_id") for vals in vals_list}
        }
        for vals in vals_list:
            allergens = known[vals.get("product_id")]
            if allergens and "allergen_ids" not in vals:
                vals["allergen_ids"] = [(6, 0, allergens)]
        return super().create(vals_list)

    # -- dates -------------------------------------------------------------------------------

    @api.constrains(*_DAYS, *_INSTANTS)
    def _check_dates(self):
        latest = self.env["lot.calendar"]._today()
        for lot in distinct(self, "company_id", *_DAYS, *_INSTANTS):
            days = lot._days(self.env["lot.calendar"]._zone(lot._lot_company()))
            for name, day in days.items():
                if name in _DAYS and (day.year < _FIRST_YEAR or (day - latest).days > 1):
                    raise ValidationError(lot._wrong_date(name, day))
            for first, second in _IN_ORDER:
                if first in days and second in days and days[second] < days[first]:
                    raise ValidationError(lot._wrong_order(first, second, days))

    @api.model
    def _dates_in_order(self) -> tuple[tuple[str, str], ...]:
        """Pairs of dates of which the second cannot be before the first."""
        return _IN_ORDER

    def _days(self, zone: str) -> dict[str, date]:
        """The days of this lot that are known, in the zone of its company."""
        days = {name: self[name] for name in _DAYS if self[name]}
        for name in _INSTANTS:
            instant = self[name]
            if instant:
                days[name] = local_day(instant, zone)
        return days

    def _label_of(self, name: str) -> str:
        return self._fields[name].get_description(self.env, ["string"])["string"]

    def _wrong_date(self, name: str, day: date) -> str:
        return self.env._(
            "Lot %(lot)s of %(product)s: %(field)s cannot be %(date)s. Enter a day that has been.",
            lot=self.name,
            product=self.product_id.display_name,
            field=self._label_of(name),
            date=format_date(self.env, day),
        )

    def _wrong_order(self, first: str, second: str, days: dict[str, date]) -> str:
        return self.env._(
            "Lot %(lot)s of %(product)s: %(second)s (%(second_date)s) is before %(first)s "
            "(%(first_date)s). Correct one of the two.",
            lot=self.name,
            product=self.product_id.display_name,
            second=self._label_of(second),
            second_date=format_date(self.env, days[second]),
            first=self._label_of(first),
            first_date=format_date(self.env, days[first]),
        )

    # -- helpers -----------------------------------------------------------------------------

    def _shared_facts(self) -> dict:
        """What a lot made of these, as they are, knows from them: what all of them agree on, and
        all of their allergens."""
        values = {"allergen_ids": [(6, 0, self.allergen_ids.ids)]}
        for name in ("supplier_id", *FACTS):
            known = {lot[name] for lot in self}
            value = known.pop()
            if value and not known:
                values[name] = value.id if isinstance(value, models.BaseModel) else value
        return values

    def _post_lines(self, lines: Iterable[str]) -> None:
        """One note in the chatter of this lot."""
        body = Markup("<br/>").join(escape(line) for line in lines)
        if body:
            # sudo: the note tells what the user was allowed to do
            self.sudo().message_post(body=body)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_measured(self):
        # sudo: a reading of another company, or one struck out, protects the lot as well
        readings = self.env["lot.measurement"].sudo().with_context(active_test=False)
        measured = readings.search([("lot_id", "in", self.ids)], limit=1).lot_id
        if measured:
            raise UserError(
                self.env._(
                    "Lot %s has readings and is part of the record, so it cannot be deleted. "
                    "Correct its number instead.",
                    measured.name,
                )
            )
