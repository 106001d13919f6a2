from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

STATES = [
    ("new", "Just seen"),
    ("seen", "Seen"),
    ("unread", "Not readable"),
    ("unknown", "Not known"),
    ("aside", "Did not pass"),
    ("proposed", "Proposed"),
    ("moved", "Moved"),
    ("dismissed", "Dismissed"),
]
WAYS = [("there", "From the first place to the second"), ("back", "Back")]
# Rows that are removed with one statement.
_BATCH = 50_000


class LotRfidPassage(models.Model):
    """A tag that was in the field of a reader, from first to last without a break.

    `lot.rfid.intake` writes these in bulk, a row for thousands of reads; what the tag stands for
    is found out by `lot.rfid.settlement`.
    """

    _name = "lot.rfid.passage"
    _description = "RFID passage"
    _order = "first_at desc, id desc"
    _rec_name = "identity"

    reader_id = fields.Many2one(
        "lot.rfid.reader", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    identity = fields.Char("Tag", required=True, readonly=True)
    epc = fields.Char("EPC", readonly=True)
    scheme = fields.Char(readonly=True)
    gtin = fields.Char("GTIN", readonly=True)
    serial = fields.Char(readonly=True)
    lot_name = fields.Char("Lot on the tag", readonly=True)
    sscc = fields.Char("SSCC", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True, index="btree_not_null")
    package_id = fields.Many2one("stock.package", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    first_at = fields.Datetime("From", required=True, readonly=True)
    last_at = fields.Datetime("Until", required=True, readonly=True)
    reads = fields.Integer(readonly=True)
    best_rssi = fields.Float("Best signal (dBm)", readonly=True)
    first_antenna = fields.Integer(readonly=True)
    last_antenna = fields.Integer(readonly=True)
    way = fields.Selection(WAYS, readonly=True)
    state = fields.Selection(STATES, default="new", required=True, readonly=True)
    reason = fields.Char(readonly=True)
    proposal_id = fields.Many2one(
        "lot.rfid.proposal", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _tag_at_reader = models.Index("(reader_id, identity, last_at)")
    _to_settle = models.Index("(reader_id, last_at) WHERE state IN ('new', 'unknown')")
    _old = models.Index("(company_id, last_at)")

    def action_look_again(self) -> None:
        """Find out once more what tags stand for that were not known: they may have been enrolled
        meanwhile."""
        self.check_access("read")
        # sudo: passages are written by the system alone
        waiting = self.sudo().filtered(
            lambda passage: passage.state == "unknown" and not passage.proposal_id
        )
        for reader, same in waiting.grouped("reader_id").items():
            self.env["lot.rfid.settlement"].sudo()._identify(reader, same.ids)

    def action_open_lot(self) -> dict:
        """Open the lot that passed.

        :return: a window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot",
            "res_id": self.lot_id.id,
            "views": [[False, "form"]],
        }

    @api.autovacuum
    def _gc_passages(self):
        """Remove what is older than each company keeps it. What moved goods stays in the audit
        log; a load that is still open keeps its passages."""
        for company in self.env["res.company"].search([("rfid_keep_days", ">", 0)]):
            self.env.cr.execute(
                SQL(
                    """DELETE FROM lot_rfid_passage WHERE id IN (
                              SELECT passage.id FROM lot_rfid_passage passage
                                LEFT JOIN lot_rfid_proposal proposal
                                  ON proposal.id = passage.proposal_id
                               WHERE passage.company_id = %s AND passage.last_at < %s
                                 AND (proposal.id IS NULL OR proposal.state <> 'open')
                               LIMIT %s)""",
                    company.id,
                    fields.Datetime.now() - timedelta(days=company.rfid_keep_days),
                    _BATCH,
                )
            )
        self.invalidate_model(flush=False)
