from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain

_MOST_SAID = 5


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    lot_watch = fields.Boolean(
        "Lot traceability",
        help="How lot traceability went this week and the week before: traces, scans, stock, "
        "records, and what users say. Told to recipients who may read the figures.",
    )

    def _lot_watch(self, user) -> dict[str, Any] | None:
        """What the mail tells this user; nothing to who may not read it.

        :return: {"company", "rows": as `lot.figure._weeks`, "devices": as on the board, "feedback":
            [{"kind", "text", "screen", "user"}], "unanswered": int or False}
        """
        self.ensure_one()
        company = self.company_id or user.company_id
        if not self.lot_watch or company not in user.company_ids:
            return None
        figures = (
            self.env["lot.figure"]
            .with_user(user)
            .with_context(lang=user.lang, allowed_company_ids=company.ids)
        )
        if not figures.has_access("read"):
            return None
        feedback = figures.env["lot.feedback"]
        return {
            "company": company.name,
            "rows": figures._weeks(company),
            "devices": figures._stale_devices(company),
            "feedback": self._said(feedback, company),
            "unanswered": feedback._unanswered(company),
        }

    @api.model
    def _said(self, feedback, company) -> list[dict[str, str]]:
        """What users said last and nobody has answered."""
        if not feedback.has_access("write"):
            return []
        kinds = dict(feedback._fields["kind"]._description_selection(feedback.env))
        new = Domain("state", "=", "new") & Domain("company_id", "=", company.id)
        return [
            {
                "kind": kinds[one.kind],
                "text": one.text,
                "screen": one.screen or "",
                # sudo: who answers feedback need not read users
                "user": one.user_id.sudo().name,
            }
            for one in feedback.search(new, limit=_MOST_SAID)
        ]

    def _compute_tips(self, company, user, tips_count=1, consumed=True):
        # Odoo's own tips have no place in a mail of figures.
        if self.lot_watch:
            return []
        return super()._compute_tips(company, user, tips_count=tips_count, consumed=consumed)
