from collections import Counter
from datetime import timedelta

from odoo import fields, models

# Enough for any tree of products; what goes round in circles ends here.
_MOST_VISITS = 20


class StockLot(models.Model):
    """Lots that were made here inherit their expiry from what went into them."""

    _inherit = "stock.lot"

    def _orders_that_made(self):
        """The finished manufacturing orders that these lots came out of."""
        # sudo: a date is what it is, whoever may see the order
        lines = self.env["stock.move.line"].sudo()
        return lines.search(
            [
                ("lot_id", "in", self.ids),
                ("state", "=", "done"),
                ("move_id.production_id", "!=", False),
            ]
        ).move_id.production_id

    def _made_with(self):
        """The lots that these went into, in an order."""
        # sudo: a date is what it is, whoever may see the order
        lines = self.env["stock.move.line"].sudo()
        return (
            lines.search(
                [
                    ("lot_id", "in", self.ids),
                    ("state", "=", "done"),
                    ("move_id.raw_material_production_id", "!=", False),
                ]
            ).move_id.raw_material_production_id._finished_lots()
            - self
        )

    def _inherit_expiry(self) -> None:
        """Bring the expiry of these lots to what the rule of their products gives, and then that
        of the lots made of them."""
        visits, waiting = Counter(), self.sudo()  # sudo: the rule sets the date, not the user
        while waiting:
            changed = waiting.filtered(lambda lot: lot._apply_expiry_rule())
            visits.update(waiting.ids)
            waiting = changed._made_with().filtered(lambda lot: visits[lot.id] < _MOST_VISITS)

    def _apply_expiry_rule(self) -> bool:
        """Set the expiry that the product's rule gives; True when that changed it."""
        rule = self.product_id.lot_expiry_rule
        if not rule or not self.product_id.use_expiration_date:
            return False
        expiry, limiting = self._ruled_expiry(rule)
        if not expiry or (expiry, limiting) == (self._whole_expiry(), self.expiry_limited_by_id):
            return False
        if self.expiry_source == "given":
            if expiry < self._whole_expiry():
                self._tell_kept_expiry(expiry, limiting)
            return False
        before = self.expiration_date
        self._write_expiry(expiry, {"expiry_source": rule, "expiry_limited_by_id": limiting.id})
        return self.expiration_date != before

    def _ruled_expiry(self, rule: str) -> tuple:
        """(expiry, the component that limits it); no expiry where the rule says none."""
        orders = self._orders_that_made()
        found = []
        if rule != "components":
            made = orders.move_finished_ids.move_line_ids.filtered(
                lambda line: line.lot_id == self and line.state == "done"
            )
            if made:
                calendar, company = self.env["lot.calendar"], self._lot_company()
                day = self.production_date or calendar._day(min(made.mapped("date")), company)
                life = timedelta(days=self.product_id.expiration_time)
                found.append((calendar._day_end(day + life, company), self.browse()))
        if rule != "production":
            parts = orders.move_raw_ids.move_line_ids.filtered(
                lambda line: line.state == "done" and line.quantity > 0
            ).lot_id.filtered("expiration_date")
            circular = parts.filtered(lambda part: self in part._limits())
            if circular - self:
                self._tell_circular(circular - self)
            found += [(part.expiration_date, part) for part in parts - circular]
        return min(found, key=lambda pair: pair[0], default=(None, self.browse()))

    def _limits(self):
        """The lot itself and, one after the other, those that its expiry comes from."""
        chain = step = self
        while step.expiry_limited_by_id and step.expiry_limited_by_id not in chain:
            step = step.expiry_limited_by_id
            chain += step
        return chain

    def _tell_kept_expiry(self, expiry, limiting) -> None:
        day = self.env["lot.calendar"]._day(expiry, self._lot_company())
        self._message_log(
            body=self.env._(
                "By the rule of its product this lot would expire on %(day)s already%(because)s. "
                "The date that was set by hand is kept: check it.",
                day=fields.Date.to_string(day),
                because=f" ({limiting.name})" if limiting else "",
            )
        )

    def _tell_circular(self, parts) -> None:
        self._message_log(
            body=self.env._(
                "Not counted for the expiry: %s. Its own expiry comes from this lot; set it by "
                "hand if it is another.",
                parts._names(),
            )
        )
