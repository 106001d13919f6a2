from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .lot_audit_event import KINDS


class LotAuditRetention(models.Model):
    """How long events of a kind are kept in the database before they go to an archive file.
    Without a rule they stay for ever.

    A block goes as a whole: only when all of its events have expired and nothing of it is held.
    """

    _name = "lot.audit.retention"
    _description = "Retention of the audit log"
    _order = "company_id, kind, id"
    _rec_name = "kind"

    kind = fields.Selection(KINDS, "Kind of events", help="Empty: all kinds without a rule")
    years = fields.Integer(required=True, default=10, help="From the day of the event")
    company_id = fields.Many2one(
        "res.company", help="Empty: all companies without a rule", ondelete="cascade"
    )

    _one_rule = models.UniqueIndex(
        "(COALESCE(company_id, 0), COALESCE(kind, ''))",
        "There is a rule for this kind and company already. Change that one.",
    )

    @api.constrains("years")
    def _check_years(self):
        if any(not 1 <= rule.years <= 200 for rule in self):
            raise ValidationError(
                self.env._("Enter a number of years from 1 to 200, or delete the rule to keep all.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        for rule in rules:
            rule._tell({"years": [None, rule.years]})
        return rules

    def write(self, vals):
        before = {rule: rule.years for rule in self}
        result = super().write(vals)
        for rule, years in before.items():
            rule._tell({"years": [years, rule.years]})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_told(self):
        for rule in self:
            rule._tell({"years": [rule.years, None]})

    def _tell(self, changes: dict) -> None:
        self.env["lot.audit.event"]._record(
            "configured",
            record=self,
            company=self.company_id,
            changes=changes,
            data={"kind": self.kind or "all"},
        )

    @api.depends("kind", "years")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            rule.display_name = self.env._(
                "%(kind)s: %(years)s years",
                kind=kinds.get(rule.kind) or self.env._("All kinds"),
                years=rule.years,
            )

    @api.model
    def _expired(self) -> SQL:
        """Has `event` expired, and is it not held? The narrowest rule counts: kind and company,
        company, kind, all."""
        # sudo: rules and holds of every company count, whoever asks
        rules = self.sudo().search([("years", ">=", 0)])
        holds = self.env["lot.audit.hold"].sudo().search([("released_on", "=", False)])
        columns = (
            [rule.company_id.id or None for rule in rules],
            [rule.kind or None for rule in rules],
            rules.mapped("years"),
        )
        return SQL(
            """COALESCE(event.at < %s::timestamp - make_interval(years => (
                   SELECT rule.years
                     FROM unnest(%s::int[], %s::text[], %s::int[]) AS rule (company, kind, years)
                    WHERE (rule.company IS NULL OR rule.company = event.company_id)
                      AND (rule.kind IS NULL OR rule.kind = event.kind)
                    ORDER BY rule.company IS NULL, rule.kind IS NULL LIMIT 1)), FALSE)
               AND COALESCE(event.lot_id <> ALL(%s::int[]), TRUE)
               AND COALESCE(event.product_id <> ALL(%s::int[]), TRUE)""",
            fields.Datetime.now(),
            *columns,
            holds.lot_id.ids,
            holds.product_id.ids,
        )
