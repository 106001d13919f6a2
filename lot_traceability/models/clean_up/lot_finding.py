from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What is searched for. Each has its `_found_<kind>` in `lot.finding.search`, its sentence, and its
# `_fix_<kind>`.
KINDS = [
    ("no_date", "Date missing"),
    ("date_conflict", "Dates contradict each other"),
    ("near_same", "Number twice in another spelling"),
    ("same_number", "Same number in several companies"),
    ("no_lot_move", "Movement without a lot"),
    ("no_lot_stock", "Stock without a lot"),
    ("negative", "Negative stock"),
    ("expired", "Expired stock that can be taken"),
    ("lost_link", "Link of a production lost"),
    ("no_movement", "Lot without any movement"),
]
SEVERITIES = [("1", "High"), ("2", "Medium"), ("3", "Low")]


class LotFinding(models.Model):
    """A fault in what Odoo had before, or has got since: what is wrong with which lot, and what
    became of it. Found by the search alone, which also sees when the fault is gone."""

    _name = "lot.finding"
    _description = "Fault to clean up"
    _order = "severity, kind, id"
    _rec_name = "text"

    kind = fields.Selection(KINDS, "Fault", required=True, readonly=True, index=True)
    key = fields.Char(
        required=True, readonly=True, help="What it is known by when it is found again"
    )
    state = fields.Selection(
        [("open", "To do"), ("fixed", "Fixed"), ("ignored", "Ignored")],
        required=True,
        readonly=True,
        default="open",
    )
    severity = fields.Selection(SEVERITIES, required=True, readonly=True, default="2")
    text = fields.Char("What is wrong", compute="_compute_text")
    lot_id = fields.Many2one("stock.lot", readonly=True, index="btree_not_null")
    lot_name = fields.Char("Lot number", readonly=True)
    lot_ids = fields.Many2many("stock.lot", string="Lots", readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    location_id = fields.Many2one("stock.location", readonly=True)
    production_id = fields.Many2one(
        "mrp.production", "Manufacturing order", readonly=True, index="btree_not_null"
    )
    move_line_id = fields.Many2one(
        "stock.move.line", "Product move", readonly=True, index="btree_not_null"
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    date = fields.Datetime(readonly=True)
    detail = fields.Char(readonly=True)
    company_id = fields.Many2one(
        "res.company", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    found_on = fields.Datetime("Found on", readonly=True)
    found_again_on = fields.Datetime(
        "Found again on", readonly=True, help="When it was there again after it had been fixed"
    )
    fixed_on = fields.Datetime("Fixed on", readonly=True)
    fixed_by = fields.Many2one(
        "res.users",
        "Fixed by",
        readonly=True,
        ondelete="restrict",
        help="Empty: the search saw that the fault is gone",
    )
    ignored_on = fields.Datetime("Ignored on", readonly=True)
    ignored_by = fields.Many2one("res.users", "Ignored by", readonly=True, ondelete="restrict")
    reason = fields.Char("Why it is ignored", readonly=True)

    _known = models.UniqueIndex("(kind, key)")
    _open = models.Index("(severity, kind, id) WHERE state = 'open'")

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._("Findings are written by the search. Use the buttons to fix or ignore.")
            )
        return super().write(vals)

    # -- deciding ------------------------------------------------------------------------------

    def ignore(self, reason: str) -> bool:
        """Leave these faults as they are, for a reason; the search does not open them again.

        :param reason: why, in a sentence
        :return: True
        :raise UserError: without a reason, or where one of them is fixed already
        :raise AccessError: when the user is not of quality
        """
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Enter why this is left as it is."))
        if self.filtered(lambda finding: finding.state == "fixed"):
            raise UserError(self.env._("What is fixed cannot be ignored: choose what is open."))
        now = fields.Datetime.now()
        # sudo: nobody writes findings by hand
        self.sudo().write(
            {"state": "ignored", "ignored_on": now, "ignored_by": self.env.uid, "reason": reason}
        )
        self._tell("ignored", reason)
        return True

    def action_take_up(self) -> bool:
        """Open findings again that were ignored.

        :return: True
        :raise AccessError: when the user is not of quality
        """
        self.check_access("write")
        ignored = self.filtered(lambda finding: finding.state == "ignored")
        # sudo: as in `ignore`
        ignored.sudo().write(
            {"state": "open", "ignored_on": False, "ignored_by": False, "reason": False}
        )
        ignored._tell("opened")
        return True

    def action_check(self) -> dict:
        """Look again whether these faults are still there: after they were seen to elsewhere.

        :return: a notification
        :raise AccessError: when the user is not of quality
        """
        self.check_access("write")
        gone = self._look_again()
        left = len(self.filtered(lambda finding: finding.state == "open"))
        return self._notify(
            self.env._("%(gone)s fixed, %(left)s still to do.", gone=gone, left=left),
            "success" if gone else "info",
        )

    def _look_again(self) -> int:
        """Search anew for the products of these findings.

        :return: how many findings are fixed by that
        """
        search = self.env["lot.finding.search"]
        count = 0
        for kind, same in self.grouped("kind").items():
            outcome = search._look(
                kind, self.env.companies.ids, same.product_id.ids, fixed_by=self.env.uid
            )
            gone = self.browse(outcome.gone)
            gone._tell("fixed")
            count += len(gone)
        return count

    def _tell(self, step: str, why: str = "") -> None:
        """In the audit log: what became of these findings.

        :param step: "fixed", "ignored" or "opened"
        """
        event = self.env["lot.audit.event"]
        # sudo: a log names what was seen to, whether or not the user may read all of it
        for finding in self.sudo().with_context(active_test=False):
            event._record(
                "cleaned",
                record={"model": self._name, "id": finding.id, "name": finding.text},
                lot=finding.lot_id,
                product=finding.product_id,
                company=finding.company_id,
                data={"operation": step, "text": finding.text},
                why=why,
            )

    # -- searching -----------------------------------------------------------------------------

    @api.model
    def action_look(self) -> dict:
        """Search for faults of the user's companies: at once, or in the background where there
        are many lots.

        :return: a notification
        :raise AccessError: for others than administrators of traceability
        """
        if not self.env.user.has_group("lot_traceability.group_administrator"):
            raise AccessError(
                self.env._("Only administrators of traceability start the search for faults.")
            )
        return self._notify(self.env["lot.finding.run"]._start(self.env.companies))

    @api.model
    def action_rebuild(self) -> dict:
        """Read the whole genealogy again, once for all findings.

        :return: the window action that shows its progress
        :raise AccessError: without the right to rebuild the genealogy
        """
        return self.env["lot.genealogy.rebuild"].action_start()

    @api.model
    def _notify(self, message: str, kind: str = "success") -> dict:
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
