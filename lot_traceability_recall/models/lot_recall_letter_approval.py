from collections import defaultdict
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tools import SQL

from ..tools.recall_letter import content_digest
from .lot_recall_letter import CONTACT, TEXTS

# Code of the step in `lot.signature.step`.
STEP = "recall_letters"
# What a letter takes from the case.
CASE = ("name", "title", "kind", "goods", "region", "remedy", "hazard_class")


class LotRecall(models.Model):
    """The letters are approved by somebody who has not written them; what is said or sent changes
    after that, it has to be approved again."""

    _inherit = "lot.recall"

    own_letters = fields.Boolean(
        "I wrote the letters",
        compute="_compute_own_letters",
        help="Whoever wrote or changed them last does not approve them.",
    )

    @api.depends_context("uid")
    @api.depends("letter_ids.author_id", "letter_ids.state")
    def _compute_own_letters(self):
        for recall in self:
            # sudo: which author a letter has is compared, not read
            drafts = recall.sudo().letter_ids.filtered(lambda letter: letter.state == "draft")
            recall.own_letters = self.env.user in drafts.author_id

    def approve_letters(self) -> dict[str, str]:
        """Approve the letters of this recall: from now on they may be sent, as they are.

        :return: {audience: digest of its texts and of what each consignee received}
        :raise AccessError: without the right to run recalls
        :raise UserError: for the person who wrote them, without letters, or where the step has to
            be signed (`lot.signature.sign` with step "recall_letters" on the letters)
        """
        self.ensure_one()
        letters = self.letter_ids.filtered(lambda letter: letter.state == "draft")
        letters = letters or self.letter_ids
        letters._check_approvable()
        self.env["lot.signing"]._demand(STEP, letters, {})
        return letters._approve()

    def action_approve_letters(self) -> bool | dict[str, Any]:
        """As `approve_letters`, for a button; where it is signed, the dialog for that opens.

        :return: True, or a window action
        """
        self.ensure_one()
        signing = self.env["lot.signing"]
        letters = self.letter_ids.filtered(lambda letter: letter.state == "draft")
        letters._check_approvable()
        step = signing._step_of(STEP, letters)
        if step and self.env["lot.audit.origin"]._origin()["via"] == "web":
            return signing._ask(step, letters, {})
        self.approve_letters()
        return True

    def _recheck_letters(self) -> None:
        """An approval is of what was read: void it where that is not so any more."""
        # sudo: whoever changes the case need not be allowed to read or write letters
        approved = self.sudo().letter_ids.filtered(lambda letter: letter.state == "approved")
        if not approved:
            return
        now = approved._digests()
        approved.filtered(lambda letter: letter.digest != now[letter.id])._void()

    def write(self, vals):
        result = super().write(vals)
        if set(CASE) & vals.keys():
            self._recheck_letters()
        return result

    def _after_freeze(self) -> None:
        result = super()._after_freeze()
        self._recheck_letters()
        return result


