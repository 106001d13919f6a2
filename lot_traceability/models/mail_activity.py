from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A stage of expiry told each user of a role: when one has seen to the lot, it is off the
        list of the others."""
        kind = self.env.ref("lot_traceability.activity_lot_expiry", raise_if_not_found=False)
        told = self.filtered(
            lambda activity: (
                activity.automated
                and activity.res_model == "stock.lot"
                and activity.activity_type_id == kind
            )
        )
        if told:
            lots = self.env["stock.lot"].browse(told.mapped("res_id"))
            # sudo: those of the others, as `_open_expiry_activities` gives them
            (lots._open_expiry_activities() - self.sudo()).unlink()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
