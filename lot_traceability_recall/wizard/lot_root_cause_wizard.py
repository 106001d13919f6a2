from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class LotRootCauseWizard(models.TransientModel):
    """Asks for the lots of complaints and for good ones, and shows what may be the cause."""

    _name = "lot.root.cause.wizard"
    _description = "Look for the common cause of complaints"

    complaint_ids = fields.Many2many(
        "stock.lot",
        "lot_root_cause_complaint_rel",
        string="Lots with complaints",
        help="The lots that the complaints name.",
    )
    good_ids = fields.Many2many(
        "stock.lot",
        "lot_root_cause_good_rel",
        string="Good lots",
        help="Lots that were tested, or used without complaint: what went into them as well is "
        "less likely to be the cause.",
    )
    suspect_ids = fields.One2many("lot.root.cause.suspect", "wizard_id", "Suspects", readonly=True)
    searched = fields.Boolean(readonly=True)
    message = fields.Char(readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        if context.get("active_model") == "stock.lot" and "complaint_ids" in fields_list:
            lots = self.env["stock.lot"].browse(context.get("active_ids", [])).exists()
            values.setdefault("complaint_ids", [Command.set(lots.ids)])
        return values

    def action_search(self) -> dict:
        """Rank what may be the cause, and show it in this dialog.

        :return: the action that shows the dialog again
        :raise UserError: when no lot with a complaint is chosen
        """
        self.ensure_one()
        if not self.complaint_ids:
            raise UserError(self.env._("Choose the lots that the complaints name."))
        found = self.env["lot.root.cause"].rank(self.complaint_ids.ids, self.good_ids.ids)
        self.suspect_ids.unlink()
        self.write(
            {
                "suspect_ids": [
                    Command.create(self._suspect_values(row, found)) for row in found["suspects"]
                ],
                "searched": True,
                "message": self._message_of(found),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Common Cause of Complaints"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def _suspect_values(self, row: dict, found: dict) -> dict:
        def share(part, whole):
            return self.env._("%(part)s of %(whole)s", part=part, whole=whole)

        return {
            "lot_id": row["lot_id"],
            "explained": share(len(row["explains"]), found["complaints"]),
            "good_reached": share(len(row["good"]), found["good"]) if found["good"] else False,
            "score": row["score"],
            "certainty": row["certainty"],
            "distance": row["distance"],
            "taken": row["taken"],
            "others": row["others"],
            "customers": row["customers"],
            "estimated": row["estimated"],
        }

    def _message_of(self, found: dict) -> str:
        first = found["suspects"][:1]
        if not first or not max(row["distance"] for row in found["suspects"]):
            return self.env._("Nothing is known of what went into these lots.")
        if len(first[0]["explains"]) < found["complaints"]:
            return self.env._(
                "No single lot explains all %(count)s complaints: look for two causes, or for one "
                "that is no lot (a line, a day, a supplier).",
                count=found["complaints"],
            )
        if any(row["estimated"] for row in found["suspects"]):
            return self.env._(
                "In italics: lots of which a recall would take thousands. Their figures are those "
                "of the last night, to within a few percent."
            )
        return ""


class LotRootCauseSuspect(models.TransientModel):
    """A lot that may be the cause, as the dialog lists it."""

    _name = "lot.root.cause.suspect"
    _description = "Suspect lot"
    _order = "id"

    wizard_id = fields.Many2one("lot.root.cause.wizard", required=True, ondelete="cascade")
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="lot_id.product_id")
    supplier_lot = fields.Char(related="lot_id.supplier_lot")
    explained = fields.Char("Explains", help="How many of the lots with complaints")
    good_reached = fields.Char("Good lots", help="How many of the good lots it went into as well")
    score = fields.Float(digits=(3, 2), help="1: explains all complaints and spares all good lots")
    certainty = fields.Selection([("recorded", "Recorded"), ("inferred", "Inferred")])
    distance = fields.Integer("Generations", help="From the lot to the nearest complaint")
    taken = fields.Integer(
        "Recall", help="Lots that a recall would take: it, and what it went into"
    )
    others = fields.Integer(help="Those of them that no complaint names")
    customers = fields.Integer("Sent to", help="Customers who received any of them")
    estimated = fields.Boolean(help="Recall, others and sent to are those of the last night.")

    def action_trace(self) -> dict:
        """Open the trace of this lot.

        :return: the client action of the trace page
        """
        return self.lot_id.action_trace()

    def action_recall(self) -> dict:
        """Open the dialog that starts a recall of this lot, because of complaints.

        :return: a window action
        """
        action = self.lot_id.action_start_recall()
        return {**action, "context": {**action["context"], "default_found_by": "complaint"}}
