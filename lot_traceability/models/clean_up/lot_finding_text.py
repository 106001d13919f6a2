from odoo import api, models
from odoo.tools import format_date, format_datetime


class LotFinding(models.Model):
    """What is wrong, in one sentence, in the reader's language."""

    _inherit = "lot.finding"

    @api.depends("kind", "lot_name", "product_id", "detail", "quantity", "date", "location_id")
    @api.depends_context("lang", "tz")
    def _compute_text(self):
        sentences = self._sentences()
        # sudo: names of products, places and orders, told to whoever may read the finding
        for finding, open_finding in zip(self, self.sudo(), strict=True):
            finding.text = sentences.get(finding.kind, "%(lot)s") % open_finding._words()

    @api.model
    def _sentences(self) -> dict[str, str]:
        """How each kind is told. The signs in brackets are the same in each language."""
        _ = self.env._
        return {
            "no_date": _("Lot %(lot)s of %(product)s has no %(fields)s."),
            "date_conflict": _("Lot %(lot)s of %(product)s: %(conflict)s."),
            "near_same": _("%(product)s has lots that look like one number: %(detail)s."),
            "same_number": _("Another company has a lot %(lot)s of %(product)s as well."),
            "no_lot_move": _(
                "%(detail)s moved %(quantity)s of %(product)s without a lot on %(day)s."
            ),
            "no_lot_stock": _("%(quantity)s of %(product)s without a lot in %(place)s."),
            "negative": _("Lot %(lot)s of %(product)s: %(quantity)s in %(place)s."),
            "expired": _(
                "Lot %(lot)s of %(product)s expired on %(day)s: %(quantity)s free in %(place)s."
            ),
            "lost_link": _(
                "%(order)s: Odoo does not link lot %(lot)s of %(product)s with all that was "
                "consumed for it."
            ),
            "no_movement": _("Lot %(lot)s of %(product)s has never moved. Known since %(day)s."),
        }

    def _words(self) -> dict[str, str]:
        unit = self.product_id.uom_id.name
        return {
            "lot": self.lot_name or "",
            "product": self.product_id.display_name,
            "detail": self.detail or "",
            "fields": self._fields_named() if self.kind == "no_date" else "",
            "conflict": self._conflict() if self.kind == "date_conflict" else "",
            "order": self.production_id.name or self.env._("A manufacturing order"),
            "place": self.location_id.display_name or "",
            "quantity": f"{self.quantity:.10g} {unit}",
            "day": format_date(self.env, self.date) if self.date else "",
        }

    def _fields_named(self) -> str:
        """The dates that are missing, as they are named in a sentence."""
        names = dict(
            self.env["lot.field.demand"]._fields["field_name"]._description_selection(self.env)
        )
        return ", ".join(names.get(name, name) for name in (self.detail or "").split(","))

    def _conflict(self) -> str:
        """Which of two dates is before the other, and should not be."""
        _ = self.env._
        first, _comma, second = (self.detail or "").partition(",")
        if first == "receipt":
            return _(
                "it was received on %(time)s, after it had expired",
                time=format_datetime(self.env, self.date),
            )
        lot = self.env["stock.lot"]
        return _(
            "%(second)s is before %(first)s",
            second=lot._label_of(second),
            first=lot._label_of(first),
        )
