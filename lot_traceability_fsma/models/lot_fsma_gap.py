from odoo import api, fields, models
from odoo.tools import SQL

from .lot_fsma_event import KINDS

_DEPENDS = [
    "kind",
    "date",
    "company_id",
    "warehouse_id",
    "partner_id",
    "product_id",
    "category_id",
    "lot_id",
    "picking_id",
    "production_id",
    "missing",
    "completeness",
    "replaced_by_id",
    "void",
]
# An event lacks fewer elements than this: numbers of gaps are made with it.
_MOST = 64


class LotFsmaOverview(models.AbstractModel):
    """What the views over recorded events have in common: what took place, as it stands now."""

    _name = "lot.fsma.overview"
    _description = "Overview of events"
    _order = "date desc, id desc"
    _rec_name = "event_id"

    event_id = fields.Many2one("lot.fsma.event", readonly=True)
    kind = fields.Selection(KINDS, "Kind of event", readonly=True)
    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Plant", readonly=True)
    partner_id = fields.Many2one("res.partner", "Business partner", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    category_id = fields.Many2one("lot.fsma.category", "Category of the list", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)

    @api.model
    def _search(self, domain, *args, **kwargs):
        # Whoever reads events sees those of the running transaction.
        self.env["lot.fsma.recorder"]._flush()
        return super()._search(domain, *args, **kwargs)

    def _columns_of_event(self) -> SQL:
        return SQL(
            "event.id AS event_id, event.kind, event.date, event.company_id, event.warehouse_id, "
            "event.partner_id, event.product_id, event.category_id, event.lot_id"
        )


class LotFsmaGap(models.Model):
    """The work list: one row for each data element that a current event lacks."""

    _name = "lot.fsma.gap"
    _description = "Missing data element"
    _inherit = ["lot.fsma.overview"]
    _auto = False
    _depends = {"lot.fsma.event": _DEPENDS}

    element_id = fields.Many2one("lot.fsma.element", "Missing", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    production_id = fields.Many2one("mrp.production", "Manufacturing order", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """SELECT event.id * %(most)s + gap.number AS id, %(columns)s, event.picking_id,
                      event.production_id, element.id AS element_id
                 FROM lot_fsma_event event
                CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH ',' FROM event.missing), ','))
                           WITH ORDINALITY AS gap(code, number)
                 JOIN lot_fsma_element element ON element.code = gap.code
                WHERE event.replaced_by_id IS NULL AND event.missing IS NOT NULL""",
            most=_MOST,
            columns=self._columns_of_event(),
        )

    def action_fill_in(self) -> dict:
        """Open the form that fills in what the events of these rows lack, all at once.

        :return: the action of the form
        """
        return self.event_id.action_fill_in()

    def action_correct(self) -> dict:
        """Open the form that completes the event of this row.

        :return: the action of the form
        """
        return self.event_id.action_correct()


class LotFsmaCompleteness(models.Model):
    """The board: how much of what the rule asks for is known, by supplier, plant and week."""

    _name = "lot.fsma.completeness"
    _description = "Completeness of events"
    _inherit = ["lot.fsma.overview"]
    _auto = False
    _depends = {"lot.fsma.event": _DEPENDS}

    completeness = fields.Float("Elements known", readonly=True, aggregator="avg")
    complete = fields.Float("Events complete", readonly=True, aggregator="avg")
    missing_count = fields.Integer("Missing elements", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """SELECT event.id AS id, %(columns)s, event.completeness,
                      (event.missing IS NULL)::int::float8 AS complete,
                      COALESCE(
                          cardinality(
                              string_to_array(trim(BOTH ',' FROM event.missing), ',')
                          ), 0
                      ) AS missing_count
                 FROM lot_fsma_event event
                WHERE event.replaced_by_id IS NULL AND event.void IS NOT TRUE""",
            columns=self._columns_of_event(),
        )

    def action_open_event(self) -> dict:
        """Open the event of this row.

        :return: the action of its form
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "lot.fsma.event",
            "res_id": self.event_id.id,
            "views": [[False, "form"]],
        }
