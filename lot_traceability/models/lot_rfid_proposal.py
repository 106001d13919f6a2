from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from .lot_rfid_passage import WAYS

# What people write of a load; all else is written by the system alone.
_OF_PEOPLE = {"expected_picking_id", "chosen", "why", "activity_ids", "message_follower_ids"}


class LotRfidProposal(models.Model):
    """What passed a portal as one load: the transfer that it was, once it is booked.

    Nothing is booked by guess. What speaks against it stands on the lines (`problem_text`) or on
    the load as a whole (`problem`), and is judged anew each time that somebody looks.
    """

    _name = "lot.rfid.proposal"
    _description = "Load that passed an RFID portal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "first_at desc, id desc"
    _check_company_auto = True

    reader_id = fields.Many2one(
        "lot.rfid.reader", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="reader_id.company_id", store=True, index=True)
    way = fields.Selection(WAYS, required=True, readonly=True)
    location_id = fields.Many2one("stock.location", "From", required=True, readonly=True)
    location_dest_id = fields.Many2one("stock.location", "To", required=True, readonly=True)
    first_at = fields.Datetime("Began", required=True, readonly=True)
    last_at = fields.Datetime("Ended", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("booked", "Booked"), ("dismissed", "Dismissed")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
    )
    line_ids = fields.One2many("lot.rfid.proposal.line", "proposal_id", "Goods")
    tags = fields.Integer(readonly=True)
    expected_picking_id = fields.Many2one(
        "stock.picking",
        "Expected as",
        check_company=True,
        domain="[('state', 'in', ('waiting', 'confirmed', 'assigned'))]",
        tracking=True,
        help="The open transfer that this load is. Empty: a new internal transfer.",
    )
    chosen = fields.Boolean(help="The transfer was chosen by a person")
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True, check_company=True)
    problem = fields.Char("What is unclear", readonly=True)
    ready = fields.Boolean(compute="_compute_ready", store=True)
    told = fields.Boolean("Who is responsible was told", readonly=True)
    why = fields.Char("Why it is not moved", tracking=True)

    _open = models.Index("(reader_id, way, last_at) WHERE state = 'open'")

    @api.depends("problem", "line_ids.problem")
    def _compute_ready(self):
        for proposal in self:
            proposal.ready = (
                bool(proposal.line_ids)
                and not proposal.problem
                and not any(proposal.line_ids.mapped("problem"))
            )

    @api.depends("reader_id", "first_at")
    @api.depends_context("tz", "lang")
    def _compute_display_name(self):
        for proposal in self:
            when = proposal.first_at and format_datetime(self.env, proposal.first_at)
            proposal.display_name = f"{proposal.reader_id.name}, {when}"

    def write(self, vals):
        if not self.env.su and vals.keys() - _OF_PEOPLE:
            raise AccessError(
                self.env._("What passed a portal is not changed by hand: move it, or dismiss it.")
            )
        chosen = "expected_picking_id" in vals and "chosen" not in vals
        result = super().write(vals | {"chosen": True} if chosen else vals)
        if chosen:
            self._check_open()
            self._judge()
        return result

    # -- gathering -----------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Add up the passages of these loads anew, each tag once, and judge them."""
        for proposal in self:
            self.env.cr.execute(
                SQL(
                    """
                    SELECT product_id, lot_id, package_id, max(reason), sum(quantity), count(*),
                           min(first_at), max(last_at)
                      FROM (SELECT DISTINCT ON (identity) * FROM lot_rfid_passage
                             WHERE proposal_id = %s ORDER BY identity, first_at) passage
                     GROUP BY product_id, lot_id, package_id, (state = 'unknown')
                     ORDER BY product_id NULLS FIRST, lot_id, package_id
                    """,
                    proposal.id,
                )
            )
            rows = self.env.cr.fetchall()
            proposal.line_ids.unlink()
            self.env["lot.rfid.proposal.line"].create(
                [
                    {
                        "proposal_id": proposal.id,
                        "product_id": product,
                        "lot_id": lot,
                        "package_id": package,
                        "reason": reason,
                        "quantity": 0 if package else quantity,
                        "tags": count,
                    }
                    for product, lot, package, reason, quantity, count, *_times in rows
                ]
            )
            proposal.write(
                {
                    "tags": sum(row[5] for row in rows),
                    "first_at": min(row[6] for row in rows),
                    "last_at": max(row[7] for row in rows),
                }
            )
            proposal._judge()

    # -- what people do ------------------------------------------------------------------------

    def _check_open(self) -> None:
        if any(proposal.state != "open" for proposal in self):
            raise UserError(self.env._("This load is closed already. Open its transfer instead."))

    def action_check(self) -> None:
        """Judge these loads anew: stock, statuses and open transfers may have changed."""
        self.check_access("write")
        self._check_open()
        # sudo: what tags stand for is written by the system alone
        self.sudo()._look_again()
        self._judge()

    def _look_again(self) -> None:
        """Tags that were not known may have been enrolled meanwhile."""
        for proposal in self:
            unknown = self.env["lot.rfid.passage"].search(
                [("proposal_id", "=", proposal.id), ("state", "=", "unknown")]
            )
            settlement = self.env["lot.rfid.settlement"]
            outcomes = settlement._outcomes(
                proposal.reader_id, settlement._rows(SQL("id = ANY(%s)", unknown.ids))
            )
            better = [one._replace(state="proposed") for one in outcomes if not one.meaning.problem]
            if better:
                settlement._write(better, proposal)
                proposal._refresh()

    def action_dismiss(self) -> None:
        """Close these loads without moving anything.

        :raise UserError: when no reason was given
        """
        self.check_access("write")
        self._check_open()
        for proposal in self:
            if not (proposal.why or "").strip():
                raise UserError(
                    self.env._("Say why %s is not moved, then dismiss it.", proposal.display_name)
                )
        # sudo: see `write`
        self.sudo().state = "dismissed"
        self._close_passages("dismissed")

    def action_open_picking(self) -> dict:
        """Open the transfer that the load became, or as which it is expected.

        :return: a window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": (self.picking_id or self.expected_picking_id).id,
            "views": [[False, "form"]],
        }

    def action_open_passages(self) -> dict:
        """Open the passages of these loads.

        :return: a window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_rfid_passage_action"
        )
        return action | {"domain": [("proposal_id", "in", self.ids)], "context": {}}

    def _close_passages(self, state: str) -> None:
        """The passages of these loads are over, and so are their activities."""
        # sudo: passages are written by the system alone
        passages = self.env["lot.rfid.passage"].sudo()
        passages.search([("proposal_id", "in", self.ids)]).write({"state": state})
        # sudo: the activity of whoever was told
        self.sudo().activity_unlink(["lot_traceability.activity_rfid_load"])
