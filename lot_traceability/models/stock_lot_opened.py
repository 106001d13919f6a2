from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .product_template_expiry import EXPIRY_RULES
from .stock_lot_day import LOT_DATES

_EVIDENCE = {
    "expiry_source",
    "expiry_limited_by_id",
    "expiry_unopened",
    "opened_date",
    "thawed_date",
}


class StockLot(models.Model):
    """Where the expiry of a lot comes from, and what opening or thawing makes of it."""

    _inherit = "stock.lot"

    expiry_source = fields.Selection(
        [*EXPIRY_RULES, ("given", "Set by hand or read from a label")],
        "Expiry comes from",
        readonly=True,
        copy=False,
        help="Empty: counted by the product's days when the lot got its number.",
        prefetch="lot_details",
    )
    expiry_limited_by_id = fields.Many2one(
        "stock.lot",
        "Expiry limited by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The component that expires first.",
        prefetch="lot_details",
    )
    opened_date = fields.Datetime(
        "Opened on", readonly=True, copy=False, tracking=True, prefetch="lot_details"
    )
    thawed_date = fields.Datetime(
        "Thawed on", readonly=True, copy=False, tracking=True, prefetch="lot_details"
    )
    expiry_unopened = fields.Datetime(
        "Expiry before opening or thawing", readonly=True, copy=False, prefetch="lot_details"
    )
    lot_days_opened = fields.Integer(related="product_id.lot_days_opened")
    lot_days_thawed = fields.Integer(related="product_id.lot_days_thawed")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_expiry_evidence(vals)
        lots = super().create(vals_list)
        given = lots.browse()
        for lot, vals in zip(lots, vals_list, strict=True):
            if (
                vals.get("expiration_date")
                and lot._lot_day("expiration_date") != lot._counted_day()
            ):
                given |= lot
        given.sudo().expiry_source = "given"  # sudo: noted by itself, written by nobody
        return lots

    def write(self, vals):
        self._refuse_expiry_evidence(vals)
        if "expiration_date" not in vals:
            return super().write(vals)
        before = {lot: lot.expiration_date for lot in self}
        result = super().write(vals)
        changed = self.filtered(lambda lot: lot.expiration_date != before[lot])
        if changed and "expiry_source" not in vals:
            super(StockLot, changed).write(
                {"expiry_source": "given", "expiry_limited_by_id": False, "expiry_unopened": False}
            )
            changed._made_with()._inherit_expiry()
        return result

    def _refuse_expiry_evidence(self, vals: dict) -> None:
        if _EVIDENCE & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "Opening, thawing and where an expiry comes from are noted by themselves: use "
                    "the buttons “Opened” and “Thawed”, or change the expiry."
                )
            )

    def _counted_day(self):
        """The day on which the lot expires when nothing is said."""
        today = self.env["lot.calendar"]._today(self._lot_company())
        return today + timedelta(days=self.product_id.expiration_time)

    # -- opening and thawing -----------------------------------------------------------------

    def action_mark_opened(self) -> bool:
        """Note that these lots were opened now; each expires so many days after it as its product
        says, and never later than before.

        :return: True
        :raise AccessError: when the user may not record facts of lots
        :raise UserError: when the product says nothing, or a lot was opened before
        """
        return self._begin("opened")

    def action_mark_thawed(self) -> bool:
        """Note that these lots were thawed now; as `action_mark_opened`.

        :return: True
        :raise AccessError: when the user may not record facts of lots
        :raise UserError: when the product says nothing, or a lot was thawed before
        """
        return self._begin("thawed")

    def action_undo_opened(self) -> bool:
        """Take back that these lots were opened: they expire as they did before.

        :return: True
        :raise AccessError: when the user is not of Quality
        """
        return self._undo("opened")

    def action_undo_thawed(self) -> bool:
        """Take back that these lots were thawed: they expire as they did before.

        :return: True
        :raise AccessError: when the user is not of Quality
        """
        return self._undo("thawed")

    def _begin(self, event: str) -> bool:
        self._check_group("operator", self.env._("record that lots were opened or thawed"))
        for lot in self:
            if not lot.product_id[f"lot_days_{event}"]:
                raise UserError(
                    self.env._(
                        "The product %(product)s does not say how many days its lots last then: "
                        "enter “%(days)s” on the product first.",
                        product=lot.product_id.display_name,
                        days=lot.product_id._fields[f"lot_days_{event}"]._description_string(
                            self.env
                        ),
                    )
                )
            if lot[f"{event}_date"]:
                raise UserError(
                    self.env._(
                        "This is noted of lot %(lot)s already, on %(day)s. Quality can take it "
                        "back.",
                        lot=lot.name,
                        day=fields.Date.to_string(lot._lot_day(f"{event}_date")),
                    )
                )
        # sudo: who works with lots notes what happened; the dates follow by rule
        for lot in self.sudo():
            whole = lot._whole_expiry()
            lot.write({f"{event}_date": fields.Datetime.now()})
            lot._write_expiry(whole, {})
            lot._made_with()._inherit_expiry()
        return True

    def _undo(self, event: str) -> bool:
        self._check_group("quality", self.env._("take back that lots were opened or thawed"))
        for lot in self.sudo().filtered(f"{event}_date"):  # sudo: checked in the line above
            whole = lot._whole_expiry()
            lot.write({f"{event}_date": False})
            lot._write_expiry(whole, {})
            lot._made_with()._inherit_expiry()
        return True

    def _check_group(self, group: str, what: str) -> None:
        if not self.env.su and not self.env.user.has_group(f"lot_traceability.group_{group}"):
            raise AccessError(self.env._("You may not %s: ask somebody of Quality.", what))

    def _whole_expiry(self):
        """The expiry as if the lot had been neither opened nor thawed."""
        if self.opened_date or self.thawed_date:
            return self.expiry_unopened or self.expiration_date
        return self.expiration_date

    def _write_expiry(self, whole, source: dict) -> None:
        """Let the lot expire then, or earlier where it was opened or thawed; the dates before its
        expiry move by as many days.

        :param whole: the expiry as if neither had happened
        :param source: where it comes from, as values
        """
        calendar, company = self.env["lot.calendar"], self._lot_company()
        limits = [
            calendar._day_end(
                self._lot_day(f"{event}_date")
                + timedelta(days=self.product_id[f"lot_days_{event}"]),
                company,
            )
            for event in ("opened", "thawed")
            if self[f"{event}_date"]
        ]
        expiry = min([*limits, *([whole] if whole else [])], default=False)
        old = self._lot_day("expiration_date")
        values = {
            "expiry_source": self.expiry_source,
            "expiration_date": expiry,
            "expiry_unopened": whole if limits else False,
            **source,
        }
        if expiry and old:
            moved = calendar._day(expiry, company) - old
            for name in LOT_DATES[1:]:
                if self[name]:
                    values[name] = calendar._on_day(
                        self[name] + moved, self._lot_day(name) + moved, company
                    )
        if expiry != self.expiration_date:
            self._message_log(
                body=self.env._(
                    "Expiry: %(old)s → %(new)s",
                    old=fields.Date.to_string(old) or "–",
                    new=fields.Date.to_string(expiry and calendar._day(expiry, company)) or "–",
                )
            )
        self.write(values)
