from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .lot_audit_tables import drop_watch, through_odoo, watch_tables
from .lot_columns import write_all
from .lot_status import RELEASED

_EVIDENCE = {"status_user_id", "status_date"}


class StockLot(models.Model):
    _inherit = "stock.lot"

    status_id = fields.Many2one(
        "lot.status",
        default=lambda self: self.env["lot.status"]._ids_by_code().get(RELEASED),
        index=True,
        copy=False,
        ondelete="restrict",
        help="Whether the lot may be used. Where nothing is said, it may.",
    )
    status_color = fields.Integer(related="status_id.color")
    status_usable = fields.Boolean(related="status_id.usable")
    status_reason = fields.Char("Reason of the status", copy=False, prefetch="lot_details")
    status_user_id = fields.Many2one(
        "res.users",
        "Status set by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        prefetch="lot_details",
    )
    status_date = fields.Datetime(
        "Status set on", readonly=True, copy=False, prefetch="lot_details"
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_typed_evidence(vals)
        lots = super().create(
            [{**vals, **self._evidence()} if vals.get("status_id") else vals for vals in vals_list]
        )
        released = self.env["lot.status"]._ids_by_code().get(RELEASED)
        for status, same in lots.grouped("status_id").items():
            if status and status.id != released:
                status._check_step(self.env["lot.status"])
                same._check_reason(status, same.filtered("status_reason") == same)
        return lots

    def write(self, vals):
        self._refuse_typed_evidence(vals)
        if "status_id" not in vals:
            if "status_reason" in vals and not self.env.su:
                raise UserError(
                    self.env._("The reason of a status is given with the status, not after it.")
                )
            return super().write(vals)
        status = self.env["lot.status"].browse(vals["status_id"])
        changing = self.filtered(lambda lot: lot.status_id != status)
        for current in changing.status_id:
            status._check_step(current)
        changing._check_reason(status, bool((vals.get("status_reason") or "").strip()))
        before = {lot: lot.status_id.name for lot in changing}
        others = {key: vals[key] for key in vals.keys() - {"status_id", "status_reason"}}
        super(StockLot, self - changing).write(others)
        # Odoo would look for tracked changes in each lot of a recall, and find none: the status is
        # noted below.
        noted = changing if others else changing.with_context(tracking_disable=True)
        super(StockLot, noted).write(
            {**others, **self._evidence(), "status_id": status.id}
            | {"status_reason": vals.get("status_reason") or False}
        )
        changing._log_status(before)
        changing._withdraw_reservations()
        # What core keeps of a product's quantities in this transaction knows nothing of statuses.
        changing.product_id.invalidate_recordset(["free_qty", "virtual_available"], flush=False)
        return True

    def _log_status(self, before: dict) -> None:
        """A note in each lot's chatter, all in one go: Odoo's own tracking takes 3 ms a lot, which
        for the thousands of lots of a recall is minutes.

        :param before: {lot: name of its status before}
        """
        if self.env.context.get("tracking_disable"):
            return
        alike = self.grouped(lambda lot: (before[lot], lot.status_id.name, lot.status_reason or ""))
        for (old, new, reason), lots in alike.items():
            lots._note_alike(
                self.env._(
                    "Status: %(before)s → %(after)s. %(reason)s",
                    before=old or "–",
                    after=new,
                    reason=reason,
                ).strip()
            )

    def _evidence(self) -> dict:
        return {"status_user_id": self.env.uid, "status_date": fields.Datetime.now()}

    def _refuse_typed_evidence(self, vals: dict) -> None:
        if _EVIDENCE & vals.keys() and not self.env.su:
            raise UserError(self.env._("Who set a status, and when, is noted by itself."))

    def _check_reason(self, status, given: bool) -> None:
        if self and status.reason_required and not given:
            raise UserError(
                self.env._("The status “%s” needs a reason: say why in a few words.", status.name)
            )

    def set_status(self, code: str, reason: str = "") -> bool:
        """Put these lots into a status. Stock of theirs that is reserved and may no longer go is
        taken out of the reservations, other lots take its place, and those affected are told.

        :param code: code of a `lot.status`: "released", "quarantine", "hold", "rejected",
            "recalled" or one of the firm's own
        :param reason: why; asked for by most statuses
        :return: True
        :raise AccessError: when the user may not set it, or not end the present status
        :raise UserError: when there is no such status, or the reason is missing
        """
        status = self.env["lot.status"]._by_code(code)
        self.write({"status_id": status.id, "status_reason": reason})
        return True

    def action_set_status(self) -> dict:
        """Open the dialog that changes the status of these lots.

        :return: the window action of the dialog
        """
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lot_traceability.lot_status_wizard_action"
            ),
            "context": {"active_model": "stock.lot", "active_ids": self.ids},
        }

    def _quarantine(self, reason: str) -> None:
        """Quality has to judge these lots before they may be used. Lots that are refused anyhow
        keep their status."""
        # sudo: what the firm's rule demands is not the operator's decision
        free = self.sudo().filtered(lambda lot: not lot.status_id or lot.status_id.usable)
        if free:
            quarantine = self.env["lot.status"]._by_code("quarantine")
            free.write({"status_id": quarantine.id, "status_reason": reason})

    @api.model
    def _release_unjudged(self) -> None:
        """Lots from before there were statuses were free to use, and stay so."""
        released, cr = self.env["lot.status"]._by_code(RELEASED), self.env.cr
        self.flush_model(["status_id"])
        cr.execute(SQL("SELECT EXISTS (SELECT FROM stock_lot WHERE status_id IS NOT NULL)"))
        if cr.fetchone()[0]:
            # The log begins with them afterwards.
            with through_odoo(self):
                cr.execute(
                    SQL("UPDATE stock_lot SET status_id = %s WHERE status_id IS NULL", released.id)
                )
        else:
            # A column that a trigger names can't be written anew.
            drop_watch(cr)
            write_all(cr, "stock_lot", "status_id", SQL("%s::integer", released.id))
            watch_tables(cr, self._audited_columns())
        self.invalidate_model(["status_id"])

    def _expired(self) -> "StockLot":
        """Those of these lots whose last day is over."""
        limits = {
            company: self.env["lot.calendar"]._expired_before(company)
            for company in self.company_id | self.env.company
        }
        return self.filtered(
            lambda lot: (
                lot.expiration_date
                and lot.expiration_date < limits[lot.company_id or self.env.company]
            )
        )

    def _names(self, most: int = 10) -> str:
        """Some of these lots' names for a message: "A1, A2 and 34 others"."""
        return listed(self.env, self.mapped("name"), most)


def listed(env, names: Iterable[str], most: int = 10, mark: str = ", ") -> str:
    """The first names of a list, and how many more there are."""
    names = list(names)
    text = mark.join(names[:most])
    if len(names) > most:
        return env._("%(names)s and %(count)s others", names=text, count=len(names) - most)
    return text
