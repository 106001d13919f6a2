"""The sortable spreadsheet of 21 CFR 1.1455(c)(3) with what explains it: locations, products, a
glossary, and how each column maps to the rule."""

from collections.abc import Callable, Iterable, Iterator
from typing import IO

from ..models.lot_fsma_event import DOCUMENTS
from ..tools.event_elements import IF_ANY, Element
from ..tools.events import Circumstances, elements
from ..tools.spreadsheet.sheets import LOCATIONS, PRODUCTS, SHEETS, Told
from ..tools.spreadsheet.workbook import LONG, NUMBER, TEXT, Column, Workbook
from .fsma_rows import FsmaRows

#: Events between two reports of the progress.
STEP = 20_000
_EVERYTHING = (
    Circumstances(raw=True, applies=frozenset({"produce", "aquaculture", "sprouts"})),
    Circumstances(exempt=True),
)


def write_fsma_xlsx(
    rows: FsmaRows,
    target: IO[bytes],
    facts: Iterable[tuple[str, str]] = (),
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write events as a workbook.

    :param target: a file open for writing bytes
    :param facts: (label, text) of what was asked for, on the first sheet
    :param progress: told the number of rows written, now and then
    :return: the number of rows of events written
    """
    return FsmaWorkbook(rows, target, progress).write_out(facts)


class FsmaWorkbook:
    """The sheets of the workbook."""

    def __init__(
        self, rows: FsmaRows, target: IO[bytes], progress: Callable[[int], None] | None
    ) -> None:
        self.rows = rows
        self.progress = progress
        self.written = 0
        author = rows.env.company.name
        self.book = Workbook(target, "Traceability records, 21 CFR part 1 subpart S", author)

    def write_out(self, facts: Iterable[tuple[str, str]]) -> int:
        """Write all sheets; the number of rows of events."""
        self._pairs("About", "What", "Told", [*facts, *self._counts(), *self._how_to_read()])
        for kind, sheet in SHEETS.items():
            events = self._told_of(self.rows.rows(kind)) if self.rows.counts[kind] else ()
            self.book.sheet(sheet.title, self.rows.columns(sheet), events)
        self._locations()
        self._products()
        self._pairs("Glossary", "Term or code", "Meaning", self._glossary())
        self._map()
        self.book.close()
        return self.written

    def _told_of(self, rows: Iterable[tuple]) -> Iterator[tuple]:
        for row in rows:
            self.written += 1
            if self.progress and self.written % STEP == 0:
                self.progress(self.written)
            yield row

    # -- what explains the records ---------------------------------------------------------------

    def _pairs(self, name: str, left: str, right: str, pairs) -> None:
        self.book.sheet(name, [Column(left, 40, LONG), Column(right, 100, LONG)], pairs)

    def _counts(self) -> list[tuple[str, str]]:
        return [
            (f"Events: {sheet.title}", f"{self.rows.counts[kind]:,}")
            for kind, sheet in SHEETS.items()
        ]

    def _how_to_read(self) -> list[tuple[str, str]]:
        return [
            (
                "Sheets",
                "One for each critical tracking event. Every column can be sorted and filtered.",
            ),
            (
                "Rows",
                (
                    "A record each. An event in which several lots were used has a row for each "
                    "of them; its Record Number is the same in all of these rows."
                ),
            ),
            (
                "Locations",
                (
                    "A location is named by one text, which stands in the first column of "
                    "the sheet Locations with its whole description."
                ),
            ),
            (
                "Countries and states",
                "By their letters in ISO 3166; states of the United States by those of the mail.",
            ),
            ("Days", "Days are those of the place where the event took place."),
            (
                "Versions",
                (
                    "Each record is the one in force. A Record Version above 1 replaced an "
                    "earlier one, which is kept, for the reason told."
                ),
            ),
        ]

    def _locations(self) -> None:
        columns = [
            Column(title, width, NUMBER if key in ("latitude", "longitude") else TEXT)
            for title, key, width in LOCATIONS
        ]
        keys = [key for _title, key, _width in LOCATIONS]
        self.book.sheet(
            "Locations",
            columns,
            ([place.get(key) for key in keys] for place in self.rows.locations()),
        )

    def _products(self) -> None:
        names = self.rows.category_names
        rows = []
        for product in self.rows.products():
            rows.append(
                [
                    names.get(product.fsma_category_id.id),
                    product._fsma_gtin() or None,
                    product.name,
                    product.fsma_brand or None,
                    product.fsma_commodity or None,
                    product.fsma_variety or None,
                    product.fsma_packaging_size or None,
                    product.fsma_packaging_style or None,
                ]
            )
        self.book.sheet("Products", [Column(title, width) for title, width in PRODUCTS], rows)

    def _glossary(self) -> list[tuple[str, str]]:
        env = self.rows.env
        terms = env["lot.fsma.text"].sudo().search([("code", "=like", "term_%")])  # sudo: no secret
        named = [(term.name, term._quoted()) for term in terms]
        names = env["lot.fsma.element"]._names()
        codes = [(code, f"Data element: {name}") for code, name in names.items()]
        documents = [(name, "Type of reference document") for _key, name in DOCUMENTS]
        return [*named, *codes, *self.rows.units().items(), *documents]

    def _map(self) -> None:
        """Which column tells which data element of which section."""
        columns = [
            Column("Sheet", 26),
            Column("Column", 40),
            Column("Section of 21 CFR", 30),
            Column("Data element", 50),
            Column("Needed", 34),
        ]
        self.book.sheet("Map to the Rule", columns, self._mapped())

    def _mapped(self) -> Iterator[list]:
        for kind, sheet in SHEETS.items():
            known: dict[str, list[Element]] = {}
            for of in _EVERYTHING:
                for element in elements(kind, of):
                    if element not in known.setdefault(element.code, []):
                        known[element.code].append(element)
            for told in sheet.columns:
                yield [sheet.title, told.title, *self._told_by(told, known)]

    def _told_by(self, told: Told, known: dict[str, list[Element]]) -> list[str]:
        found = [one for code in told.elements for one in known.get(code, ())]
        if not found:
            return ["", "", "Not asked for by the rule: helps to find the record"]
        needed = {self._needed(element) for element in found}
        return [
            ", ".join(dict.fromkeys(element.section for element in found)),
            " / ".join(dict.fromkeys(element.label for element in found)),
            " / ".join(sorted(needed)),
        ]

    def _needed(self, element: Element) -> str:
        if element.when == IF_ANY:
            return "If there is any"
        return f"For {element.when}" if element.when else "Always"
