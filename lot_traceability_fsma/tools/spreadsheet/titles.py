"""Which column a title means: those of our own sheets, and those of the produce industry's
templates (Produce Traceability Initiative), whatever their spelling, marks and numbers.

>>> kind_of(["(1) TLC-GTIN", "(1) TLC-Batch", "(2) Qty & UOM", "(6) Ship Date"])
'shipping'
>>> known_titles("receiving")["ipslocation"]
'Immediate Previous Source (IPS) Location'
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from .cells import words
from .sheets import SHEETS

_EVERYWHERE = {
    "refdoctype": "Reference Document Type",
    "refdocnumber": "Reference Document Number",
    "number": "Reference Document Number",
    "refdoc": "Reference Document Type",
    "refdoctypeandnumber": "Reference Document Type",
    "referencedocumenttypeandnumber": "Reference Document Type",
    "tlc": "Traceability Lot Code",
    "lotcode": "Traceability Lot Code",
    "qtyanduom": "Quantity",
    "qty": "Quantity",
    "uom": "Unit of Measure (UOM)",
    "unitofmeasure": "Unit of Measure (UOM)",
    "isrlocation": "Immediate Subsequent Recipient (ISR) Location",
    "harvesterbusinessnameandnumber": "Harvester Business Name & Number",
    "tlcsourcereferencegln": "TLC Source Reference",
    "tlcsreferencegln": "TLC Source Reference",
    "tlcsourcereferenceffrn": "TLC Source Reference",
    "ffrn": "TLC Source Reference",
    "url": "TLC Source Reference",
    "ggn": "TLC Source Reference",
    "tlcsourcename": "TLC Source Location",
    "packaging": "Packaging Size and Style",
}
_OF_KIND = {
    "initial_packing": {
        "quantitypacked": "Quantity Packed",
        "uompacked": "Unit of Measure (UOM) Packed",
        "initialpackinglocationtlcs": "Initial Packing Location-TLCS",
        "initialpackinglocation": "Initial Packing Location-TLCS",
    },
    "shipping": {
        "shipto": "Ship-To Location",
        "shipfrom": "Ship-From Location",
        "dateshipped": "Ship Date",
    },
    "receiving": {
        "ipslocation": "Immediate Previous Source (IPS) Location",
        "receivedate": "Receive Date",
        "datereceived": "Receive Date",
        "receivelocation": "Receive Location",
    },
    "transformation": {
        "ftlfoodusedtlcbatch": "FTL Food Used TLC-Batch",
        "referencedocumentnumberfortransformationevent": "Reference Document Number",
        "refdocnumberfortransformationevent": "Reference Document Number",
        "usedqty": "Used Quantity",
        "producedqty": "Produced Quantity",
        "transformlocationtlcs": "Transform Location-TLCS",
    },
}
# A title that only one kind of event has.
_TELLING = {
    "harvesting": {"Harvester Business Name & Number", "Harvest Date"},
    "cooling": {"Cooling Location", "Cooling Date"},
    "initial_packing": {"Pack Date", "Initial Packing Location-TLCS"},
    "first_receiving": {"Landing Date", "First Land-Based Receiver Location-TLCS"},
    "shipping": {"Ship Date", "Ship-To Location", "Ship-From Location"},
    "receiving": {"Receive Date", "Receive Location", "Immediate Previous Source (IPS) Location"},
    "transformation": {"Date Transformed", "Transform Location-TLCS"},
}
_KINDS = {words(sheet.title): kind for kind, sheet in SHEETS.items()}


@cache
def known_titles(kind: str) -> dict[str, str]:
    """{a title without its spelling: the title of our column} of a kind of event."""
    own = {column.title for column in SHEETS[kind].columns}
    others = {**_EVERYWHERE, **_OF_KIND.get(kind, {})}
    found = {spelled: title for spelled, title in others.items() if title in own}
    return {**found, **{words(title): title for title in own}}


def kind_of(titles: Iterable[object], sheet: str = "") -> str:
    """Which kind of event a sheet is of, by its name or its titles; empty for another sheet.

    >>> kind_of(["Anything"], "Cooling"), kind_of(["Business or Farm Name", "Phone"])
    ('cooling', '')
    """
    if words(sheet) in _KINDS:
        return _KINDS[words(sheet)]
    spelled = {words(str(title)) for title in titles if title}
    scores = {}
    for kind, telling in _TELLING.items():
        known = known_titles(kind)
        found = {known[one] for one in spelled if one in known}
        scores[kind] = (len(found & telling), len(found))
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best][0] else ""
