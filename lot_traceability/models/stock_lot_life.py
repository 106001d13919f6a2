from datetime import date, timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .lot_gate import Share

# Shares are written with few digits: 0.67 of 300 days are 201 and not a day more.
_FUZZ = 1e-6


class StockLot(models.Model):
    """The life of a lot: from the day of its production to the day on which it expires."""

    _inherit = "stock.lot"

    def _life_start(self, life_days: int) -> date:
        """The first day of the lot's life: its production; where that is not known, the product's
        days before its expiry; or else the day on which it became known here.

        :param life_days: how long lots of the product live, 0 where that is not known
        """
        if self.production_date:
            return self.production_date
        if life_days and self.expiration_date:
            return self._lot_day("expiration_date") - timedelta(days=life_days)
        return self.env["lot.calendar"]._day(self.create_date, self._lot_company())

    def _asked_by(self, share: Share) -> date:
        """The day until which the lot would have to last to leave this share of its life."""
        life = (self._lot_day("expiration_date") - self._life_start(share.life_days)).days
        days = share.part * life
        whole = int(days) if days - int(days) < _FUZZ else int(days) + 1
        return share.on + timedelta(days=whole)

    def _lasts(self, share: Share) -> bool:
        """Does the lot leave this share of its life? The rule of `_lasting`, asked of one lot."""
        return not self.expiration_date or self._lot_day("expiration_date") >= self._asked_by(share)

    @api.model
    def _lasting(self, share: Share) -> Domain:
        """Lots that leave this share of their lives."""

        def to_sql(model, alias, query):
            def day(name):
                instant = model._field_to_sql(alias, name, query)
                return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", instant, share.zone)

            expiry = day("expiration_date")
            start = (
                SQL("%s - %s", expiry, share.life_days) if share.life_days else day("create_date")
            )
            produced = model._field_to_sql(alias, "production_date", query)
            return SQL(
                "(%(expiry)s IS NULL OR %(expiry)s - %(on)s::date >= "
                "%(part)s * (%(expiry)s - COALESCE(%(produced)s, %(start)s)) - %(fuzz)s)",
                expiry=expiry,
                on=share.on,
                part=share.part,
                produced=produced,
                start=start,
                fuzz=_FUZZ,
            )

        return Domain.custom(to_sql=to_sql, predicate=lambda lot: lot._lasts(share))
