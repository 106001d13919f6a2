from odoo import api, models

from .lot_learn import PREFIX


class WebTourTour(models.Model):
    _inherit = "web_tour.tour"

    @api.model
    def consume(self, tourName):  # noqa: N803  as core calls it
        """As core; after a tour of this app none of Odoo's own follows it."""
        following = super().consume(tourName)
        if not tourName.startswith(PREFIX):
            return following
        user = self.env.user.sudo()  # sudo: of the user's own tours
        if user.lot_learn_only:
            user.write({"lot_learn_only": False, "tour_enabled": False})
        return False

    @api.model
    def get_current_tour(self):
        """As core; none is begun by itself for who asked for a tour of this app alone."""
        # sudo: of the user's own tours
        if self.env.user.sudo().lot_learn_only:
            return False
        return super().get_current_tour()
