from odoo import fields, models
from odoo.tools import SQL

from .lot_genealogy_edge import KINDS

# What lies between companies or products without lots is found out, not told.
HISTORY_LINKS = [kind for kind in KINDS if kind[0] not in ("untracked", "transfer")]


class LotHistoryLink(models.Model):
    """A lot that went into another in an earlier system.

    Rows of one document (without a number: of one time) that name the same lot as the one that
    came out tell of one output: its quantity is the same in each of them.
    """

    _name = "lot.history.link"
    _description = "Imported link"
    _inherit = ["lot.history"]
    _log_access = False

    kind = fields.Selection(HISTORY_LINKS, required=True, readonly=True)
    parent_lot_id = fields.Many2one(
        "stock.lot", "Went in", required=True, readonly=True, index=True, ondelete="restrict"
    )
    parent_quantity = fields.Float(
        "Quantity in", readonly=True, help="In the unit of the product that went in"
    )
    child_lot_id = fields.Many2one(
        "stock.lot", "Came out", required=True, readonly=True, ondelete="restrict"
    )
    child_quantity = fields.Float(
        "Quantity out", readonly=True, help="In the unit of the product that came out"
    )
    date_out = fields.Datetime("Came out on", required=True, readonly=True)

    _child = models.Index("(child_lot_id, import_id)")

    def _derive_added(self, ids):
        # The share of an input may be another one now, in rows of the same output as well.
        outputs = SQL(
            "SELECT o.id FROM lot_history_link h JOIN lot_history_link o "
            "ON o.child_lot_id = h.child_lot_id AND o.import_id = h.import_id "
            "WHERE h.id = ANY(%s)",
            ids,
        )
        self.env.cr.execute(SQL("SELECT DISTINCT id FROM (%s) found", outputs))
        touched = [row[0] for row in self.env.cr.fetchall()]
        edge = self.env["lot.genealogy.edge"]
        edge._delete(SQL("t.res_model = %s AND t.res_id = ANY(%s)", self._name, touched))
        edge._insert(edge._derive({self._name: touched}))
        self.env["lot.genealogy.history"]._replace_movements(None, SQL("= ANY(%s)", ids))
        self.env["lot.history.movement"]._derive_taken_over(
            SQL("SELECT child_lot_id FROM lot_history_link WHERE id = ANY(%s)", ids)
        )

    def _take_away(self, of_import):
        removed = SQL("SELECT id FROM lot_history_link WHERE import_id = %s", of_import.id)
        self.env["lot.genealogy.edge"]._delete(
            SQL("t.res_model = %s AND t.res_id IN (%s)", self._name, removed)
        )
        self.env["lot.genealogy.movement"]._delete(SQL("t.history_link_id IN (%s)", removed))
        self.env.cr.execute(
            SQL(
                "DELETE FROM lot_history_link WHERE import_id = %s RETURNING child_lot_id",
                of_import.id,
            )
        )
        lots = sorted({row[0] for row in self.env.cr.fetchall()})
        self.invalidate_model(flush=False)
        self.env["lot.history.movement"]._derive_taken_over(SQL("SELECT unnest(%s)", lots))
