import hashlib
import json
from tempfile import TemporaryFile

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.lot_traceability.report.lot_dossier_pdf import write_dossier_pdf
from odoo.exceptions import UserError

from ..report.fsma_plan import FsmaPlanReport, write_plan_xlsx

_WRITERS = {
    "pdf": (write_dossier_pdf, "application/pdf"),
    "xlsx": (
        write_plan_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}

# What the firm says in its own words, by the part of the plan that it is a part of.
_WORDS = {
    "records": "records_note",
    "foods": "foods_note",
    "codes": "codes_note",
    "contact": "contact_note",
    "areas": "areas_note",
}
# What may still be written on a plan in force: what happens to it.
_LATER = {"state", "replaced_on", "user_id", "activity_ids", "message_follower_ids", "message_ids"}


class LotFsmaPlan(models.Model):
    """A version of the traceability plan (21 CFR 1.1315): what the configuration says, as it was
    on the day, and what the firm adds in its own words. One version is in force; earlier ones stay
    as they were."""

    _name = "lot.fsma.plan"
    _description = "Traceability plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, version desc"

    version = fields.Integer(readonly=True, copy=False, aggregator=False)
    state = fields.Selection(
        [("draft", "Draft"), ("current", "In force"), ("replaced", "Replaced")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    contact_name = fields.Char("Point of contact")
    contact_title = fields.Char("Job title")
    contact_phone = fields.Char("Phone")
    contact_note = fields.Text("More about the contact")
    records_note = fields.Text("Keeping of records", help="Records kept elsewhere, backups, paper")
    foods_note = fields.Text("Identifying foods of the list")
    codes_note = fields.Text("Assigning codes")
    areas_note = fields.Text("Farm map")
    why = fields.Char("Reason of this version")
    content = fields.Json(readonly=True, copy=False)
    digest = fields.Char("SHA-256 of the content", readonly=True, copy=False)
    in_force_on = fields.Date("In force since", readonly=True, copy=False)
    replaced_on = fields.Date(readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    outdated = fields.Boolean(
        compute="_compute_outdated", help="The plan no longer says what is done"
    )

    _one_in_force = models.UniqueIndex(
        "(company_id) WHERE state = 'current'", "This company has a plan in force already."
    )

    @api.depends("version", "company_id", "state")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = (
                self.env._(
                    "%(firm)s, version %(version)s", firm=plan.company_id.name, version=plan.version
                )
                if plan.version
                else self.env._("%s, draft", plan.company_id.name or "")
            )

    @api.depends("state", "digest")
    def _compute_outdated(self):
        for plan in self:
            plan.outdated = plan.state == "current" and plan.digest != self._digest_of(
                self._generated(plan.company_id)
            )

    # -- versions --------------------------------------------------------------------------------

    @api.model
    def _in_force(self, company) -> "LotFsmaPlan":
        """The version in force, or none."""
        return self.search([("company_id", "=", company.id), ("state", "=", "current")], limit=1)

    @api.model
    def _digest_of(self, content: list[dict]) -> str:
        body = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()

    def action_in_force(self) -> bool:
        """Put this draft in force, with what the configuration says now; the version before it is
        kept.

        :return: True
        :raise UserError: unless it is a draft with a point of contact
        """
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("Only a draft is put in force. Make a new version."))
        if not self.contact_phone or not (self.contact_name or self.contact_title):
            raise UserError(
                self.env._(
                    "A plan names a point of contact: tell the phone, and a name or a job title "
                    "(21 CFR 1.1315(a)(4))."
                )
            )
        today = fields.Date.context_today(self)
        before = self._in_force(self.company_id)
        before.write({"state": "replaced", "replaced_on": today})
        before.flush_recordset()
        before.activity_unlink(["mail.mail_activity_data_todo"])
        numbered = [("company_id", "=", self.company_id.id), ("version", ">", 0)]
        last = self.search(numbered, order="version desc", limit=1)
        content = self._generated(self.company_id)
        self.write(
            {
                "version": last.version + 1,
                "content": content,
                "digest": self._digest_of(content),
                "in_force_on": today,
                "state": "current",
            }
        )
        self.env["lot.audit.event"]._record(
            "fsma",
            record=self,
            company=self.company_id,
            data={
                "step": self.env._("Traceability plan put in force"),
                "version": self.version,
                "sha256": self.digest,
            },
            why=self.why,
        )
        return True

    def action_new_version(self) -> dict:
        """Make a draft of the next version, with the words of this one.

        :return: the action of its form
        """
        self.ensure_one()
        draft = self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "draft")], limit=1
        ) or self.copy({"why": False})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [[False, "form"]],
        }

    def action_print(self) -> dict:
        """Write this version as PDF.

        :return: the action that downloads it
        """
        return self._written("pdf")

    def action_workbook(self) -> dict:
        """Write this version as a workbook.

        :return: the action that downloads it
        """
        return self._written("xlsx")

    def _written(self, file_format: str) -> dict:
        self.ensure_one()
        self.check_access("read")
        write, mimetype = _WRITERS[file_format]
        with TemporaryFile() as target:
            write(FsmaPlanReport(self), target)
            target.seek(0)
            content = target.read()
        # sudo: a paper of the plan belongs to it; whoever may read that may read this
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"traceability-plan-{self.version or 'draft'}.{file_format}",
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    @api.model
    def _cron_compare(self) -> None:
        """Whoever is responsible is told when the plan no longer says what is done."""
        for plan in self.search([("state", "=", "current")]):
            known = plan.activity_ids.filtered("automated")
            if plan.outdated and not known:
                plan.activity_schedule(
                    "mail.mail_activity_data_todo",
                    fields.Date.context_today(plan),
                    self.env._("The plan no longer says what is done"),
                    self.env._("The configuration has changed: make a new version of the plan."),
                    user_id=plan.user_id.id,
                )

    # -- what it says ----------------------------------------------------------------------------

    def _words(self, code: str) -> str:
        """What the firm says itself in a part of the plan."""
        return (self[_WORDS[code]] or "") if self and code in _WORDS else ""

    def _contact(self) -> str:
        """Name, job title and phone of the point of contact."""
        return ", ".join(filter(None, (self.contact_name, self.contact_title, self.contact_phone)))

    def _facts(self) -> list[tuple[str, str]]:
        facts = [
            ("Version", str(self.version or "Draft")),
            ("In force since", str(self.in_force_on or "")),
            ("Replaced on", str(self.replaced_on or "")),
            ("Reason", self.why or ""),
            ("Point of contact", self._contact()),
        ]
        return [(label, text) for label, text in facts if text]

    # -- kept ------------------------------------------------------------------------------------

    def write(self, vals):
        if vals.keys() - _LATER and any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._(
                    "A version of the plan stays as it was put in force. Make a new version."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        years = self.env["lot.fsma.kept"]._years()
        today = fields.Date.context_today(self)
        for plan in self:
            replaced = plan.replaced_on
            until = replaced and replaced + relativedelta(years=years)
            if plan.state == "current" or (until and today <= until):
                raise UserError(
                    self.env._(
                        "Plans are kept while they are in force, and %s years after they were "
                        "replaced (21 CFR 1.1315(b)).",
                        years,
                    )
                )
