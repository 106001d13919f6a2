from typing import Any

from odoo import api, fields, models
from odoo.tools import SQL

# Where nobody stands behind a delivery, consumers have it.
_COLUMNS = {
    "lot_id": "int",
    "product_id": "int",
    "partner_id": "int",
    "res_model": "text",
    "res_id": "int",
    "document": "text",
    "date": "timestamptz",
    "quantity": "numeric",
    "returned": "numeric",
    "net": "numeric",
    "certainty": "text",
}


class LotRecallDelivery(models.Model):
    """One delivery of an affected lot, net of what came back of it, as it was when the scope was
    computed: the document behind what a consignee is told."""

    _name = "lot.recall.delivery"
    _description = "Delivery of a recalled lot"
    _order = "date, id"
    _log_access = False

    scope_id = fields.Many2one("lot.recall.scope", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="scope_id.company_id")
    lot_id = fields.Many2one(
        "stock.lot",
        ondelete="restrict",
        help="Empty where a product without lots may hold the goods",
    )
    product_id = fields.Many2one("product.product", ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Ship to", ondelete="restrict")
    res_model = fields.Char("Kind of document")
    res_id = fields.Many2oneReference("Document id", model_field="res_model")
    document = fields.Char()
    date = fields.Datetime("Delivered on")
    quantity = fields.Float("Shipped", digits="Product Unit")
    returned = fields.Float(digits="Product Unit")
    net = fields.Float(digits="Product Unit")
    certainty = fields.Selection([("recorded", "Recorded"), ("inferred", "Inferred")])

    _partner = models.Index("(scope_id, partner_id)")

    @api.model
    def _keep(self, scope, rows: list[dict[str, Any]]) -> None:
        """These are the deliveries of the scope, and no others.

        :param rows: deliveries as `lot.trace` gives them
        """
        self.env.cr.execute(SQL("DELETE FROM lot_recall_delivery WHERE scope_id = %s", scope.id))
        self._insert(scope, rows)

    @api.model
    def _add(self, scope, lot_ids: list[int], rows: list[dict[str, Any]]) -> None:
        """And these, of lots that were added by hand."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM lot_recall_delivery WHERE scope_id = %s AND lot_id = ANY(%s)",
                scope.id,
                lot_ids,
            )
        )
        self._insert(scope, rows)

    @api.model
    def _insert(self, scope, rows: list[dict[str, Any]]) -> None:
        values = [
            {
                **{name: row[name] for name in ("quantity", "returned", "net", "certainty")},
                "lot_id": row["lot_id"] or None,
                "product_id": row.get("product_id") or None,
                "partner_id": row["partner_id"] or None,
                "date": row["date"] or None,
                "res_model": row["document"]["model"] or None,
                "res_id": row["document"]["id"] or None,
                "document": row["document"]["name"] or None,
            }
            for row in rows
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lot_recall_delivery (scope_id, %(names)s)
                SELECT %(scope)s, row.lot_id, COALESCE(row.product_id, lot.product_id), %(rest)s
                  FROM UNNEST(%(arrays)s) AS row(%(names)s)
                  LEFT JOIN stock_lot lot ON lot.id = row.lot_id
                """,
                scope=scope.id,
                names=SQL(", ").join(map(SQL.identifier, _COLUMNS)),
                rest=SQL(", ").join(
                    SQL("row.date AT TIME ZONE 'UTC'")
                    if name == "date"
                    else SQL.identifier("row", name)
                    for name in list(_COLUMNS)[2:]
                ),
                arrays=SQL(", ").join(
                    SQL("%s::%s[]", [row[name] for row in values], SQL(kind))
                    for name, kind in _COLUMNS.items()
                ),
            )
        )
        self.invalidate_model()
