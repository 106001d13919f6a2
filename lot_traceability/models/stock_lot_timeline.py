from odoo import fields, models

RECENT = 30


class StockLot(models.Model):
    """What the audit log says of a lot, on the lot."""

    _inherit = "stock.lot"

    audit_event_count = fields.Integer("Events", compute="_compute_audit_events")
    recent_event_ids = fields.Many2many(
        "lot.audit.event", string="Latest events", compute="_compute_audit_events"
    )

    def _compute_audit_events(self):
        events = self.env["lot.audit.event"]
        counts = dict(events._read_group([("lot_id", "in", self.ids)], ["lot_id"], ["__count"]))
        for lot in self:
            lot.audit_event_count = counts.get(lot._origin, 0)
            lot.recent_event_ids = lot.ids and events.search(
                [("lot_id", "=", lot.ids[0])], limit=RECENT
            )

    def action_dossier_pdf(self) -> dict:
        """Download the dossier of this lot for reading and printing.

        :return: an action that opens its address
        """
        return self._dossier("pdf")

    def action_dossier_xlsx(self) -> dict:
        """Download the dossier of this lot as a workbook.

        :return: an action that opens its address
        """
        return self._dossier("xlsx")

    def _dossier(self, file_format: str) -> dict:
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lot_traceability/dossier/{self.id}/{file_format}",
            "target": "download",
        }

    def action_audit_log(self) -> dict:
        """Open the audit log of these lots.

        :return: a window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_audit_event_action"
        )
        return action | {"domain": [("lot_id", "in", self.ids)], "context": {}}
