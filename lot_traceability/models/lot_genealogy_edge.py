from collections.abc import Callable

from odoo import api, fields, models
from odoo.tools import SQL

from .lot_genealogy_link import GenealogyLink

KINDS = [
    ("production", "Production"),
    ("subcontracting", "Subcontracting"),
    ("unbuild", "Unbuild"),
    ("repair", "Repair"),
    ("removal", "Removed in a repair"),
    ("split", "Split"),
    ("merge", "Merge"),
    ("relabel", "Relabel"),
    ("untracked", "Through an untracked product"),
    ("transfer", "Transfer between companies"),
]
CERTAINTIES = [("recorded", "Recorded"), ("inferred", "Inferred")]


class LotGenealogyEdge(models.Model):
    """One lot that went into another, in one document.

    A pure function of done stock records: `_derive` gives the rows of a set of documents, the
    upkeep and the rebuild both write what it gives, and nothing else writes this table.
    """

    _name = "lot.genealogy.edge"
    _description = "Lot genealogy link"
    _inherit = ["lot.genealogy.derived"]
    _order = "date desc, id desc"
    _rec_name = "kind"
    _log_access = False

    parent_lot_id = fields.Many2one("stock.lot", "Went in", required=True, ondelete="cascade")
    child_lot_id = fields.Many2one("stock.lot", "Came out", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True)
    certainty = fields.Selection(CERTAINTIES, required=True)
    parent_quantity = fields.Float("Quantity in", help="In the unit of the product that went in")
    child_quantity = fields.Float("Quantity out", help="In the unit of the product that came out")
    res_model = fields.Char("Document model", required=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", required=True)
    date = fields.Datetime("Went in on", required=True)
    date_out = fields.Datetime("Came out on", required=True)
    company_id = GenealogyLink("res.company", required=True)

    # The engine walks both ways; INCLUDE keeps the walk inside the index.
    _down = models.Index("(parent_lot_id) INCLUDE (child_lot_id, company_id)")
    _up = models.Index("(child_lot_id) INCLUDE (parent_lot_id, company_id)")
    _document = models.UniqueIndex("(res_model, res_id, parent_lot_id, child_lot_id, kind)")

    @api.model
    def _columns(self) -> tuple[str, ...]:
        return (
            "parent_lot_id",
            "child_lot_id",
            "kind",
            "certainty",
            "parent_quantity",
            "child_quantity",
            "res_model",
            "res_id",
            "date",
            "date_out",
            "company_id",
        )

    @api.model
    def _key(self) -> tuple[str, ...]:
        return ("res_model", "res_id", "parent_lot_id", "child_lot_id", "kind")

    @api.model
    def _documents_of_moves(self) -> dict[str, Callable]:
        """The documents that make edges, each with what tells the id of it from a move.

        An app that transforms lots in its own document adds it here and a part in
        `_line_parts`; the documents that are not installed are left out.
        """
        documents = {
            "mrp.production": lambda move: (
                move.raw_material_production_id.id or move.production_id.id
            ),
            "mrp.unbuild": lambda move: move.unbuild_id.id,
            "lot.operation": lambda move: move.lot_operation_id.id,
            "stock.picking": self.env["lot.genealogy.transfer"]._received_with,
        }
        if "repair.order" in self.env:
            documents["repair.order"] = lambda move: move.repair_id.id
        return documents

    @api.model
    def _derive(
        self, documents: dict[str, list[int]], untracked: bool = True, single: bool = False
    ) -> SQL:
        """The edges of `documents` ({model: ids}) as a SELECT of `_columns`.

        :param untracked: whether any of the orders made or used something without a lot
        :param single: whether they are orders each of which made one lot, and nothing else
        """
        if single:
            return self._single_select(documents["mrp.production"])
        parts = [
            part for model, ids in documents.items() if ids for part in self._line_parts(model, ids)
        ]
        recorded = self._recorded_select(SQL(" UNION ALL ").join(parts)) if parts else None
        orders = documents.get("mrp.production", []) if untracked else []
        hops = self.env["lot.genealogy.untracked"]._derive(orders)
        transfers = self.env["lot.genealogy.transfer"]._derive(documents.get("stock.picking", []))
        return SQL(" UNION ALL ").join(part for part in (recorded, hops, transfers) if part)

    # -- the lines of each kind of document --------------------------------------------------

    def _line_parts(self, model: str, ids: list[int]) -> list[SQL]:
        """SELECTs of (res_model, res_id, kind, incoming, line_id, main): done move lines that
        went into (`incoming`) or came out of a transformation; `main` marks the product that
        the document was made for, as opposed to by-products."""
        return getattr(self, "_line_parts_" + model.replace(".", "_"))(model, ids)

    def _line_parts_mrp_production(self, model: str, ids: list[int]) -> list[SQL]:
        kind, _order = self._production_kind()
        return [
            SQL(
                """SELECT %s AS res_model, p.id AS res_id, %s AS kind, %s AS incoming,
                          l.id AS line_id, m.product_id = p.product_id AS main
                     FROM mrp_production p
                     JOIN stock_move m ON m.%s = p.id
                     JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                     JOIN stock_location place
                       ON place.id = l.%s AND place.usage = 'production'
                    WHERE p.id = ANY(%s)""",
                model,
                kind,
                incoming,
                SQL.identifier(move_column),
                SQL.identifier(place_column),
                ids,
            )
            for incoming, move_column, place_column in (
                (True, "raw_material_production_id", "location_dest_id"),
                (False, "production_id", "location_id"),
            )
        ]

    def _production_kind(self) -> tuple[SQL, SQL]:
        """(the kind of the links of an order, the join with the order `p` that tells it)"""
        if "subcontractor_id" not in self.env["mrp.production"]._fields:
            return SQL("'production'"), SQL()
        # Not by the type of the bill of materials, which may be changed after the order.
        return (
            SQL("CASE WHEN p.subcontractor_id IS NULL THEN 'production' ELSE 'subcontracting' END"),
            SQL("JOIN mrp_production p ON p.id = pair.res_id"),
        )

    def _line_parts_mrp_unbuild(self, model: str, ids: list[int]) -> list[SQL]:
        return self._line_parts_by_place(model, ids, "unbuild_id", SQL("'unbuild'"))

    def _line_parts_stock_picking(self, model: str, ids: list[int]) -> list[SQL]:
        """A transfer transforms nothing; its links between companies are derived apart."""
        return []

    def _line_parts_lot_operation(self, model: str, ids: list[int]) -> list[SQL]:
        kind = SQL("(SELECT o.kind FROM lot_operation o WHERE o.id = m.lot_operation_id)")
        return self._line_parts_by_place(model, ids, "lot_operation_id", kind)

    def _line_parts_by_place(self, model: str, ids: list[int], column: str, kind: SQL) -> list[SQL]:
        """Documents whose moves share one column: what enters the production location went in,
        what leaves it came out."""
        return [
            SQL(
                """SELECT %s, m.%s, %s, dest.usage = 'production', l.id, TRUE
                     FROM stock_move m
                     JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                     JOIN stock_location src ON src.id = l.location_id
                     JOIN stock_location dest ON dest.id = l.location_dest_id
                    WHERE m.%s = ANY(%s) AND 'production' IN (src.usage, dest.usage)""",
                model,
                SQL.identifier(column),
                kind,
                SQL.identifier(column),
                ids,
            )
        ]

    def _line_parts_repair_order(self, model: str, ids: list[int]) -> list[SQL]:
        """Parts that were added went into the repaired item; parts that were removed or recycled
        came out of it. The item's own move has no `repair_line_type`."""
        select = """SELECT %s, m.repair_id, %s, %s, l.id, TRUE
                      FROM stock_move m
                      JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                     WHERE m.repair_id = ANY(%s) AND %s"""
        added = SQL("m.repair_line_type = 'add'")
        removed = SQL("m.repair_line_type IN ('remove', 'recycle')")
        item = SQL("m.repair_line_type IS NULL")
        return [
            SQL(select, model, SQL("'repair'"), True, ids, added),
            SQL(select, model, SQL("'repair'"), False, ids, item),
            SQL(select, model, SQL("'removal'"), True, ids, item),
            SQL(select, model, SQL("'removal'"), False, ids, removed),
        ]

    # -- pairing what went in with what came out ---------------------------------------------

    def _single_select(self, production_ids: list[int]) -> SQL:
        """The same as `_recorded_select` gives of orders that made one lot each and nothing else:
        there is nothing to share out, and nothing that is not sure. PostgreSQL plans it in a
        fraction of the time, which is most of what the links of one order cost."""
        kind, order = self._production_kind()
        return SQL(
            """
            (WITH line AS MATERIALIZED (
                SELECT m.production_id IS NULL AS incoming, l.lot_id, l.product_id,
                       COALESCE(m.production_id, m.raw_material_production_id) AS res_id,
                       l.quantity_product_uom AS quantity, l.date, l.company_id
                  FROM stock_move m
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                  JOIN stock_location place
                    ON place.usage = 'production' AND place.id = CASE WHEN m.production_id IS NULL
                       THEN l.location_dest_id ELSE l.location_id END
                 WHERE (m.production_id = ANY(%(ids)s)
                        OR m.raw_material_production_id = ANY(%(ids)s))
                   AND l.quantity_product_uom > 0
            ), made AS (
                SELECT res_id, lot_id, SUM(quantity) AS quantity, MIN(date) AS date
                  FROM line WHERE NOT incoming GROUP BY 1, 2
            ), pair AS (
                SELECT i.res_id, i.lot_id AS parent_lot_id, o.lot_id AS child_lot_id,
                       SUM(i.quantity) AS parent_quantity,
                       o.quantity * SUM(i.quantity) / SUM(SUM(i.quantity)) OVER (
                           PARTITION BY i.res_id, i.product_id) AS child_quantity,
                       MAX(i.date) AS date, o.date AS date_out, MIN(i.company_id) AS company_id
                  FROM line i JOIN made o ON o.res_id = i.res_id
                 WHERE i.incoming AND i.lot_id IS NOT NULL
                 GROUP BY 1, 2, 3, i.product_id, o.quantity, o.date
            )
            SELECT parent_lot_id, child_lot_id, %(kind)s, 'recorded', parent_quantity::float8,
                   child_quantity::float8, 'mrp.production', res_id, date, date_out,
                   pair.company_id
              FROM pair %(order)s WHERE child_lot_id <> parent_lot_id)
            """,
            ids=production_ids,
            kind=kind,
            order=order,
        )

    def _recorded_select(self, lines: SQL) -> SQL:
        """Pair the lots that went in with the lots that came out of each document.

        - Every input goes into every output, unless core recorded for this very input line
          which output lines it went into (`consume_line_ids` that names some of them).
        - An input is shared among its outputs by quantity where all outputs have the same
          reference unit, else by cost share; an output among the lots of one component by the
          quantity of these lots.
        - The link is `inferred` when several lots of one component meet several lots of one
          output product and nothing recorded says which went where.
        """
        return SQL(
            """
            (WITH line AS MATERIALIZED (
                SELECT part.res_model, part.res_id, part.kind, part.incoming, part.main,
                       l.id, l.lot_id, l.product_id, l.quantity_product_uom AS quantity, l.date,
                       l.company_id, COALESCE(m.cost_share, 0) AS cost_share, m.id AS move_id
                  FROM (%(lines)s) part(res_model, res_id, kind, incoming, line_id, main)
                  JOIN stock_move_line l ON l.id = part.line_id
                  JOIN stock_move m ON m.id = l.move_id
                 WHERE l.quantity_product_uom > 0
            ), several AS (
                SELECT res_model, res_id, kind, COUNT(*) AS outputs
                  FROM line WHERE NOT incoming
                 GROUP BY 1, 2, 3 HAVING COUNT(DISTINCT lot_id) > 1
            ), target AS (
                SELECT i.id, ARRAY_AGG(o.id ORDER BY o.id) AS line_ids
                  FROM line i
                  JOIN several USING (res_model, res_id, kind)
                  JOIN stock_move_line_consume_rel rel ON rel.produce_line_id = i.id
                  JOIN line o ON o.id = rel.consume_line_id AND NOT o.incoming
                   AND o.res_model = i.res_model AND o.res_id = i.res_id AND o.kind = i.kind
                 WHERE i.incoming AND i.kind IN ('production', 'subcontracting')
                 GROUP BY i.id, several.outputs HAVING COUNT(*) < several.outputs
            ), input AS (
                SELECT i.res_model, i.res_id, i.kind, i.lot_id, i.product_id, target.line_ids,
                       SUM(i.quantity) AS quantity, MAX(i.date) AS date,
                       MIN(i.company_id) AS company_id
                  FROM line i LEFT JOIN target ON target.id = i.id
                 WHERE i.incoming AND i.lot_id IS NOT NULL
                 GROUP BY 1, 2, 3, 4, 5, 6
            ), output AS (
                SELECT o.res_model, o.res_id, o.kind, o.lot_id, o.product_id, o.main,
                       ARRAY_AGG(o.id) AS line_ids, SUM(o.quantity) AS quantity,
                       MIN(o.date) AS date, MAX(o.cost_share) AS cost_share,
                       SUM(o.quantity) * MAX(unit.factor) AS reference,
                       MAX(SPLIT_PART(unit.parent_path, '/', 1)) AS root
                  FROM line o
                  JOIN product_product pp ON pp.id = o.product_id
                  JOIN product_template pt ON pt.id = pp.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = pt.uom_id
                 WHERE NOT o.incoming
                 GROUP BY 1, 2, 3, 4, 5, 6
            ), byproduct AS (
                SELECT res_model, res_id, kind, SUM(cost_share) AS cost_share
                  FROM (SELECT DISTINCT res_model, res_id, kind, move_id, cost_share
                          FROM line WHERE NOT incoming AND NOT main) share
                 GROUP BY 1, 2, 3
            ), weighted AS (
                SELECT o.*,
                       CASE WHEN MIN(o.root) OVER doc = MAX(o.root) OVER doc THEN o.reference
                            ELSE o.quantity / SUM(o.quantity) OVER (doc_product)
                                 * CASE WHEN o.main
                                        THEN GREATEST(100 - COALESCE(b.cost_share, 0), 0)
                                        ELSE o.cost_share END
                       END AS weight
                  FROM output o LEFT JOIN byproduct b USING (res_model, res_id, kind)
                WINDOW doc AS (PARTITION BY o.res_model, o.res_id, o.kind),
                       doc_product AS (PARTITION BY o.res_model, o.res_id, o.kind, o.product_id)
            ), pair AS (
                SELECT i.res_model, i.res_id, i.kind, i.company_id,
                       i.lot_id AS parent_lot_id, o.lot_id AS child_lot_id,
                       i.date, o.date AS date_out,
                       i.quantity * COALESCE(o.weight / NULLIF(SUM(o.weight) OVER (
                           PARTITION BY i.res_model, i.res_id, i.kind, i.lot_id, i.line_ids), 0), 0)
                           AS parent_quantity,
                       o.quantity * i.quantity / SUM(i.quantity) OVER alternative AS child_quantity,
                       COUNT(*) OVER alternative > 1 AND COUNT(*) OVER (
                           PARTITION BY i.res_model, i.res_id, i.kind, i.lot_id, i.line_ids,
                                        o.product_id) > 1 AS ambiguous
                  FROM input i
                  JOIN weighted o ON o.res_model = i.res_model AND o.res_id = i.res_id
                   AND o.kind = i.kind AND (i.line_ids IS NULL OR i.line_ids && o.line_ids)
                WINDOW alternative AS (
                    PARTITION BY i.res_model, i.res_id, i.kind, i.product_id, o.product_id,
                                 o.lot_id)
            )
            SELECT parent_lot_id, child_lot_id, kind,
                   CASE WHEN BOOL_OR(ambiguous) THEN 'inferred' ELSE 'recorded' END AS certainty,
                   SUM(parent_quantity)::float8 AS parent_quantity,
                   SUM(child_quantity)::float8 AS child_quantity,
                   res_model, res_id, MAX(date) AS date, MIN(date_out) AS date_out,
                   MIN(company_id) AS company_id
              FROM pair
             WHERE child_lot_id IS NOT NULL AND child_lot_id <> parent_lot_id
             GROUP BY parent_lot_id, child_lot_id, kind, res_model, res_id)
            """,
            lines=lines,
        )
