from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.recall_letter import promotional_words

AUDIENCES = [
    ("distributor", "Distributor"),
    ("retailer", "Retailer"),
    ("manufacturer", "Manufacturer"),
    ("hospital", "Hospital or professional"),
    ("consumer", "Consumer"),
]
STATES = [("draft", "Draft"), ("approved", "Approved")]
# What a person may write of a letter; it is translated as any text in Odoo.
TEXTS = ("subject", "problem", "instructions", "depth_text")
CONTACT = ("contact_name", "contact_phone", "contact_email")
_EVIDENCE = {"state", "version", "digest", "approved_by_id", "approved_on", "author_id"}


class LotRecallLetter(models.Model):
    """What a recall says to one kind of reader. Each consignee gets it in its language, with its
    own lots and quantities and no others."""

    _name = "lot.recall.letter"
    _description = "Letter of a recall"
    _inherit = ["lot.signable"]
    _order = "recall_id desc, id"

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="recall_id.company_id", store=True, index=True, precompute=True
    )
    audience = fields.Selection(AUDIENCES, "For", required=True, default="retailer")
    heading = fields.Char(compute="_compute_heading")
    subject = fields.Char(required=True, translate=True)
    problem = fields.Text("What is wrong", required=True, translate=True)
    instructions = fields.Text(
        "What to do",
        required=True,
        translate=True,
        help="One step on each line; the letter numbers them.",
    )
    depth_text = fields.Text(
        "How far it goes", translate=True, help="The depth of the recall; 21 CFR 7.42(b)(1)."
    )
    contact_name = fields.Char("Contact")
    contact_phone = fields.Char("Phone of the contact")
    contact_email = fields.Char("Mail of the contact")
    warning = fields.Char(compute="_compute_warning")
    state = fields.Selection(STATES, default="draft", required=True, readonly=True, copy=False)
    version = fields.Integer(readonly=True, copy=False, help="Counted up by each approval")
    digest = fields.Char(
        readonly=True, copy=False, help="Of the texts and of what each consignee received"
    )
    author_id = fields.Many2one(
        "res.users", "Written by", readonly=True, copy=False, ondelete="restrict"
    )
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, ondelete="restrict"
    )
    approved_on = fields.Datetime("Approved on", readonly=True, copy=False)
    consignee_count = fields.Integer("Consignees", compute="_compute_consignee_count")

    _audience_unique = models.UniqueIndex(
        "(recall_id, audience)", "This recall has a letter for these readers already."
    )

    @api.depends("audience", "recall_id")
    def _compute_display_name(self):
        known = dict(self._fields["audience"]._description_selection(self.env))
        for letter in self:
            letter.display_name = f"{letter.recall_id.name or ''}: {known.get(letter.audience, '')}"

    @api.depends_context("lang")
    @api.depends("recall_id.goods", "recall_id.kind", "recall_id.remedy", "recall_id.hazard_class")
    def _compute_heading(self):
        for letter in self:
            letter.heading = letter.recall_id._letter_heading()

    @api.depends_context("lang")
    @api.depends(*TEXTS)
    def _compute_warning(self):
        for letter in self:
            words = promotional_words(" ".join(letter[name] or "" for name in TEXTS))
            letter.warning = (
                self.env._(
                    "A letter of a recall does not advertise (21 CFR 7.49(c)(2)). Look at: %s.",
                    ", ".join(words),
                )
                if words
                else False
            )

    def _compute_consignee_count(self):
        rows = self.env["lot.recall.consignee"]._read_group(
            [("recall_id", "in", self.recall_id.ids), ("line_ids", "!=", False)],
            ["recall_id", "audience"],
            ["__count"],
        )
        counts = {(recall, audience): count for recall, audience, count in rows}
        for letter in self:
            letter.consignee_count = counts.get((letter.recall_id, letter.audience), 0)

    # -- what may be written ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_evidence(vals)
        letters = super().create(vals_list)
        letters.recall_id._check_state("suspected", "decided")
        letters._note({"author_id": self.env.uid})
        return letters

    def write(self, vals):
        self._refuse_evidence(vals)
        said = {*TEXTS, *CONTACT, "audience", "recall_id"} & vals.keys()
        if said:
            self._check_writable()
        result = super().write(vals)
        if said:
            self._edited()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._check_writable()
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        self._edited()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        if any(letter.version for letter in self):
            raise UserError(
                self.env._("A letter that was approved is evidence and is not deleted.")
            )

    def _check_writable(self) -> None:
        self.recall_id._check_state("suspected", "decided")

    def _edited(self) -> None:
        """Somebody has changed what is said: that is for another person to approve."""
        self._note({"author_id": self.env.uid})
        self.recall_id._recheck_letters()

    def _refuse_evidence(self, vals: dict[str, Any]) -> None:
        if _EVIDENCE & vals.keys() and not self.env.su:
            raise UserError(self.env._("Who wrote and who approved a letter is noted by itself."))

    def _note(self, values: dict[str, Any]) -> None:
        """Write what a step notes of itself."""
        # sudo: nobody types it; whoever may do the step has been asked
        self.sudo().write(values)

    # -- for buttons -------------------------------------------------------------------------------

    def action_rewrite(self) -> bool:
        """Write the text of these letters anew from the case, in all languages of its consignees.

        :return: True
        :raise UserError: when the recall is closed
        """
        self.check_access("write")
        for letter in self:
            letter._draft()
        return True
