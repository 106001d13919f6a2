from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize


class LotRecallConsignee(models.Model):
    """Those to whom a consignee has sold some of it become consignees of the next level: a recall
    goes on to the depth that was decided (21 CFR 7.42(b)(1)), and a consignee carries it further
    (21 CFR 7.49(d))."""

    _inherit = "lot.recall.consignee"

    parent_id = fields.Many2one(
        "lot.recall.consignee",
        "Supplied by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The consignee that named this one",
    )
    level = fields.Integer(
        compute="_compute_level",
        store=True,
        recursive=True,
        help="1: supplied by us; 2: supplied by one of these; and so on",
    )
    sold_ids = fields.One2many(related="answer_id.sold_ids", string="Sold to")
    untaken_count = fields.Integer("Businesses not taken yet", compute="_compute_untaken_count")

    @api.depends("parent_id.level")
    def _compute_level(self):
        for consignee in self:
            consignee.level = consignee.parent_id.level + 1

    @api.depends("answer_id.sold_ids.consignee_id")
    def _compute_untaken_count(self):
        for consignee in self:
            consignee.untaken_count = len(consignee._untaken())

    def _untaken(self):
        return self.answer_id.sold_ids.filtered(lambda row: not row.consignee_id)

    def take_sold_on(self) -> list[int]:
        """Take the businesses that these consignees named in their latest answers into the recall,
        as consignees of the next level. A partner with the same mail address is used where there is
        one, else it is made. Nobody is told by this: letters are sent as to all others.

        :return: ids of the consignees that they are now, in `lot.recall.consignee`
        :raise AccessError: without the right to run recalls
        :raise UserError: when the recall is not open, or there is nobody to take
        """
        # Who is told is for whoever runs the recall, not for all who record answers.
        self.recall_id.check_access("write")
        self.recall_id._check_state("decided")
        if not self._untaken():
            raise UserError(self.env._("No business is named that is not in the recall already."))
        taken = self.browse()
        for consignee in self:
            taken |= consignee._take_rows(consignee._untaken())
        return taken.ids

    def action_take_sold_on(self) -> bool:
        """As `take_sold_on`, for a button."""
        self.take_sold_on()
        return True

    def _take_rows(self, rows):
        taken, recall = self.browse(), self.recall_id
        for row in rows:
            partner = self._partner_of(row)
            # sudo: consignees are noted by the steps of a recall, which was asked for
            child = self.sudo().search(
                [("recall_id", "=", recall.id), ("partner_id", "=", partner.id)], limit=1
            )
            if not child:
                # sudo: consignees come from the records and from answers, nobody types them
                child = self.sudo().create(
                    {
                        "recall_id": recall.id,
                        "partner_id": partner.id,
                        "parent_id": self.id,
                        **recall._contact_of(partner),
                    }
                )
            row._note_taken(child)
            child._add_received(row, self)
            taken |= child
        recall._tell_step(
            "taken in",
            consignee=self._named(),
            businesses=[one._named() for one in taken],
        )
        return taken.with_env(self.env)

    def _partner_of(self, row):
        """The partner that a row means: by its mail address, else a new one."""
        # sudo: whoever runs a recall need not be allowed to read or make partners
        partners = self.env["res.partner"].sudo()
        company = self.recall_id.company_id
        email = email_normalize(row.email or "")
        known = email and partners.search(
            [("email_normalized", "=", email), ("company_id", "in", (False, company.id))],
            order="is_company desc, id",
            limit=1,
        )
        return known or partners.create(
            {
                "name": row.name,
                "is_company": True,
                "street": row.address,
                "email": row.email,
                "phone": row.phone,
                "lang": self.lang,
                "company_id": company.id,
            }
        )

    def _add_received(self, row, parent) -> None:
        """What this consignee bought of that lot. Where it received the lot from us as well, its
        own figures stay: they come from the stock records."""
        source = row.received_id
        if source:
            # sudo: noted by the step, which was asked for
            lots = self.env["lot.recall.consignee.lot"].sudo().with_context(active_test=False)
            key = {
                "consignee_id": self.id,
                "product_id": source.product_id.id,
                "lot_id": source.lot_id.id,
            }
            bought = self._bought(source)
            same = lots.search([(name, "=", value) for name, value in key.items()])
            if not same:
                lots.create(
                    {
                        **key,
                        "lot_name": source.lot_name,
                        "quantity": bought,
                        "net": bought,
                        "certainty": "recorded",
                    }
                )
            elif self.parent_id:
                same.write({"quantity": bought, "net": bought, "active": True})
        self.message_post(
            body=self.env._(
                "%(parent)s sold %(quantity)s %(unit)s of %(lot)s to it.",
                parent=parent.partner_id.display_name,
                quantity=f"{row.quantity:g}",
                unit=source.uom_id.name or "",
                lot=source.lot_name or source.product_id.display_name or self.env._("the goods"),
            )
        )

    def _bought(self, source) -> float:
        """How much of that lot this consignee bought of others, by their latest answers."""
        # sudo: as above
        rows = self.env["lot.recall.answer.sold"].sudo().search([("consignee_id", "=", self.id)])
        return sum(
            row.quantity
            for row in rows
            if row.received_id.product_id == source.product_id
            and row.received_id.lot_id == source.lot_id
            and row.answer_id == row.answer_id.consignee_id.answer_id
        )


class LotRecallAnswerSold(models.Model):
    _inherit = "lot.recall.answer.sold"

    def write(self, vals):
        if vals.keys() - {"consignee_id"} & self._fields.keys() or not self.env.su:
            raise UserError(
                self.env._("An answer stays as it was given: record a new one that corrects it.")
            )
        return super().write(vals)

    def _note_taken(self, consignee) -> None:
        # sudo: noted by the step, which was asked for
        self.sudo().write({"consignee_id": consignee.id})


class LotRecallAnswerLine(models.Model):
    _inherit = "lot.recall.answer.line"

    def write(self, vals):
        if vals.keys() & self._fields.keys():
            raise UserError(
                self.env._("An answer stays as it was given: record a new one that corrects it.")
            )
        return super().write(vals)


class LotRecall(models.Model):
    _inherit = "lot.recall"

    def _fill_consignee_lots(self, scope) -> None:
        result = super()._fill_consignee_lots(scope)
        self._keep_sold_on()
        return result

    def _keep_sold_on(self) -> None:
        """What was sold on stays in a new version of the scope as long as the lot is in it."""
        lines = self.env["lot.recall.consignee.lot"]
        self.env["lot.recall.consignee"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lot_recall_consignee_lot held SET active = TRUE
                  FROM lot_recall_consignee child
                 WHERE held.recall_id = %s AND NOT held.active AND child.id = held.consignee_id
                   AND child.parent_id IS NOT NULL
                   AND EXISTS (SELECT 1 FROM lot_recall_consignee_lot source
                                 JOIN lot_recall_consignee first
                                   ON first.id = source.consignee_id AND first.parent_id IS NULL
                                WHERE source.recall_id = held.recall_id AND source.active
                                  AND source.product_id = held.product_id
                                  AND source.lot_id IS NOT DISTINCT FROM held.lot_id)
                """,
                self.id,
            )
        )
        lines.invalidate_model()
