from odoo import api, fields, models
from odoo.tools import SQL

from .lot_expiry_messages import NOT_FOLLOWED


class StockLot(models.Model):
    _inherit = "stock.lot"

    expiry_notice_ids = fields.One2many("lot.expiry.notice", "lot_id", "Expiry notices")
    expiry_stage_id = fields.Many2one(
        "lot.expiry.stage",
        "Expiry stage",
        compute="_compute_expiry_stage_id",
        help="The latest stage that was reached with the dates as they are now.",
    )

    @api.depends("expiry_notice_ids", "expiration_date", "use_date", "removal_date", "alert_date")
    @api.depends_context("company")
    def _compute_expiry_stage_id(self):
        company = self.env.company
        for lot in self:
            # sudo: a stage is shown to whoever sees the lot
            current = lot.sudo().expiry_notice_ids.filtered(
                lambda notice, lot=lot: (
                    notice.company_id == company and notice.date == lot[notice.stage_id.basis]
                )
            )
            lot.expiry_stage_id = current._by_urgency()[:1].stage_id

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """As core's; but a stage that tells thousands makes nobody follow each of the lots. Two
        jobs that did so at once would wait for each other."""
        if self.env.context.get(NOT_FOLLOWED):
            return True
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def _open_expiry_activities(self):
        """Open activities that a stage raised on these lots."""
        kind = self.env.ref("lot_traceability.activity_lot_expiry")
        # sudo: they belong to several users, and what one did is done for all
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "stock.lot"),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "=", kind.id),
                    ("automated", "=", True),
                ]
            )
        )

    @api.model
    def _alert_date_exceeded(self):
        """Odoo's own alert is not repeated for a lot of which a stage has told already."""
        self._mark_alerts_of_stages()
        return super()._alert_date_exceeded()

    @api.model
    def _mark_alerts_of_stages(self) -> None:
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT notice.lot_id
                  FROM lot_expiry_notice notice JOIN stock_lot lot ON lot.id = notice.lot_id
                 WHERE lot.alert_date <= %s AND lot.product_expiry_reminded IS NOT TRUE
                """,
                fields.Datetime.now(),
            )
        )
        self.browse(row[0] for row in self.env.cr.fetchall()).product_expiry_reminded = True
