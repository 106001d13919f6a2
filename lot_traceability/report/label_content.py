"""What a label of one lot, package or place says, made of its design."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from odoo.tools import format_date

from ..tools.gs1 import ElementString
from ..tools.label.boxes import Content, Fact
from ..tools.label.errors import LabelError
from ..tools.label.errors import mark as _mark
from ..tools.label.layout import Size
from ..tools.label.symbol import (
    GS1_128,
    PLAIN_OF,
    QR,
    Symbol,
    gs1_128_symbols,
    gs1_symbol,
    plain_symbol,
)

SCALES = {"small": 0.8, "normal": 1.0, "large": 1.5, "huge": 2.5}
_MONTH = "dd MMM yyyy"


@dataclass(frozen=True)
class Label:
    """What is to have a label: a `stock.lot`, `stock.package` or `stock.location`.

    :ivar quantity: in the product's unit, 0 where the label does not tell
    :ivar copies: how many labels of it
    :ivar document: with which it is printed
    """

    record: Any
    quantity: float = 0.0
    copies: int = 1
    document: Any = None

    @property
    def lot(self):
        """The lot, or nothing."""
        if self.record._name == "stock.lot":
            return self.record
        return self.record._label_lot()


class LabelContent:
    """Reads a design and a record in the design's language.

    :ivar warning: a sentence where the code is none of GS1, or empty
    """

    def __init__(self, design, label: Label) -> None:
        env = design.env
        language = design.lang or env.lang or "en_US"
        self.env = env(context={**env.context, "lang": language})
        self.design = design.with_env(self.env)
        # sudo: who may print a label of a lot need not be allowed to read its supplier or product
        self.record = label.record.with_env(self.env).sudo()
        self.lot = label.lot.with_env(self.env).sudo()
        self.label = label
        self.warning = ""

    def content(self, size: Size) -> Content:
        """All that the label says.

        :raise LabelError: there is no code for it
        """
        title, banner, facts, lines = "", "", [], []
        for field in self.design.field_ids:
            if field.source == "status":
                banner = self._banner()
                continue
            value = self._value(field)
            if not value:
                continue
            if field.source == "product" and not title:
                title = value
            elif field.source in ("allergens", "text"):
                lines.append(f"{self._caption(field)} {value}".strip())
            else:
                caption = self._caption(field)
                facts.append(Fact(caption, value, SCALES[field.scale], field.needed))
        content = Content(title, banner, tuple(facts), tuple(lines))
        return replace(content, symbols=self.symbols(size), with_hri=self.design.with_hri)

    # -- text --------------------------------------------------------------------------------

    def _caption(self, field) -> str:
        if field.caption or field.source == "text":
            return field.caption or ""
        _ = self.env._
        serial = self.lot.product_id.tracking == "serial"
        captions = {
            "reference": _("Item no."),
            "gtin": _("GTIN"),
            "lot": _("Serial") if serial else _("Lot"),
            "supplier_lot": _("Supplier's lot"),
            "supplier": _("Supplier"),
            "production_date": _("Produced"),
            "packing_date": _("Packed"),
            "freezing_date": _("Frozen"),
            "use_date": _("Best before"),
            "expiration_date": _("Use by"),
            "quantity": _("Quantity"),
            "origin": _("Origin"),
            "allergens": _("Contains:"),
            "company": "",
            "package": _("SSCC") if self._package_is_sscc() else _("Package"),
            "location": "",
            "path": _("In"),
            "document": _("Document"),
            "printed": _("Printed"),
        }
        return captions.get(field.source, "")

    def _package_is_sscc(self) -> bool:
        return self.record._name == "stock.package" and bool(self.record._sscc())

    def _banner(self) -> str:
        """What stops the lot is told on its label; that nothing does is no news."""
        lots = self.lot or self.record._label_lots()
        wrong = lots.status_id.filtered(lambda status: not status.usable)
        return ", ".join(status.name.upper() for status in wrong)

    def _value(self, field) -> str:
        reader = getattr(self, f"_value_{field.source}", None)
        if reader:
            return reader()
        if field.source == "text":
            return field.text or ""
        value = self.lot[field.source] if self.lot else False
        if field.source in ("use_date", "expiration_date"):
            return self._day(self.lot._lot_day(field.source)) if value else ""
        return self._day(value) if isinstance(value, date) else value or ""

    def _day(self, day: date | None) -> str:
        if not day:
            return ""
        if self.design.date_format == "iso":
            return day.isoformat()
        if self.design.date_format == "dmy":
            return day.strftime("%d.%m.%Y")
        if self.design.date_format == "month":
            return format_date(self.env, day, date_format=_MONTH).upper()
        return format_date(self.env, day)

    def _value_product(self) -> str:
        return self.record._label_title()

    def _value_reference(self) -> str:
        return self.record._label_product().default_code or ""

    def _value_gtin(self) -> str:
        return self.record._label_product()._label_gtin()

    def _value_lot(self) -> str:
        return self.lot.name or ""

    def _value_supplier(self) -> str:
        return self.lot.supplier_id.display_name or ""

    def _value_quantity(self) -> str:
        quantity = self.label.quantity or self.record._label_quantity()
        unit = self.record._label_product().uom_id
        return f"{self._number(quantity)} {unit.name}" if quantity and unit else ""

    def _number(self, value: float) -> str:
        lang = self.env["res.lang"]._lang_get(self.env.lang)
        text = lang.format("%.3f", value, grouping=True)
        mark = lang.decimal_point
        return text.rstrip("0").rstrip(mark) if mark in text else text

    def _value_origin(self) -> str:
        place = [self.lot.origin_place, self.lot.origin_country_id.name]
        return ", ".join(part for part in place if part)

    def _value_allergens(self) -> str:
        lots = self.lot or self.record._label_lots()
        return ", ".join(lots.allergen_ids.sorted("sequence").mapped("name")).upper()

    def _value_company(self) -> str:
        return (self.record.company_id or self.env.company).name

    def _value_package(self) -> str:
        return self.record.name if self.record._name == "stock.package" else ""

    def _value_location(self) -> str:
        return self.record.name if self.record._name == "stock.location" else ""

    def _value_path(self) -> str:
        if self.record._name == "stock.location":
            return self.record.location_id.complete_name or ""
        return ""

    def _value_document(self) -> str:
        return self.label.document.display_name if self.label.document else ""

    def _value_printed(self) -> str:
        company = self.record.company_id or self.env.company
        return self._day(self.env["lot.calendar"]._today(company))

    # -- code --------------------------------------------------------------------------------

    def elements(self) -> ElementString:
        """What the code says.

        :raise ValueError: GS1 has no way to say it
        """
        return self.record._label_elements(
            self.design._identifiers(), quantity=self.label.quantity, document=self.label.document
        )

    def symbols(self, size: Size) -> tuple[Symbol, ...]:
        """The code, or the codes where it is cut in several."""
        kind = self.design.symbol
        if kind == "none":
            return ()
        try:
            elements = self.elements()
            if kind == GS1_128:
                return gs1_128_symbols(elements, size.widths)
            return (gs1_symbol(kind, elements, self._domain()),)
        except ValueError as error:
            if not self.design.plain:
                raise error if isinstance(error, LabelError) else _told(error) from None
            return (self._plain(kind, error),)

    def _domain(self) -> str:
        return self.design.domain or ""

    def _plain(self, kind: str, error: ValueError) -> Symbol:
        """The bare number, which no GS1 reader takes for something else."""
        number = self.record._label_number()
        if not number:
            raise _told(error)
        reason = self.env._(error.text, **error.details) if isinstance(error, LabelError) else error
        self.warning = self.env._(
            "The code on the label of %(name)s is no GS1 code, but its number alone: %(reason)s",
            name=self.record.display_name,
            reason=reason,
        )
        plain = PLAIN_OF.get(kind, QR)
        try:
            return plain_symbol(plain, number)
        except LabelError:
            # A bar code has no letters but ASCII.
            return plain_symbol(QR, number)


def _told(error: ValueError) -> LabelError:
    return LabelError(_mark("%(problem)s"), problem=str(error))
