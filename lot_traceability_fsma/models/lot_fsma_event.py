from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.events import EVENTS

KINDS = list(EVENTS.items())
DOCUMENTS = [
    ("bol", "Bill of lading"),
    ("po", "Purchase order"),
    ("asn", "Advance ship notice"),
    ("invoice", "Invoice"),
    ("work_order", "Work order"),
    ("record", "Database record"),
    ("batch_log", "Batch log"),
    ("production_log", "Production log"),
    ("field_tag", "Field tag"),
    ("catch_certificate", "Catch certificate"),
    ("receipt", "Receipt"),
    ("other", "Other"),
]
# Set when a later version takes the place of one, and when it is told as EPCIS.
_SUPERSEDED = {"replaced_by_id", "epcis_event_id"}


class LotFsmaEvent(models.Model):
    """One critical tracking event of one traceability lot, with its key data elements.

    It is what was known when it happened. What was wrong or missing is told by a new version,
    which names the reason; the earlier one stays and points at it. Nothing is ever deleted.
    """

    _name = "lot.fsma.event"
    _description = "Critical tracking event"
    _inherit = ["lot.fsma.commodity"]
    _order = "date desc, id desc"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    date = fields.Date(
        readonly=True, help="Of the event itself, where it happened: harvest, packing, landing, …"
    )
    moment = fields.Datetime("Time", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Business partner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The firm that it came from or went to",
    )
    lot_id = fields.Many2one(
        "stock.lot", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    product_id = fields.Many2one("product.product", readonly=True, index=True, ondelete="restrict")
    category_id = fields.Many2one(
        "lot.fsma.category", "Category of the list", readonly=True, ondelete="restrict"
    )
    code_id = fields.Many2one(
        "lot.fsma.code", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    tlc = fields.Char("Traceability lot code", readonly=True, index="trigram")
    source_place_id = fields.Many2one(
        "lot.fsma.place", "Source of the code", readonly=True, ondelete="restrict"
    )
    source_reference = fields.Char(readonly=True)
    product_description = fields.Char(readonly=True)
    packaging = fields.Char(readonly=True, help="Packaging size and style")
    species = fields.Char("Species or market name", readonly=True)
    catch_area = fields.Char("Areas of the catch", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    uom_id = fields.Many2one("uom.uom", readonly=True, ondelete="restrict")
    uom = fields.Char("Unit", readonly=True)
    location_place_id = fields.Many2one(
        "lot.fsma.place", "Took place at", readonly=True, ondelete="restrict"
    )
    to_place_id = fields.Many2one("lot.fsma.place", "Goes to", readonly=True, ondelete="restrict")
    document_type = fields.Selection(DOCUMENTS, readonly=True)
    document_number = fields.Char(readonly=True, index="trigram")
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    void = fields.Boolean(
        "Did not take place", readonly=True, help="What an earlier version told was taken back"
    )
    exempt_source = fields.Boolean("From an exempt source", readonly=True)
    raw_input = fields.Boolean("Of a raw commodity", readonly=True)
    produce = fields.Boolean("Grown on fields", readonly=True)
    aquaculture = fields.Boolean(readonly=True)
    sprouts = fields.Boolean(readonly=True)
    details = fields.Json("Further elements", readonly=True)
    input_ids = fields.One2many("lot.fsma.event.input", "event_id", "Lots used", readonly=True)
    missing = fields.Char(
        "Missing elements", readonly=True, help="Codes between commas; empty when complete"
    )
    missing_text = fields.Char("Missing", compute="_compute_missing_text")
    completeness = fields.Float(readonly=True, aggregator="avg", help="From 0 to 1")
    version = fields.Integer(default=1, readonly=True, aggregator=False)
    replaced_by_id = fields.Many2one(
        "lot.fsma.event", "Replaced by", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    replaces_ids = fields.One2many("lot.fsma.event", "replaced_by_id", "Earlier version")
    reason = fields.Char("Reason of the version", readonly=True)
    user_id = fields.Many2one("res.users", "Recorded by", readonly=True, ondelete="restrict")

    # What is asked: a firm's events of a kind in a time, as they stand now.
    _current = models.Index("(company_id, kind, date) WHERE replaced_by_id IS NULL")
    _lot_current = models.Index("(lot_id, kind) WHERE replaced_by_id IS NULL")

    @api.depends("kind", "tlc", "lot_id", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            what = event.tlc or event.lot_id.name or event.document_number or ""
            event.display_name = f"{labels.get(event.kind, '')} {what}".strip()

    @api.depends("missing")
    def _compute_missing_text(self):
        names = self.env["lot.fsma.element"]._names()
        for event in self:
            codes = filter(None, (event.missing or "").split(","))
            event.missing_text = ", ".join(names.get(code, code) for code in codes)

    # -- kept as it was --------------------------------------------------------------------------

    def write(self, vals):
        self._check_kept(vals)
        return super().write(vals)

    def _check_kept(self, vals: dict) -> None:
        """:raise UserError: unless a later version takes the place of these"""
        if self and not (self.env.su and vals.keys() <= _SUPERSEDED):
            raise UserError(
                self.env._(
                    "Recorded events are not changed. Use “Correct”: a new version tells what was "
                    "wrong, and why."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        if self:
            raise UserError(
                self.env._(
                    "Recorded events are kept for at least two years (21 CFR 1.1455) and are not "
                    "deleted. Correct a wrong one: a new version takes its place."
                )
            )

    # -- reading ---------------------------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, **kwargs):
        # Whoever reads events sees those of the running transaction.
        self.env["lot.fsma.recorder"]._flush()
        return super()._search(domain, *args, **kwargs)

    def action_correct(self) -> dict:
        """Open the form that corrects or completes this event.

        :return: the action of the form
        :raise UserError: when a later version has replaced it
        """
        self.ensure_one()
        self._check_current()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complete or correct"),
            "res_model": "lot.fsma.entry",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def _check_current(self) -> None:
        if self.replaced_by_id:
            raise UserError(
                self.env._(
                    "A later version has replaced this event. Open that one: %s.",
                    self.replaced_by_id.display_name,
                )
            )

    def action_open_document(self) -> dict:
        """Open the transfer or order that recorded this event.

        :return: the action of its form
        """
        self.ensure_one()
        document = self.picking_id or self.production_id
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [[False, "form"]],
        }
