from collections.abc import Collection

from odoo import api, models
from odoo.tools import SQL

BETWEEN_COMPANIES = SQL(
    "(SELECT id FROM stock_location WHERE usage = 'transit' AND company_id IS NULL)"
)


class LotGenealogyTransfer(models.AbstractModel):
    """Links between companies: a lot leaves one company through the transit that belongs to
    none, and the other company receives it as a lot of its own.

    The document is the transfer that received it, the company the one that received. Which lot
    was sent is told, in this order, by the chain of moves and the same name, by the chain alone,
    by the same product and name sent up to then, and by the same sent later (the receipt was
    booked first). Only the first is `recorded`. A lot that both companies share needs no link.
    """

    _name = "lot.genealogy.transfer"
    _description = "Genealogy between companies"

    @api.model
    def _is_between(self, place) -> bool:
        """Do goods change from one company to another here?"""
        return place.usage == "transit" and not place.company_id

    @api.model
    def _received_with(self, move) -> int | bool:
        """The transfer that received this move from another company, if any."""
        return self._is_between(move.location_id) and move.picking_id.id

    @api.model
    def _receipts(self, lot_ids: Collection[int]) -> set[int]:
        """The transfers whose links may change when these lots, or what sent them, do: those
        that received a lot of the same product and name, and those that the chain names."""
        if not lot_ids:
            return set()
        self.env["stock.lot"].flush_model(["name", "product_id"])
        self.env["stock.move"].flush_model(["move_dest_ids", "picking_id", "location_id"])
        self.env.cr.execute(
            SQL(
                """
                WITH moved AS (
                    SELECT same.id IN (SELECT UNNEST(%(lots)s)) AS own, l.move_id,
                           l.location_id, l.location_dest_id
                      FROM stock_lot lot
                      JOIN stock_lot same ON same.product_id = lot.product_id
                       AND BTRIM(same.name) = BTRIM(lot.name)
                      JOIN stock_move_line l ON l.lot_id = same.id AND l.state = 'done'
                     WHERE lot.id = ANY(%(lots)s)
                ), reached AS (
                    SELECT move_id FROM moved WHERE location_id IN %(transit)s
                    UNION
                    SELECT rel.move_dest_id
                      FROM moved JOIN stock_move_move_rel rel ON rel.move_orig_id = moved.move_id
                     WHERE moved.own AND moved.location_dest_id IN %(transit)s
                )
                SELECT m.picking_id
                  FROM reached JOIN stock_move m ON m.id = reached.move_id
                 WHERE m.picking_id IS NOT NULL AND m.location_id IN %(transit)s
                """,
                lots=sorted(lot_ids),
                transit=BETWEEN_COMPANIES,
            )
        )
        return {row[0] for row in self.env.cr.fetchall()}

    @api.model
    def _derive(self, picking_ids: list[int]) -> SQL | None:
        """The `transfer` edges of what these transfers received, or None.

        What was received is shared among the lots that were sent by what was sent of each.
        """
        if not picking_ids:
            return None
        return SQL(
            """
            (WITH transit AS MATERIALIZED (
                SELECT id FROM %(transit)s place
            ), received AS MATERIALIZED (
                SELECT m.picking_id, m.id AS move_id, l.lot_id, l.product_id, l.company_id,
                       BTRIM(lot.name) AS name, MIN(l.date) AS date,
                       SUM(l.quantity_product_uom)::float8 AS quantity
                  FROM stock_move m
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.quantity_product_uom > 0
                  JOIN stock_lot lot ON lot.id = l.lot_id
                 WHERE m.picking_id = ANY(%(pickings)s)
                   AND m.location_id IN (SELECT id FROM transit)
                   AND l.location_id IN (SELECT id FROM transit)
                   AND l.location_dest_id NOT IN (SELECT id FROM transit)
                 GROUP BY m.id, l.lot_id, l.product_id, l.company_id, lot.name
            ), %(sent)s, ranked AS (
                SELECT sent.*, CASE WHEN chained AND name = sent_name THEN 1
                                    WHEN chained THEN 2
                                    WHEN sent_date <= date THEN 3
                                    ELSE 4 END AS rank
                  FROM sent
                 WHERE NOT chained OR name = sent_name
                    OR (picking_id, product_id, sent_name) NOT IN (
                        SELECT picking_id, product_id, name FROM received)
            ), best AS (
                SELECT *, MIN(rank) OVER (PARTITION BY move_id, lot_id) AS best FROM ranked
            ), part AS (
                SELECT picking_id, company_id, lot_id, sent_lot_id, rank, date,
                       COALESCE(MAX(sent_date) FILTER (WHERE sent_date <= date), MIN(sent_date))
                           AS sent_date,
                       quantity * SUM(sent_quantity)
                           / SUM(SUM(sent_quantity)) OVER (PARTITION BY move_id, lot_id)
                           AS quantity
                  FROM best
                 WHERE rank = best
                 GROUP BY picking_id, company_id, move_id, lot_id, sent_lot_id, rank, date, quantity
            )
            SELECT sent_lot_id, lot_id, 'transfer',
                   CASE WHEN MAX(rank) = 1 THEN 'recorded' ELSE 'inferred' END,
                   SUM(quantity), SUM(quantity), 'stock.picking', picking_id,
                   MAX(sent_date), MIN(date), MIN(company_id)
              FROM part
             WHERE sent_lot_id <> lot_id
             GROUP BY sent_lot_id, lot_id, picking_id)
            """,
            transit=BETWEEN_COMPANIES,
            pickings=picking_ids,
            sent=self._sent_sql(),
        )

    @api.model
    def _sent_sql(self) -> SQL:
        """sent: each line of another company that may have sent what was received."""
        columns = SQL(
            "received.*, line.lot_id AS sent_lot_id, BTRIM(lot.name) AS sent_name,"
            " line.date AS sent_date, line.quantity_product_uom::float8 AS sent_quantity"
        )
        line = SQL(
            "line.state = 'done' AND line.product_id = received.product_id"
            " AND line.company_id <> received.company_id AND line.quantity_product_uom > 0"
            " AND line.location_dest_id IN (SELECT id FROM transit)"
            " AND line.location_id NOT IN (SELECT id FROM transit)"
        )
        return SQL(
            """
            sent AS (
                SELECT %(columns)s, TRUE AS chained
                  FROM received
                  JOIN stock_move_move_rel rel ON rel.move_dest_id = received.move_id
                  JOIN stock_move_line line ON line.move_id = rel.move_orig_id AND %(line)s
                  JOIN stock_lot lot ON lot.id = line.lot_id
                 UNION ALL
                SELECT %(columns)s, FALSE
                  FROM received
                  JOIN stock_lot lot ON lot.product_id = received.product_id
                   AND BTRIM(lot.name) = received.name
                  JOIN stock_move_line line ON line.lot_id = lot.id AND %(line)s
            )
            """,
            columns=columns,
            line=line,
        )
