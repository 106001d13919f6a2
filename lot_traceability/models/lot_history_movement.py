from odoo import fields, models
from odoo.tools import SQL

HISTORY_MOVEMENTS = [
    ("receipt", "Receipt"),
    ("supplier_return", "Return to supplier"),
    ("delivery", "Delivery"),
    ("customer_return", "Return from customer"),
    ("taken_over", "Taken over into the stock"),
]


class LotHistoryMovement(models.Model):
    """A lot that came in or went out in an earlier system.

    What was on hand when the firm moved in is booked into the stock by a done move, and leaves
    the history by a row of the kind "taken over": so neither is counted twice. That row counts
    where the history says how the lot came in; else there is nothing that it could leave.
    """

    _name = "lot.history.movement"
    _description = "Imported movement"
    _inherit = ["lot.history"]
    _log_access = False

    kind = fields.Selection(HISTORY_MOVEMENTS, required=True, readonly=True)
    lot_id = fields.Many2one("stock.lot", required=True, readonly=True, ondelete="restrict")
    quantity = fields.Float(
        readonly=True, help="In the product's unit: positive into the stock, negative out"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    move_id = fields.Many2one(
        "stock.move",
        "Booked by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The done move by which it was taken over into the stock",
    )

    _lot = models.Index("(lot_id, kind)")

    def _derive_added(self, ids):
        derived = self.env["lot.genealogy.history"]
        derived._replace_movements(SQL("= ANY(%s)", ids), None)
        self._derive_taken_over(
            SQL("SELECT lot_id FROM lot_history_movement WHERE id = ANY(%s)", ids)
        )

    def _derive_taken_over(self, lots: SQL) -> None:
        """What came of the rows "taken over" of these lots, whose history has become another."""
        self.env["lot.genealogy.history"]._replace_movements(
            SQL(
                "= ANY(ARRAY(SELECT id FROM lot_history_movement "
                "WHERE kind = 'taken_over' AND lot_id IN (%s)))",
                lots,
            ),
            None,
        )

    def _take_away(self, of_import):
        removed = SQL("SELECT id FROM lot_history_movement WHERE import_id = %s", of_import.id)
        self.env["lot.genealogy.movement"]._delete(SQL("t.history_movement_id IN (%s)", removed))
        self.env.cr.execute(
            SQL(
                "DELETE FROM lot_history_movement WHERE import_id = %s RETURNING lot_id",
                of_import.id,
            )
        )
        lots = sorted({row[0] for row in self.env.cr.fetchall()})
        self.invalidate_model(flush=False)
        self._derive_taken_over(SQL("SELECT unnest(%s)", lots))
