from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("destroy", "Destroy"),
    ("rework", "Rework"),
    ("supplier", "Return to the supplier"),
    ("release", "Release"),
    ("outside", "Scrapped outside of the recall"),
]
STATES = [
    ("planned", "Planned"),
    ("running", "Under way"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
# What was decided; after it was done, evidence.
_DECIDED = {
    "recall_id",
    "lot_id",
    "quantity",
    "kind",
    "location_id",
    "rework_product_id",
    "supplier_id",
    "witness_id",
    "witness_name",
    "attachment_ids",
}
_NOTED = {"decided_by_id", "decided_on", "started_on", "done_by_id", "cancelled", "cost_line_id"}


class LotRecallDisposition(models.Model):
    """What is decided about some of a recalled lot, and that it was done."""

    _name = "lot.recall.disposition"
    _description = "Disposition of recalled goods"
    _inherit = ["mail.thread", "mail.activity.mixin", "lot.signable"]
    _order = "recall_id desc, id"
    _check_company_auto = True

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    taken_lot_ids = fields.Many2many("stock.lot", compute="_compute_taken_lot_ids")
    lot_id = fields.Many2one(
        "stock.lot",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('id', 'in', taken_lot_ids)]",
    )
    product_id = fields.Many2one(related="lot_id.product_id", store=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    quantity = fields.Float(digits="Product Unit", required=True, tracking=True)
    available = fields.Float(
        "Not disposed of there", digits="Product Unit", compute="_compute_available"
    )
    kind = fields.Selection(KINDS, "What happens", required=True, tracking=True, default="destroy")
    location_id = fields.Many2one(
        "stock.location",
        "Where it lies",
        ondelete="restrict",
        domain="[('usage', '=', 'internal'), ('company_id', 'in', (company_id, False))]",
        help="Where most of it lies, unless said",
    )
    planned_on = fields.Date("Planned for", tracking=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_on = fields.Datetime("Decided on", readonly=True, copy=False)
    started_on = fields.Datetime("Begun on", readonly=True, copy=False)
    cancelled = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(STATES, compute="_compute_state", store=True)
    done_on = fields.Datetime("Done on", compute="_compute_state", store=True)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, copy=False)
    note = fields.Text(help="Why it is decided so")
    rework_product_id = fields.Many2one(
        "product.product",
        "Becomes",
        ondelete="restrict",
        help="The product that is made of it; empty: the same product again, under a new lot",
    )
    supplier_id = fields.Many2one(
        "res.partner", "Back to", ondelete="restrict", help="Empty: the supplier of the lot"
    )
    witness_id = fields.Many2one("res.partner", ondelete="restrict")
    witness_name = fields.Char("Name of the witness", help="Where the witness is no contact")
    attachment_ids = fields.Many2many("ir.attachment", string="Certificate")
    scrap_ids = fields.One2many("stock.scrap", "recall_disposition_id", "Scraps", readonly=True)
    production_ids = fields.One2many(
        "mrp.production", "recall_disposition_id", "Manufacturing orders", readonly=True
    )
    picking_ids = fields.One2many(
        "stock.picking", "recall_disposition_id", "Transfers", readonly=True
    )
    outside_line_id = fields.Many2one(
        "stock.move.line", "Movement", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    value = fields.Monetary("Value at cost", compute="_compute_value")
    cost_line_id = fields.Many2one(
        "account.analytic.line",
        "Cost",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    _outside_once = models.UniqueIndex(
        "(outside_line_id) WHERE outside_line_id IS NOT NULL",
        "This scrap stands in the recall already.",
    )

    @api.depends("recall_id.scope_id")
    def _compute_taken_lot_ids(self):
        for disposition in self:
            disposition.taken_lot_ids = disposition.recall_id._taken_lots()

    @api.depends("lot_id", "location_id", "quantity", "state")
    def _compute_available(self):
        for disposition in self:
            others = disposition._origin if disposition._origin else disposition
            disposition.available = disposition._free(others)

    @api.depends("lot_id", "quantity")
    def _compute_value(self):
        for disposition in self:
            disposition.value = disposition.quantity * disposition._unit_cost()

    @api.depends(
        "cancelled",
        "started_on",
        "kind",
        "scrap_ids.state",
        "production_ids.state",
        "picking_ids.state",
        "outside_line_id",
    )
    def _compute_state(self):
        for disposition in self:
            documents = [*disposition.production_ids, *disposition.picking_ids]
            live = [document for document in documents if document.state != "cancel"]
            if disposition.cancelled:
                state, done = "cancelled", False
            elif disposition.outside_line_id:
                state, done = "done", disposition.outside_line_id.date
            elif not disposition.started_on or (documents and not live):
                # An order or transfer that was called off leaves the decision to be done.
                state, done = "planned", False
            elif all(document.state == "done" for document in live):
                ends = [_end_of(document) for document in live]
                state, done = "done", max(ends, default=disposition.started_on)
            else:
                state, done = "running", False
            disposition.state, disposition.done_on = state, done

    @api.depends("lot_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for disposition in self:
            disposition.display_name = f"{disposition.lot_id.name}: {kinds.get(disposition.kind)}"

    @api.onchange("lot_id")
    def _onchange_lot_id(self):
        """Where most of it lies, and all that is there."""
        places = self._places()
        if places and self.location_id not in places:
            self.location_id = max(places, key=places.get)
        self.quantity = max(0.0, self._free(self._origin))

    # -- what may be written ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_evidence(vals)
            if not self.env.su or "decided_by_id" not in vals:
                vals |= {"decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}
        dispositions = super().create(vals_list)
        for disposition in dispositions.filtered(lambda one: not one.outside_line_id):
            disposition.recall_id._check_real()
            places = disposition._places()
            if places and not disposition.location_id:
                disposition.location_id = max(places, key=places.get)
            disposition._check_there()
            disposition._tell("disposition decided")
        dispositions._bind_papers()
        return dispositions

    def write(self, vals):
        self._refuse_evidence(vals)
        changing = _DECIDED & vals.keys()
        if changing and not self.env.su and any(one.state != "planned" for one in self):
            raise UserError(
                self.env._(
                    "This disposition is done or under way and does not change any more: "
                    "plan another one for what is left."
                )
            )
        result = super().write(vals)
        if changing & {"lot_id", "quantity", "location_id", "kind", "recall_id"}:
            for disposition in self.filtered(lambda one: one.state == "planned"):
                disposition._check_there()
        if "attachment_ids" in vals:
            self._bind_papers()
        return result

    def _bind_papers(self) -> None:
        """Files that were uploaded in a dialog are seen by their owner alone: from now on by all
        who see the disposition."""
        for disposition in self:
            # sudo: whose they are is looked at; only one's own are given away
            papers = disposition.sudo().attachment_ids.filtered(
                lambda paper: not paper.res_id and paper.create_uid == self.env.user
            )
            papers.write({"res_model": self._name, "res_id": disposition.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("A disposition is evidence and is not deleted: cancel it."))

    def _refuse_evidence(self, vals: dict[str, Any]) -> None:
        if self.env.su:
            return
        if (_NOTED | {"outside_line_id", "state", "done_on"}) & vals.keys():
            raise UserError(
                self.env._("Who decided and did it, and when, is noted by itself: use its buttons.")
            )
        if vals.get("kind") == "outside":
            raise UserError(
                self.env._(
                    "What was scrapped outside of the recall is found by itself: choose "
                    "what is to be done."
                )
            )

    # -- how much there is -----------------------------------------------------------------------

    def _places(self) -> dict[Any, float]:
        """{place: how much of the lot lies there} inside of the company."""
        rows = self._quants_of(self.lot_id, self.company_id)
        found: dict = {}
        for quant in rows:
            found[quant.location_id] = found.get(quant.location_id, 0.0) + quant.quantity
        return found

    @api.model
    def _quants_of(self, lots, company, location=None):
        # sudo: how much there is counts, whoever may read stock
        domain = [
            ("lot_id", "in", lots.ids),
            ("company_id", "=", company.id),
            ("location_id.usage", "=", "internal"),
            ("quantity", ">", 0),
        ]
        if location is not None:
            domain.append(("location_id", "child_of", location.ids))
        # sudo: how much there is, whoever may read the stock
        return self.env["stock.quant"].sudo().search(domain, order="in_date, id")

    def _free(self, besides=None) -> float:
        """How much of the lot lies at the place and is not planned for anything else."""
        if not self.lot_id or not self.location_id:
            return 0.0
        there = sum(
            self._quants_of(self.lot_id, self.company_id, self.location_id).mapped("quantity")
        )
        planned = self.search(
            [
                ("lot_id", "=", self.lot_id.id),
                ("location_id", "=", self.location_id.id),
                ("state", "in", ("planned", "running")),
                ("id", "not in", besides.ids if besides else []),
            ]
        )
        return there - sum(planned.mapped("quantity"))

    def _check_there(self) -> None:
        """:raise UserError: unless the recall takes the lot and there is as much of it"""
        self.ensure_one()
        if self.lot_id not in self.recall_id._taken_lots():
            raise UserError(
                self.env._(
                    "%(recall)s does not take lot %(lot)s: add it to the scope first.",
                    recall=self.recall_id.name,
                    lot=self.lot_id.name,
                )
            )
        if not self.location_id:
            raise UserError(self.env._("Say where the goods of lot %s lie.", self.lot_id.name))
        if self.uom_id.compare(self.quantity, 0) <= 0:
            raise UserError(self.env._("Enter how much of lot %s it is.", self.lot_id.name))
        free = self._free(self)
        if self.uom_id.compare(self.quantity, free) > 0:
            raise UserError(
                self.env._(
                    "%(wanted)g %(unit)s of lot %(lot)s are more than there is: at %(place)s "
                    "%(free)g %(unit)s are not planned for anything else.",
                    wanted=self.quantity,
                    unit=self.uom_id.name,
                    lot=self.lot_id.name,
                    place=self.location_id.display_name,
                    free=max(0.0, free),
                )
            )

    def _unit_cost(self) -> float:
        # sudo: what goods cost is shown to those who decide about them
        lot = self.lot_id.sudo().with_company(self.company_id)
        return lot.standard_price if lot.product_id.lot_valuated else lot.product_id.standard_price

    # -- evidence and signature ------------------------------------------------------------------

    def _tell(self, step: str, **data) -> None:
        kinds = dict(KINDS)
        self.env["lot.audit.event"]._record(
            "recall",
            record=self.recall_id,
            lot=self.lot_id,
            company=self.company_id,
            document=self.recall_id,
            data={
                "step": step,
                "what": kinds[self.kind],
                "quantity": f"{self.quantity:.10g} {self.uom_id.name}",
                "place": self.location_id.display_name or "",
                "witness": self._witness(),
                **data,
            },
            why=self.note or "",
        )

    def _witness(self) -> str:
        return self.witness_id.display_name or self.witness_name or ""

    def _signature_place(self):
        return {"lot": self.lot_id, "document": self.recall_id, "company": self.company_id}

    def _signature_facts(self):
        return super()._signature_facts() | {
            "recall_id": {"id": self.recall_id.id, "name": self.recall_id.name},
            "lot_id": {"id": self.lot_id.id, "name": self.lot_id.name},
            "quantity": self.quantity,
            "kind": self.kind,
            "location_id": {"id": self.location_id.id, "name": self.location_id.display_name},
            "witness_name": self._witness(),
            "attachment_ids": [
                {"id": paper.id, "name": paper.name, "checksum": paper.checksum or ""}
                for paper in self.sudo().attachment_ids  # sudo: what was signed, read by all
            ],
        }

    def _signature_summary(self, code, values):
        return "\n".join(f"{one._goods_text()}; {one._witness()}" for one in self)

    def _goods_text(self) -> str:
        return (
            f"{self.lot_id.name} ({self.product_id.display_name}): {self.quantity:g} "
            f"{self.uom_id.name}, {self.location_id.display_name}"
        )


def _end_of(document):
    return document.date_finished if document._name == "mrp.production" else document.date_done
