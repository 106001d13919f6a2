from odoo import fields, models


class LotAuditReview(models.Model):
    """The review of the log, as a step that is signed where the firm says so."""

    _name = "lot.audit.review"
    _inherit = ["lot.audit.review", "lot.signable"]

    signature_ids = fields.One2many(
        "lot.signature",
        "res_id",
        "Signatures",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
    )

    def action_finish(self):
        """As without signatures; where the review is signed, the dialog for that opens first."""
        signing = self.env["lot.signing"]
        step = signing._step_of("log_review", self)
        if step and not signing._given("log_review", self):
            for review in self:
                review._check_finished()
            if self.env["lot.audit.origin"]._origin()["via"] == "web":
                return signing._ask(step, self, {})
            signing._demand("log_review", self)
        return super().action_finish()

    def _signed_log_review(self, values):
        self.action_finish()
        return self

    def _check_signed(self, code, values):
        result = super()._check_signed(code, values)
        for review in self:
            review._check_finished()
        return result

    def _signature_summary(self, code, values):
        verdicts = dict(self._fields["verdict"]._description_selection(self.env))
        return "\n".join(
            f"{review.name}: {verdicts.get(review.verdict, '')}. {review.findings or ''}".strip()
            for review in self
        )

    def _signature_facts(self):
        facts = {name: self[name] for name in ("state", "kind", "verdict", "findings")}
        facts |= {name: self[name] for name in ("reviewed_count", "reviewed_kinds")}
        facts |= {name: self[name] for name in ("last_event_id", "block_number", "block_digest")}
        facts |= {name: fields.Datetime.to_string(self[name]) for name in ("since", "until")}
        return super()._signature_facts() | {key: value for key, value in facts.items() if value}

    def _signature_place(self):
        return {"company": self.company_id}
