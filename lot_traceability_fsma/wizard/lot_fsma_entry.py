from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.lot_fsma_event import DOCUMENTS, KINDS
from ..models.lot_fsma_event_learn import TOLD_TO_LOT
from ..models.lot_fsma_event_values import DETAILS
from ..tools.events import WITHOUT_CODE

# Contacts here, places there: the wizard is filled in with contacts as they are now.
CONTACTS = {
    "location_id": "location_place_id",
    "from_id": "from_place_id",
    "to_id": "to_place_id",
    "farm_id": "farm_place_id",
    "harvester_id": "harvester_place_id",
    "cooler_id": "cooling_place_id",
}
# Columns of an event that are filled in as they are.
PLAIN = (
    "date",
    "product_description",
    "packaging",
    "species",
    "catch_area",
    "quantity",
    "uom",
    "commodity",
    "variety",
    "field_name",
    "container_name",
    "harvest_date",
    "harvest_end_date",
    "cooling_date",
    "received_date",
    "received_quantity",
    "received_uom",
    "document_type",
    "document_number",
    "void",
)


class LotFsmaEntry(models.TransientModel):
    """The form of an event: to record harvesting and cooling, of which no document tells, and to
    complete or correct any event with a new version."""

    _name = "lot.fsma.entry"
    _description = "Entry of a critical tracking event"

    event_id = fields.Many2one("lot.fsma.event", readonly=True)
    kind = fields.Selection(KINDS, required=True, default="harvesting")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    missing_text = fields.Char(related="event_id.missing_text")
    reason = fields.Char(help="Why the event is corrected or completed")
    void = fields.Boolean("It did not take place")
    product_id = fields.Many2one("product.product")
    lot_id = fields.Many2one("stock.lot", domain="[('product_id', '=', product_id)]")
    date = fields.Date(default=fields.Date.context_today)
    quantity = fields.Float(digits="Product Unit")
    uom = fields.Char("Unit")
    tlc = fields.Char("Traceability lot code")
    source_id = fields.Many2one("res.partner", "Source of the code")
    source_reference = fields.Char()
    product_description = fields.Char()
    packaging = fields.Char("Packaging size and style")
    species = fields.Char("Species or market name")
    catch_area = fields.Char("Areas of the catch")
    location_id = fields.Many2one("res.partner", "Took place at")
    from_id = fields.Many2one("res.partner", "Came from")
    to_id = fields.Many2one("res.partner", "Goes to")
    farm_id = fields.Many2one("res.partner")
    area_id = fields.Many2one("lot.fsma.area", "Field or container")
    field_name = fields.Char("Field or growing area")
    container_name = fields.Char("Pond, pool, tank or cage")
    harvester_id = fields.Many2one("res.partner")
    cooler_id = fields.Many2one("res.partner", "Cooled at")
    commodity = fields.Char()
    variety = fields.Char()
    harvest_date = fields.Date("Harvested")
    harvest_end_date = fields.Date("Harvested until")
    cooling_date = fields.Date("Cooled")
    received_date = fields.Date("Received")
    received_quantity = fields.Float("Quantity received", digits="Product Unit")
    received_uom = fields.Char("Unit received")
    document_type = fields.Selection(DOCUMENTS)
    document_number = fields.Char()
    sprouts = fields.Boolean(compute="_compute_sprouts")
    line_ids = fields.One2many("lot.fsma.entry.line", "entry_id", "Seeds")

    @api.depends("event_id.sprouts")
    def _compute_sprouts(self):
        for entry in self:
            entry.sprouts = entry.event_id.sprouts

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        event = self.env["lot.fsma.event"].browse(values.get("event_id")).exists()
        if event:
            values.update(self._filled_in(event))
        return values

    @api.model
    def _filled_in(self, event) -> dict:
        """What an event says, as the form shows it."""
        values = {name: event[name] for name in (*PLAIN, "tlc", "source_reference", "kind")}
        values.update({name: event[place].partner_id.id for name, place in CONTACTS.items()})
        details = event.details or {}
        names = self.env["lot.fsma.element"]._names()
        if event.sprouts:
            values["line_ids"] = [
                Command.create(
                    {"code": code, "name": names.get(code, code), "value": details.get(code)}
                )
                for code in names
                if code in DETAILS
            ]
        return {
            **values,
            "source_id": event.source_place_id.partner_id.id,
            "company_id": event.company_id.id,
            "product_id": event.product_id.id,
            "lot_id": event.lot_id.id,
        }

    @api.onchange("product_id")
    def _onchange_product(self):
        if self.product_id and not self.event_id:
            self.commodity = self.product_id.fsma_commodity or self.product_id.name
            self.variety = self.product_id.fsma_variety
            self.uom = self.product_id.uom_id.name
            if self.lot_id.product_id != self.product_id:
                self.lot_id = False

    @api.onchange("farm_id")
    def _onchange_farm(self):
        self.harvester_id = self.harvester_id or self.farm_id

    @api.onchange("area_id")
    def _onchange_area(self):
        told = self.area_id._told()
        self.field_name = told.get("field_name") or self.field_name
        self.container_name = told.get("container_name") or self.container_name

    # -- saving ----------------------------------------------------------------------------------

    def action_save(self) -> dict:
        """Record the event, or a new version of it.

        :return: the action of the form of what was recorded
        :raise UserError: when a correction has no reason or changes nothing, or an event that a
            document tells of is entered by hand
        """
        self.ensure_one()
        event = self._correct() if self.event_id else self._enter()
        return {
            "type": "ir.actions.act_window",
            "res_model": "lot.fsma.event",
            "res_id": event.id,
            "views": [[False, "form"]],
        }

    def _enter(self):
        if self.kind not in WITHOUT_CODE:
            raise UserError(
                self.env._(
                    "Only harvesting and cooling are entered by hand. The other events are "
                    "recorded with their transfers and manufacturing orders."
                )
            )
        if not self.product_id or not self.date:
            raise UserError(self.env._("Choose the product and the day."))
        if self.quantity <= 0:
            raise UserError(self.env._("Enter a quantity above zero."))
        place = self.farm_id if self.kind == "harvesting" else self.location_id
        event = self.env["lot.fsma.event"]._add(
            [
                {
                    **self._columns(),
                    **self.product_id._fsma_applies(),
                    "kind": self.kind,
                    "company_id": self.company_id.id,
                    "moment": fields.Datetime.now(),
                    "partner_id": place.commercial_partner_id.id,
                    "product_id": self.product_id.id,
                    "category_id": self.product_id.fsma_category_id.id,
                    "uom_id": self.product_id.uom_id.id,
                    "lot_id": self.lot_id.id,
                    "location_place_id": self._places()[place.id],
                }
            ]
        )
        self._tell_lots(event, set(TOLD_TO_LOT))
        self.env["lot.audit.event"]._record(
            "fsma",
            record=event,
            lot=event.lot_id,
            product=event.product_id,
            company=event.company_id,
            data={"step": self.env._("Event entered by hand")},
        )
        return event

    def _correct(self):
        self.event_id._check_correction(self.reason)
        before = self._filled_in(self.event_id)
        changed = {
            name
            for name in (*PLAIN, *CONTACTS, "tlc", "source_id", "source_reference")
            if (self._plain(name) or False) != (before[name] or False)
        }
        columns = self._columns()
        values = {name: columns[name] for name in PLAIN if name in changed}
        values.update(
            {CONTACTS[name]: columns[CONTACTS[name]] for name in changed & CONTACTS.keys()}
        )
        if changed & {"tlc", "source_id", "source_reference"}:
            values.update(self._code_columns())
        details = self._details()
        if details != {k: v for k, v in (self.event_id.details or {}).items() if v}:
            values["details"] = details
        if not values:
            raise UserError(self.env._("Nothing was changed. Fill in what is missing or wrong."))
        event = self.event_id._correct(values, self.reason)
        self._tell_lots(event, changed)
        if "code_id" in values:
            event._pass_on_code(self.reason)
        return event

    def _plain(self, name: str):
        value = self[name]
        return value.id if isinstance(value, models.BaseModel) else value

    def _places(self) -> dict[int, int]:
        partners = self.env["res.partner"].union(*(self[name] for name in CONTACTS), self.source_id)
        return {False: False, **self.env["lot.fsma.place"]._of(partners)}

    def _columns(self) -> dict:
        places = self._places()
        values = {name: self[name] for name in PLAIN}
        values.update({column: places[self[name].id] for name, column in CONTACTS.items()})
        return values

    def _code_columns(self) -> dict:
        """Another code, or another source: the lot gets it, and this event tells it."""
        told = (self.tlc or "").strip()
        if not told:
            raise UserError(
                self.env._("A code that was told cannot be taken away. Enter the right one.")
            )
        reference = (self.source_reference or "").strip()
        event = self.event_id
        code = event.code_id._told_otherwise(event.lot_id, told, self.source_id, reference)
        return {
            "code_id": code.id,
            "tlc": code.code,
            "source_place_id": self._places()[self.source_id.id],
            "source_reference": code.reference,
        }

    def _details(self) -> dict:
        return {
            line.code: line.value.strip() for line in self.line_ids if (line.value or "").strip()
        }

    def _tell_lots(self, event, changed: set[str]) -> None:
        told = {name: self._plain(name) for name in TOLD_TO_LOT if name in changed}
        event._tell_lots(told, self._details())


class LotFsmaEntryLine(models.TransientModel):
    _name = "lot.fsma.entry.line"
    _description = "Element of the seeds"

    entry_id = fields.Many2one("lot.fsma.entry", required=True, ondelete="cascade")
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("Element", readonly=True)
    value = fields.Char()
