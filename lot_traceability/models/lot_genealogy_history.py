from odoo import api, models
from odoo.tools import SQL

MOVED, LINKED = "lot.history.movement", "lot.history.link"

# Which rows tell of one output: alias `o` and `h`.
_SAME_OUTPUT = """o.import_id = h.import_id AND o.child_lot_id = h.child_lot_id
    AND o.name IS NOT DISTINCT FROM h.name
    AND (COALESCE(h.name, '') <> '' OR o.date_out = h.date_out)"""


class LotGenealogyHistory(models.AbstractModel):
    """Edges and movements that follow from imported history.

    They lie in the same two tables as those of done stock records: a trace reads them in the same
    queries, and what they are is told by the document that they name.
    """

    _name = "lot.genealogy.history"
    _description = "Genealogy of imported history"

    @api.model
    def _edges(self, ids: list[int]) -> SQL:
        """The edges of these links, as a SELECT of `lot.genealogy.edge._columns`. Where several
        lots of one product went into an output, each stands for its part of it."""
        return SQL(
            """
            SELECT h.parent_lot_id, h.child_lot_id, h.kind, 'recorded', h.parent_quantity,
                   h.child_quantity * COALESCE(h.parent_quantity / NULLIF(alike.quantity, 0), 1),
                   'lot.history.link', h.id, h.date, h.date_out, h.company_id
              FROM lot_history_link h
              JOIN stock_lot parent ON parent.id = h.parent_lot_id
             CROSS JOIN LATERAL (
                   SELECT SUM(o.parent_quantity) AS quantity
                     FROM lot_history_link o
                     JOIN stock_lot other ON other.id = o.parent_lot_id
                      AND other.product_id = parent.product_id
                    WHERE %(same)s) alike
             WHERE h.id = ANY(%(ids)s)
            """,
            same=SQL(_SAME_OUTPUT),
            ids=ids,
        )

    @api.model
    def _movements(self, moved: SQL | None, linked: SQL | None) -> SQL:
        """The movements of the imported movements and links whose id fits, as a SELECT of
        `lot.genealogy.movement._columns` and the two links to history."""
        parts = []
        if moved is not None:
            parts.append(
                SQL(
                    """
                    SELECT h.lot_id, lot.product_id, h.kind, h.quantity, h.partner_id, NULL::int,
                           NULL::int, NULL::int, NULL::int, h.date, h.company_id, h.id, NULL::int
                      FROM lot_history_movement h JOIN stock_lot lot ON lot.id = h.lot_id
                     WHERE h.id %s AND (h.kind <> 'taken_over'
                        OR EXISTS (SELECT FROM lot_history_movement e
                                    WHERE e.lot_id = h.lot_id AND e.kind = 'receipt'
                                      AND e.company_id = h.company_id)
                        OR EXISTS (SELECT FROM lot_history_link e
                                    WHERE e.child_lot_id = h.lot_id
                                      AND e.company_id = h.company_id))
                    """,
                    moved,
                )
            )
        if linked is not None:
            parts.append(
                SQL(
                    """
                    SELECT side.lot_id, lot.product_id, side.kind, side.quantity, NULL::int,
                           NULL::int, NULL::int, NULL::int, NULL::int, side.date, h.company_id,
                           NULL::int, h.id
                      FROM lot_history_link h
                     CROSS JOIN LATERAL (
                           SELECT h.parent_lot_id, 'consumed', -h.parent_quantity, h.date
                            UNION ALL
                           SELECT h.child_lot_id, 'produced', h.child_quantity, h.date_out
                            WHERE NOT EXISTS (SELECT FROM lot_history_link o
                                               WHERE %s AND o.id < h.id)
                           ) side(lot_id, kind, quantity, date)
                      JOIN stock_lot lot ON lot.id = side.lot_id
                     WHERE h.id %s AND side.quantity <> 0
                    """,
                    SQL(_SAME_OUTPUT),
                    linked,
                )
            )
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _replace_movements(self, moved: SQL | None, linked: SQL | None) -> None:
        """Write the movements of this history anew.

        :param moved: condition on the id of imported movements, such as `= ANY(…)`
        :param linked: the same of imported links
        """
        movement = self.env["lot.genealogy.movement"]
        if moved is not None:
            movement._delete(SQL("t.history_movement_id %s", moved))
        if linked is not None:
            movement._delete(SQL("t.history_link_id %s", linked))
        if moved is not None or linked is not None:
            columns = (*movement._columns(), "history_movement_id", "history_link_id")
            self.env.cr.execute(
                SQL(
                    "INSERT INTO lot_genealogy_movement (%s) %s",
                    SQL(", ").join(map(SQL.identifier, columns)),
                    self._movements(moved, linked),
                )
            )