class LotRecallLetter(models.Model):
    """The approval, as a step that may be signed."""

    _inherit = "lot.recall.letter"

    def _check_approvable(self) -> None:
        """:raise UserError: when these letters cannot be approved now, or not by this user"""
        _ = self.env._
        if not self:
            raise UserError(_("Write the letters first, then somebody else approves them."))
        for recall in self.recall_id:
            recall.check_access("write")
            recall._check_state("decided")
            if recall.draft_scope_id:
                raise UserError(
                    _(
                        "A new version of the scope is open. Freeze it first: it says who is told "
                        "what."
                    )
                )
            if recall._audiences_used() - set(recall.letter_ids.mapped("audience")):
                raise UserError(_("Some consignees have no letter yet: press “Write the letters”."))
        # sudo: which author a letter has is compared, not read
        if self.env.user in self.sudo().author_id:
            raise UserError(
                _(
                    "You have written or changed these letters last. Ask a second person who may "
                    "run recalls to read and approve them."
                )
            )

    def _approve(self) -> dict[str, str]:
        self._check_approvable()
        digests = self._digests()
        for letter in self:
            letter._note(
                {
                    "state": "approved",
                    "digest": digests[letter.id],
                    "version": letter.version + (letter.digest != digests[letter.id]),
                    "approved_by_id": self.env.uid,
                    "approved_on": Datetime.now(),
                }
            )
        found = {letter.audience: letter.digest for letter in self}
        for recall in self.recall_id:
            recall._tell_step("letters approved", digests=found)
            recall.message_post(body=self.env._("Letters approved: they may be sent now."))
        return found

    def _void(self) -> None:
        """What was approved is not what would be sent: back to draft, and stop what waits."""
        if not self:
            return
        self._note({"state": "draft", "approved_by_id": False, "approved_on": False})
        self.env["lot.recall.notice"]._cancel_waiting(self)
        for recall in self.recall_id:
            recall._tell_step("approval of letters void")
            # sudo: noted by itself
            recall.sudo().message_post(
                body=self.env._(
                    "What the letters say, or to whom, has changed after they were approved. "
                    "Nothing more is sent until they are approved again."
                )
            )

    # -- signed ----------------------------------------------------------------------------------

    def _signed_recall_letters(self, values: dict[str, Any]):
        self._approve()
        return self

    def _check_signed(self, code, values):
        result = super()._check_signed(code, values)
        self._check_approvable()
        return result

    def _signature_place(self):
        return {"document": self.recall_id, "company": self.company_id}

    def _signature_facts(self):
        return super()._signature_facts() | {
            "subject": self.subject,
            "audience": self.audience,
            "digest": self._digests()[self.id],
        }

    def _signature_summary(self, code, values):
        return "\n".join(
            self.env._(
                "%(letter)s: “%(subject)s”, to %(count)s consignees",
                letter=letter.display_name,
                subject=letter.subject,
                count=letter.consignee_count,
            )
            for letter in self
        )

    # -- digests -----------------------------------------------------------------------------------

    def _digests(self) -> dict[int, str]:
        """{letter id: digest} of the texts in all languages, of what they take from the case, and
        of what each consignee is told it has received."""
        own = self._content_digests()
        by_letter = defaultdict(list)
        for (letter_id, consignee_id), digest in own.items():
            by_letter[letter_id].append([consignee_id, digest])
        texts = self._text_digests()
        return {
            letter.id: content_digest([texts[letter.id], sorted(by_letter[letter.id])])
            for letter in self
        }

    def _text_digests(self) -> dict[int, str]:
        self.flush_recordset()
        names = SQL(", ").join(map(SQL.identifier, (*TEXTS, *CONTACT)))
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM lot_recall_letter WHERE id IN %s", names, tuple(self.ids or [0])
            )
        )
        said = {row[0]: row[1:] for row in rows}
        return {
            letter.id: content_digest(
                [
                    letter.audience,
                    [letter.recall_id[name] or "" for name in CASE],
                    [part or "" for part in said.get(letter.id, ())],
                ]
            )
            for letter in self
        }

    def _content_digests(self) -> dict[tuple[int, int], str]:
        """{(letter id, consignee id): digest of what this consignee is told}, in one query."""
        self.env["lot.recall.consignee"].flush_model(["audience", "recall_id"])
        self.env["lot.recall.consignee.lot"].flush_model()
        texts, rows = self._text_digests(), defaultdict(list)
        for letter_id, consignee_id, *row in self.env.execute_query(
            SQL(
                """
                SELECT letter.id, line.consignee_id, line.product_id, line.lot_id, line.lot_name,
                       line.quantity::text, line.net::text, line.documents,
                       line.first_date::text, line.last_date::text
                  FROM lot_recall_letter letter
                  JOIN lot_recall_consignee consignee ON consignee.recall_id = letter.recall_id
                   AND consignee.audience = letter.audience
                  JOIN lot_recall_consignee_lot line ON line.consignee_id = consignee.id
                 WHERE letter.id IN %s AND line.active
                 ORDER BY line.consignee_id, line.product_id, line.lot_id NULLS FIRST
                """,
                tuple(self.ids or [0]),
            )
        ):
            rows[letter_id, consignee_id].append(row)
        return {key: content_digest([texts[key[0]], same]) for key, same in rows.items()}


class LotRecallConsignee(models.Model):
    _inherit = "lot.recall.consignee"

    def write(self, vals):
        result = super().write(vals)
        if "audience" in vals:
            self.recall_id._recheck_letters()
        return result
