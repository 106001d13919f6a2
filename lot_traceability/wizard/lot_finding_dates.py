from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

BASES = [
    ("known", "Production date"),
    ("produced", "Production"),
    ("receipt", "Receipt"),
    ("created", "Known since"),
]
# So many lots fit on a dialog.
_AT_ONCE = 200


class LotFindingDates(models.TransientModel):
    """Dates for lots that have none, as the product's days say; shown before they are set."""

    _name = "lot.finding.dates"
    _description = "Dates for lots that have none"

    line_ids = fields.One2many("lot.finding.dates.line", "wizard_id", "Lots")
    wants_production = fields.Boolean(compute="_compute_wants_production")

    @api.depends("line_ids.wants_production")
    def _compute_wants_production(self):
        for wizard in self:
            wizard.wants_production = any(wizard.line_ids.mapped("wants_production"))

    @api.model
    def _open(self, findings) -> dict:
        """The dialog with a proposal for each lot of these findings."""
        lots = findings.lot_id
        if len(lots) > _AT_ONCE:
            raise UserError(
                self.env._(
                    "%(count)s lots are too many for one dialog. Choose at most %(most)s.",
                    count=len(lots),
                    most=_AT_ONCE,
                )
            )
        begun = self.env["lot.finding.dates.line"]._begun(lots)
        lines = [
            Command.create({"finding_id": finding.id, **begun[finding.lot_id]})
            for finding in findings
            if finding.lot_id
        ]
        wizard = self.create({"line_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Dates"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def action_apply(self) -> dict:
        """Set the dates that are shown.

        :return: a notification
        :raise UserError: when no date is filled in
        :raise ValidationError: when dates of a lot contradict each other
        :raise AccessError: when the user may not change lots
        """
        self.ensure_one()
        findings = self.line_ids.finding_id
        findings.check_access("write")
        changes = {line.lot_id: line._changes() for line in self.line_ids}
        if not any(changes.values()):
            raise UserError(self.env._("No date is filled in. Enter the day for at least one lot."))
        for lot, values in changes.items():
            if values:
                lot.write(values)
        gone = findings._look_again()
        return findings._notify(
            self.env._(
                "%(gone)s fixed, %(left)s still to do.", gone=gone, left=len(findings) - gone
            )
        )


class LotFindingDatesLine(models.TransientModel):
    _name = "lot.finding.dates.line"
    _description = "Dates for a lot that has none"

    wizard_id = fields.Many2one("lot.finding.dates", required=True, ondelete="cascade")
    finding_id = fields.Many2one("lot.finding", required=True, ondelete="cascade")
    lot_id = fields.Many2one(related="finding_id.lot_id")
    product_id = fields.Many2one(related="finding_id.product_id")
    basis = fields.Selection(BASES, "Counted from", readonly=True)
    basis_day = fields.Date("Day", readonly=True)
    days = fields.Integer("Lasts days", compute="_compute_days", help="As the product says")
    production_date = fields.Date(
        compute="_compute_dates", store=True, readonly=False, precompute=True
    )
    expiration_date = fields.Date(
        "Expires",
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
        help="The last day on which it may be used",
    )
    use_date = fields.Date("Best before", compute="_compute_others")
    removal_date = fields.Date("Remove by", compute="_compute_others")
    alert_date = fields.Date("Alert", compute="_compute_others")
    wants_production = fields.Boolean(compute="_compute_days")
    wants_expiry = fields.Boolean(compute="_compute_days")

    @api.depends("finding_id")
    def _compute_days(self):
        for line in self:
            template = line.product_id.product_tmpl_id
            wanted = (line.finding_id.detail or "").split(",")
            line.days = template.expiration_time if template.use_expiration_date else 0
            line.wants_production = "production_date" in wanted
            line.wants_expiry = "expiration_date" in wanted

    @api.depends("finding_id", "basis", "basis_day")
    def _compute_dates(self):
        """What is proposed: days of which nothing is known are left to the person."""
        for line in self:
            day = line.basis_day
            made = line.wants_production and line.basis == "produced"
            line.production_date = day if made else False
            lasts = line.wants_expiry and line.days > 0 and day
            line.expiration_date = day + timedelta(days=line.days) if lasts else False

    @api.depends("expiration_date")
    def _compute_others(self):
        """What Odoo will count from the expiry, as the product says."""
        for line in self:
            template, expiry = line.product_id.product_tmpl_id, line.expiration_date
            for name, before in (
                ("use_date", "use_time"),
                ("removal_date", "removal_time"),
                ("alert_date", "alert_time"),
            ):
                line[name] = expiry - timedelta(days=template[before]) if expiry else False

    @api.model
    def _begun(self, lots) -> dict:
        """When the life of each lot began: {lot: {"basis", "basis_day"}}."""
        moved: dict = {}
        # sudo: a lot's first day counts in whichever company it came in
        for lot, kind, first in (
            self.env["lot.genealogy.movement"]
            .sudo()
            ._read_group(
                [("lot_id", "in", lots.ids), ("kind", "in", ("produced", "receipt"))],
                ["lot_id", "kind"],
                ["date:min"],
            )
        ):
            moved[lot.id, kind] = first
        result = {}
        for lot in lots:
            basis, day = self._first_day(lot, moved)
            result[lot] = {"basis": basis, "basis_day": day}
        return result

    @api.model
    def _first_day(self, lot, moved: dict) -> tuple[str, date]:
        calendar, company = self.env["lot.calendar"], lot._lot_company()
        if lot.production_date:
            return "known", lot.production_date
        for kind in ("produced", "receipt"):
            if moved.get((lot.id, kind)):
                return kind, calendar._day(moved[lot.id, kind], company)
        return "created", calendar._day(lot.create_date, company)

    def _changes(self) -> dict:
        """What is written to the lot: days that are filled in and not there already."""
        values = {}
        for name in ("production_date", "expiration_date"):
            if self[name] and not self.lot_id[name]:
                day = self[name]
                values[name] = fields.Date.to_string(day)
        return values
