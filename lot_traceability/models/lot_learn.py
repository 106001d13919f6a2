from typing import Any

from odoo import api, models

PREFIX = "lot_learn_"
# What `./setup/pictures` has made of the guides in `docs`.
GUIDES = "/lot_traceability/static/description"


class LotLearn(models.AbstractModel):
    """The guided tours: which there are for whom. What they show is in `static/src/backend/learn`;
    another module adds its own to `_tours`, and their records of `web_tour.tour`."""

    _name = "lot.learn"
    _description = "Guided tours"

    @api.model
    def _tours(self) -> list[dict[str, str]]:
        """All tours in their order: {"name", "group", "title", "text"}, and "guide", the
        address of what to read about it, where there is one; `group` is the role that a tour is
        for, as an xmlid."""
        _ = self.env._
        return [
            {
                "name": "lot_learn_trace",
                "group": "lot_traceability.group_reader",
                "title": _("Trace a lot"),
                "text": _("What went into a lot, where it went, and who has it."),
            },
            {
                "name": "lot_learn_operator",
                "group": "lot_traceability.group_operator",
                "title": _("Work with lots"),
                "text": _("The page of a lot, putting it on hold, and the Scan app."),
                "guide": f"{GUIDES}/guide-operator.html",
            },
            {
                "name": "lot_learn_quality",
                "group": "lot_traceability.group_quality",
                "title": _("Judge lots"),
                "text": _("Lots that wait for you, their status, readings and expiry."),
                "guide": f"{GUIDES}/guide-quality.html",
            },
            {
                "name": "lot_learn_audit",
                "group": "lot_traceability.group_auditor",
                "title": _("Read the audit log"),
                "text": _("Who did what when, how it is sealed, and the export."),
                "guide": f"{GUIDES}/guide-auditor.html",
            },
            {
                "name": "lot_learn_administrator",
                "group": "lot_traceability.group_administrator",
                "title": _("Set it up"),
                "text": _("Statuses, shelf life, and where labels and printers are."),
                "guide": f"{GUIDES}/guide-administrator.html",
            },
        ]

    @api.model
    def tours(self) -> list[dict[str, Any]]:
        """The guided tours for the roles of the user.

        :return: [{"name": str, "title": str, "text": str, "guide": str, "done": bool}], in the
            order to take them; `guide` is the address of a page, or empty
        :raise AccessError: without a role of this app
        """
        self.check_access("read")
        mine = [tour for tour in self._tours() if self.env.user.has_group(tour["group"])]
        records = self.env["web_tour.tour"].search([("name", "in", [one["name"] for one in mine])])
        done = {
            record.name
            # sudo: who has taken a tour; of these, the user asks for itself
            for record in records.sudo()
            if self.env.user in record.user_consumed_ids
        }
        return [
            {
                "name": one["name"],
                "title": one["title"],
                "text": one["text"],
                "guide": one.get("guide", ""),
                "done": one["name"] in done,
            }
            for one in mine
        ]

    @api.model
    def begin(self) -> bool:
        """Note that the user starts a tour, for which Odoo turns its own tours on: they do not
        follow ours, and are off again afterwards.

        :return: True
        :raise AccessError: without a role of this app
        """
        self.check_access("read")
        user = self.env.user
        if not user.tour_enabled:
            user.sudo().lot_learn_only = True  # sudo: of the user's own tours
        return True
