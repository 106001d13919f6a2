from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    expiry_partner_ids = fields.Many2many(
        "res.partner",
        "lot_expiry_warehouse_partner_rel",
        string="Expiry mail to",
        help="Get the mail about lots in this warehouse that reached a stage of expiry, besides "
        "the users of the stage's role.",
    )

    @api.model
    def _expiry_stock_rows(self, lot_ids: list[int], company_ids: list[int]) -> list[tuple]:
        """Where these lots lie: (warehouse or None, company, lot, quantity)."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT warehouse_id, company_id, lot_id, SUM(quantity)
                     FROM (%s) stock WHERE lot_id = ANY(%s)
                    GROUP BY warehouse_id, company_id, lot_id""",
                self.env["lot.expiry.stock"]._held(company_ids),
                lot_ids,
            )
        )
        return self.env.cr.fetchall()

    def _expiry_mail_rows(self, notices=None) -> dict:
        """What the mail of each warehouse lists. Stock outside all warehouses is told to the
        first warehouse of its company.

        :param notices: of one company; those that are due unless given
        :return: {warehouse: [{"notice", "lot", "stage", "day", "days", "amount", "outside"}]},
            a lot once, what expires first on top
        """
        if notices is None:
            # sudo: whoever may send the mail may send what it is about
            notices = (
                self.env["lot.expiry.notice"]
                .sudo()
                .search([("company_id", "in", self.company_id.ids), ("mail_due", "=", True)])
            )
        calendar = self.env["lot.calendar"]
        urgent = {}
        for notice in notices._by_urgency():
            urgent.setdefault((notice.company_id.id, notice.lot_id.id), notice)
        first = {}
        for warehouse in self.search([("company_id", "in", notices.company_id.ids)]):
            first.setdefault(warehouse.company_id.id, warehouse.id)
        found: dict = {}
        for warehouse_id, company_id, lot_id, quantity in self._expiry_stock_rows(
            notices.lot_id.ids, notices.company_id.ids
        ):
            notice = urgent.get((company_id, lot_id))
            warehouse = self.browse(warehouse_id or first.get(company_id))
            if notice and warehouse in self:
                company = notice.company_id
                found.setdefault(warehouse, []).append(
                    {
                        "notice": notice,
                        "lot": notice.lot_id,
                        "stage": notice.stage_id,
                        "day": calendar._day(notice.date, company),
                        "days": calendar._remaining_days(notice.date, company),
                        "amount": formatLang(self.env, quantity, dp="Product Unit"),
                        "outside": not warehouse_id,
                    }
                )
        for rows in found.values():
            rows.sort(key=lambda row: (row["day"], row["lot"].id))
        return found
