from odoo import api, models
from odoo.exceptions import UserError

_PLAN = ("months", "target_hours", "tolerance", "side")


class LotPresetTarget(models.AbstractModel):
    """The schedule of mock recalls of a company: the first one, where it has several."""

    _inherit = "lot.preset.target"

    @api.model
    def _drill_plan(self, scope):
        plans = self.env["lot.recall.drill.plan"].sudo()  # sudo: as `_name` says
        return plans.search([("company_id", "=", scope.company.id)], order="id", limit=1)

    @api.model
    def _read_drill(self, scope, key):
        plan = self._drill_plan(scope)
        return {name: plan[name] for name in _PLAN} if plan else None

    @api.model
    def _usual_drill(self, scope, key):
        return None

    @api.model
    def _write_drill(self, scope, key, value):
        plan = self._drill_plan(scope)
        if not value:
            plan.active = False
        elif plan:
            plan.write(value)
        else:
            plan.create({"company_id": scope.company.id, "user_id": self._drill_user().id, **value})

    @api.model
    def _drill_user(self):
        """Who gets the findings: whoever sets it up, who may run recalls."""
        user = self.env.user
        if not user.has_group("lot_traceability.group_recall_manager"):
            raise UserError(
                self.env._(
                    "A mock recall needs somebody in charge, and %s may not run recalls. Give the "
                    "role Recall manager, or untick the mock recall.",
                    user.name,
                )
            )
        return user

    @api.model
    def _say_drill(self, key, value):
        if not value:
            return self.env._("no mock recalls")
        return self.env._(
            "every %(months)s months, target %(hours)g hours, mass balance at least %(share)g %%",
            months=value["months"],
            hours=value["target_hours"],
            share=value["tolerance"],
        )
