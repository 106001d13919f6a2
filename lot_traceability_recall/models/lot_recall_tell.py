from odoo import fields, models
from odoo.tools import SQL


class LotRecall(models.Model):
    """Who received what, and whom to tell."""

    _inherit = "lot.recall"

    consignee_ids = fields.One2many("lot.recall.consignee", "recall_id", "Consignees")
    consignee_count = fields.Integer("Number of consignees", compute="_compute_consignee_count")

    def _compute_consignee_count(self):
        counts = dict(
            self.env["lot.recall.consignee"]._read_group(
                [("recall_id", "in", self.ids)], ["recall_id"], ["__count"]
            )
        )
        for recall in self:
            recall.consignee_count = counts.get(recall, 0)

    def _after_freeze(self) -> None:
        result = super()._after_freeze()
        for recall in self:
            recall._fill_consignees()
        return result

    def _fill_consignees(self) -> None:
        """The consignees of the frozen scope. Those that were known stay, with what has been said
        to them and what they have answered."""
        self.ensure_one()
        # sudo: whoever freezes a scope need not be allowed to read all partners of it
        scope, consignees = self.scope_id.sudo(), self.env["lot.recall.consignee"].sudo()
        bill_to = scope._bill_to()
        known = set(self.sudo().consignee_ids.partner_id.ids)
        partners = self.env["res.partner"].sudo().browse(sorted(bill_to))
        consignees.create(
            [
                {
                    "recall_id": self.id,
                    "partner_id": partner.id,
                    "bill_to_id": bill_to[partner.id],
                    **self._contact_of(partner),
                }
                for partner in partners
                if partner.id not in known
            ]
        )
        self._fill_consignee_lots(scope)

    def _contact_of(self, partner) -> dict:
        """Whom to call or write to there."""
        head = partner.commercial_partner_id
        return {
            "contact_name": partner.name if partner != head else head.name,
            "email": partner.email or head.email,
            "phone": partner.phone or head.phone,
            "lang": partner.lang or head.lang or self.env.lang,
        }

    def _fill_consignee_lots(self, scope) -> None:
        """What each of them received, in one statement; what a new version no longer takes is
        put aside, not removed."""
        lines = self.env["lot.recall.consignee.lot"]
        lines.flush_model()
        self.env.cr.execute(
            SQL("UPDATE lot_recall_consignee_lot SET active = FALSE WHERE recall_id = %s", self.id)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lot_recall_consignee_lot (consignee_id, recall_id, lot_id, lot_name,
                       product_id, quantity, returned, net, first_date, last_date, documents,
                       certainty, active, create_uid, create_date, write_uid, write_date)
                SELECT consignee.id, consignee.recall_id, sent.lot_id, MIN(lot.name),
                       sent.product_id, SUM(sent.quantity), SUM(sent.returned), SUM(sent.net),
                       MIN(sent.date), MAX(sent.date),
                       STRING_AGG(DISTINCT sent.document, ', ' ORDER BY sent.document),
                       MIN(sent.certainty), TRUE, %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s,
                       NOW() AT TIME ZONE 'UTC'
                  FROM lot_recall_delivery sent
                  JOIN lot_recall_consignee consignee
                    ON consignee.partner_id = sent.partner_id AND consignee.recall_id = %(recall)s
                  LEFT JOIN stock_lot lot ON lot.id = sent.lot_id
                  LEFT JOIN lot_recall_lot taken
                    ON taken.scope_id = sent.scope_id AND taken.lot_id = sent.lot_id
                 WHERE sent.scope_id = %(scope)s
                   AND (sent.lot_id IS NULL OR taken.decision <> 'excluded')
                 GROUP BY consignee.id, sent.lot_id, sent.product_id
                    ON CONFLICT (consignee_id, product_id, COALESCE(lot_id, 0)) DO UPDATE
                   SET quantity = EXCLUDED.quantity, returned = EXCLUDED.returned,
                       net = EXCLUDED.net, first_date = EXCLUDED.first_date,
                       last_date = EXCLUDED.last_date, documents = EXCLUDED.documents,
                       certainty = EXCLUDED.certainty, active = TRUE
                """,
                scope=scope.id,
                recall=self.id,
                user=self.env.uid,
            )
        )
        lines.invalidate_model()


class LotRecallScope(models.Model):
    _inherit = "lot.recall.scope"

    delivery_ids = fields.One2many("lot.recall.delivery", "scope_id", "Deliveries")

    def _bill_to(self) -> dict[int, int]:
        """{ship to: bill to} of all who received anything that this scope takes: as the latest
        sale order says, or else the firm's address for invoices."""
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                """
                SELECT sent.partner_id,
                       (ARRAY_AGG(sale.partner_invoice_id ORDER BY sent.date DESC)
                            FILTER (WHERE sale.partner_invoice_id IS NOT NULL))[1],
                       MIN(partner.commercial_partner_id)
                  FROM lot_recall_delivery sent
                  JOIN res_partner partner ON partner.id = sent.partner_id
                  LEFT JOIN lot_recall_lot taken
                    ON taken.scope_id = sent.scope_id AND taken.lot_id = sent.lot_id
                  LEFT JOIN stock_picking picking
                    ON sent.res_model = 'stock.picking' AND picking.id = sent.res_id
                  LEFT JOIN sale_order sale ON sale.id = picking.sale_id
                 WHERE sent.scope_id = %s
                   AND (sent.lot_id IS NULL OR taken.decision <> 'excluded')
                 GROUP BY sent.partner_id
                """,
                self.id,
            )
        )
        rows = self.env.cr.fetchall()
        heads = {head for _partner, bill, head in rows if not bill}
        addresses = self.env["res.partner"].search(
            [("parent_id", "in", sorted(heads)), ("type", "=", "invoice")], order="id desc"
        )
        of_head = {address.parent_id.id: address.id for address in addresses}
        return {partner: bill or of_head.get(head, head) for partner, bill, head in rows}
