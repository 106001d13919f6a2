from datetime import datetime
from typing import Any

from odoo import fields, models
from odoo.tools import SQL, format_date


class LotRecall(models.Model):
    """What an authority and the press are told, filled from the case: 21 CFR 7.46(a) and the fields
    of the FDA's model of a recall submission."""

    _inherit = "lot.recall"

    hazard_assessment = fields.Text(
        "Assessment of the hazard",
        tracking=True,
        help="Who is at risk, how badly and how likely; harm that is known already. "
        "21 CFR 7.41 names what to look at.",
    )
    coding_text = fields.Text(
        "How lots are coded",
        help="How to read the numbers, where they stand on the package and, if all lots are "
        "recalled, how good product is told apart.",
    )
    complaint_text = fields.Text(
        "Complaints, injuries and tests", help="How many, when, where and what was found"
    )
    cause_text = fields.Text("Root cause and corrective action")
    responsible_contact_id = fields.Many2one(
        "res.partner", "Responsible official", ondelete="restrict"
    )
    public_contact_id = fields.Many2one(
        "res.partner", "Contact for the public", ondelete="restrict"
    )

    def action_distribution_list(self) -> dict[str, Any]:
        """Give the distribution list as a workbook.

        :return: an action that opens the file
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/lot_traceability_recall/distribution/{self.id}.xlsx",
            "target": "download",
        }

    # -- for the documents ------------------------------------------------------------------------

    def _day_text(self, instant) -> str:
        """A day as one writes it, of an instant that of the company; empty for none."""
        if not instant or not isinstance(instant, datetime):
            return format_date(self.env, instant) if instant else ""
        company = self.company_id.sudo()  # sudo: the zone of the firm
        return format_date(self.env, self.env["lot.calendar"]._day(instant, company))

    def _volumes(self) -> list[dict[str, Any]]:
        """For each product that was shipped or lies in stock: what there was of it, in one query.

        :return: [{"product": record, "lots": names, "expires": (first, last),
            "made": (first, last), "sent": (first, last), "on_hand", "shipped", "returned",
            "net", "consignees"}]
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT taken.product_id, STRING_AGG(taken.lot_name, ', ' ORDER BY taken.lot_name),
                       MIN(lot.expiration_date), MAX(lot.expiration_date),
                       MIN(lot.production_date), MAX(lot.production_date),
                       SUM(taken.on_hand), SUM(taken.shipped), SUM(taken.returned), SUM(taken.net),
                       sent.first, sent.last, COALESCE(sent.consignees, 0)
                  FROM lot_recall_lot taken
                  JOIN stock_lot lot ON lot.id = taken.lot_id
                  LEFT JOIN (SELECT line.product_id, MIN(line.first_date) AS first,
                                    MAX(line.last_date) AS last,
                                    COUNT(DISTINCT line.consignee_id) AS consignees
                               FROM lot_recall_consignee_lot line
                              WHERE line.recall_id = %(recall)s AND line.active
                              GROUP BY line.product_id) sent ON sent.product_id = taken.product_id
                 WHERE taken.scope_id = %(scope)s AND taken.decision <> 'excluded'
                 GROUP BY taken.product_id, sent.first, sent.last, sent.consignees
                HAVING SUM(taken.shipped) <> 0 OR SUM(taken.on_hand) <> 0
                 ORDER BY SUM(taken.shipped) DESC, taken.product_id
                """,
                recall=self.id,
                scope=self.scope_id.id or 0,
            )
        )
        products = self.env["product.product"]
        return [
            {
                "product": products.browse(row[0]).sudo(),  # sudo: shown by name alone
                "lots": row[1],
                "expires": row[2:4],
                "made": row[4:6],
                "on_hand": row[6],
                "shipped": row[7],
                "returned": row[8],
                "net": row[9],
                "sent": row[10:12],
                "consignees": row[12],
            }
            for row in rows
        ]

    def _today_text(self) -> str:
        return self._day_text(fields.Datetime.now())

    def _accounts(self) -> list[tuple[str, str, int]]:
        """[(kind of consignee, country, number)] of the direct accounts."""
        kinds = dict(
            self.env["lot.recall.consignee"]._fields["audience"]._description_selection(self.env)
        )
        rows = self.env["lot.recall.consignee"]._read_group(
            [("recall_id", "=", self.id), ("line_ids", "!=", False)],
            ["audience", "country_id"],
            ["__count"],
        )
        return [
            (kinds[audience], country.name or self.env._("unknown"), count)
            for audience, country, count in rows
        ]

    def _contacts(self) -> list[tuple[str, Any]]:
        """[(role, partner)]: the three contacts that the FDA asks for."""
        # sudo: whom to call is what these documents are for
        manager = self.manager_id.sudo().partner_id
        company = self.company_id.sudo().partner_id
        return [
            (self.env._("Recall contact"), manager),
            (self.env._("Responsible official"), self.responsible_contact_id.sudo() or company),
            (self.env._("Contact for the public"), self.public_contact_id.sudo() or company),
        ]
