"""The sheets of the sortable spreadsheet: one for each event, a column for each data element.

The titles are those that the trade uses, so that who receives such a workbook can read it with
what they have. An event with several lots used has a row for each of them.

>>> [one.title for one in SHEETS["shipping"].columns][:2]
['Traceability Lot Code', 'TLC-GTIN']
>>> SHEETS["cooling"].column("Cooling Date").elements
('date',)
"""

from __future__ import annotations

from dataclasses import dataclass

from ..event_elements import SPROUTS

TEXT, NUMBER, DATE, PLACE, CONTACT, DOCUMENT = (
    "text",
    "number",
    "date",
    "place",
    "contact",
    "document",
)
_WIDTHS = {TEXT: 22, NUMBER: 11, DATE: 12, PLACE: 44, CONTACT: 36, DOCUMENT: 18}


@dataclass(frozen=True)
class Told:
    """A column that tells something of an event.

    :param name: the column of the record; a data element where `of` is "details"
    :param of: whose it is: the "event", the lot "used", the "origin" (of the lot used, else of
        the event), the "code" of the event, the "used_code", or its "details"
    :param elements: codes of the data elements that it tells, or is a part of
    """

    title: str
    name: str
    kind: str = TEXT
    of: str = "event"
    elements: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return _WIDTHS[self.kind]


@dataclass(frozen=True)
class Sheet:
    """The sheet of a kind of event; `with_used`: whether it has a row for each lot used."""

    title: str
    columns: tuple[Told, ...]
    with_used: bool = False

    def column(self, title: str) -> Told:
        """
        :raises KeyError: when there is none of this title
        """
        for column in self.columns:
            if column.title == title:
                return column
        raise KeyError(title)


_DOCUMENT = (
    Told("Reference Document Type", "document_type", DOCUMENT, elements=("document",)),
    Told("Reference Document Number", "document_number", elements=("document",)),
)
_RECORD = (
    Told("Food Traceability List Category", "category_id", "category"),
    Told("Record Number", "id", NUMBER),
    Told("Record Version", "version", NUMBER),
    Told("Reason of the Version", "reason"),
    Told("Elements Not Known", "missing"),
)
_WIDTHS["category"] = 30


def _code(title: str = "Traceability Lot Code", prefix: str = "TLC") -> tuple[Told, ...]:
    return (
        Told(title, "tlc", elements=("tlc",)),
        Told(f"{prefix}-GTIN", "gtin", of="code", elements=("tlc",)),
        Told(f"{prefix}-Batch", "batch", of="code", elements=("tlc",)),
    )


def _quantity(suffix: str = "") -> tuple[Told, ...]:
    return (
        Told(f"Quantity{suffix}", "quantity", NUMBER, elements=("quantity",)),
        Told(f"Unit of Measure (UOM){suffix}", "uom", elements=("quantity",)),
    )


def _description(prefix: str = "") -> tuple[Told, ...]:
    elements = ("product_description",)
    return (
        Told(f"{prefix}Product Description", "product_description", elements=elements),
        Told(f"{prefix}Packaging Size and Style", "packaging", elements=elements),
    )


def _place(title: str, column: str, element: str, of: str = "event") -> Told:
    return Told(title, column, PLACE, of, (element,))


def _commodity(of: str = "event") -> tuple[Told, ...]:
    return (
        Told("Commodity", "commodity", of=of, elements=("commodity",)),
        Told("Variety", "variety", of=of, elements=("variety",)),
    )


_REFERENCE = Told("TLC Source Reference", "source_reference", elements=("source_reference",))
_SOURCE = (
    _place("TLC Source Location", "source_place_id", "tlc_source"),
    Told("TLC Source Reference", "source_reference", elements=("tlc_source", "source_reference")),
)
_ORIGIN = (
    *_commodity("origin"),
    Told("Date Received", "received_date", DATE, "origin", ("received_date",)),
    Told("Quantity Received", "received_quantity", NUMBER, "origin", ("received_quantity",)),
    Told("UOM Received", "received_uom", TEXT, "origin", ("received_quantity",)),
    _place("Received From Location", "from_place_id", "received_from", "origin"),
    _place("Harvest Location", "farm_place_id", "farm", "origin"),
    Told("Field Name", "field_name", TEXT, "origin", ("field_name",)),
    Told("Container Name", "container_name", TEXT, "origin", ("container_name",)),
    Told(
        "Harvester Business Name & Number",
        "harvester_place_id",
        CONTACT,
        "origin",
        ("harvester",),
    ),
    Told("Harvest Date", "harvest_date", DATE, "origin", ("harvest_date",)),
    _place("Cooling Location", "cooling_place_id", "cooling_location", "origin"),
    Told("Cooling Date", "cooling_date", DATE, "origin", ("cooling_date",)),
)
_SEEDS = tuple(Told(one.label, one.code, TEXT, "details", (one.code,)) for one in SPROUTS)
_USED = (
    Told("FTL Food Used TLC", "tlc", TEXT, "used", ("input_tlc",)),
    Told("FTL Food Used TLC-GTIN", "gtin", TEXT, "used_code", ("input_tlc",)),
    Told("FTL Food Used TLC-Batch", "batch", TEXT, "used_code", ("input_tlc",)),
    Told("Used Quantity", "quantity", NUMBER, "used", ("input_quantity",)),
    Told("Used UOM", "uom", TEXT, "used", ("input_quantity",)),
    Told(
        "Used Product Description",
        "product_description",
        TEXT,
        "used",
        ("input_product_description",),
    ),
    Told(
        "Used Packaging Size and Style", "packaging", TEXT, "used", ("input_product_description",)
    ),
)

SHEETS = {
    "harvesting": Sheet(
        "Harvesting",
        (
            *_DOCUMENT,
            *_commodity(),
            *_quantity(),
            _place("Harvest Location", "location_place_id", "location"),
            Told("Field Name", "field_name", elements=("field_name",)),
            Told("Container Name", "container_name", elements=("container_name",)),
            Told("Harvester Business Name & Number", "harvester_place_id", CONTACT),
            Told("Harvest Date", "date", DATE, elements=("date",)),
            _place("Immediate Subsequent Recipient (ISR) Location", "to_place_id", "to_location"),
            *_RECORD,
        ),
    ),
    "cooling": Sheet(
        "Cooling",
        (
            *_DOCUMENT,
            *_commodity(),
            *_quantity(),
            _place("Cooling Location", "location_place_id", "location"),
            Told("Cooling Date", "date", DATE, elements=("date",)),
            _place("Harvest Location", "farm_place_id", "farm"),
            _place("Immediate Subsequent Recipient (ISR) Location", "to_place_id", "to_location"),
            *_RECORD,
        ),
    ),
    "initial_packing": Sheet(
        "Initial Packing",
        (
            *_DOCUMENT,
            *_ORIGIN,
            *_code(),
            *_description(),
            *_quantity(" Packed"),
            _place("Initial Packing Location-TLCS", "location_place_id", "location"),
            _REFERENCE,
            Told("Pack Date", "date", DATE, elements=("date",)),
            *_SEEDS,
            *_RECORD,
        ),
        with_used=True,
    ),
    "first_receiving": Sheet(
        "First Land-Based Receiving",
        (
            *_code(),
            Told("Species or Market Name", "species", elements=("species",)),
            *_description(),
            *_quantity(),
            Told("First Harvest Date", "harvest_date", DATE, elements=("harvest_date",)),
            Told("Last Harvest Date", "harvest_end_date", DATE, elements=("harvest_end_date",)),
            Told("Harvest Areas", "catch_area", elements=("catch_area",)),
            _place("First Land-Based Receiver Location-TLCS", "location_place_id", "location"),
            _REFERENCE,
            Told("Landing Date", "date", DATE, elements=("date",)),
            *_DOCUMENT,
            *_RECORD,
        ),
    ),
    "shipping": Sheet(
        "Shipping",
        (
            *_code(),
            *_quantity(),
            *_description(),
            _place("Ship-To Location", "to_place_id", "to_location"),
            _place("Ship-From Location", "location_place_id", "location"),
            Told("Ship Date", "date", DATE, elements=("date",)),
            *_SOURCE,
            *_DOCUMENT,
            *_RECORD,
        ),
    ),
    "receiving": Sheet(
        "Receiving",
        (
            *_code(),
            *_quantity(),
            *_description(),
            _place("Immediate Previous Source (IPS) Location", "from_place_id", "from_location"),
            _place("Receive Location", "location_place_id", "location"),
            Told("Receive Date", "date", DATE, elements=("date",)),
            *_SOURCE,
            *_DOCUMENT,
            Told("From an Exempt Source", "exempt_source", "yes"),
            *_RECORD,
        ),
    ),
    "transformation": Sheet(
        "Transformation",
        (
            *_DOCUMENT,
            *_USED,
            *_code("FTL Food Produced TLC", "FTL Food Produced TLC"),
            _place("Transform Location-TLCS", "location_place_id", "location"),
            _REFERENCE,
            Told("Date Transformed", "date", DATE, elements=("date",)),
            *_description("Produced "),
            Told("Produced Quantity", "quantity", NUMBER, elements=("quantity",)),
            Told("Produced UOM", "uom", elements=("quantity",)),
            *_ORIGIN,
            *_SEEDS,
            *_RECORD,
        ),
        with_used=True,
    ),
}
_WIDTHS["yes"] = 12

# Of the sheets beside the events: (title, key of a place, width).
LOCATIONS = (
    ("Location", "text", 44),
    ("Business or Farm Name", "name", 30),
    ("Phone", "phone", 18),
    ("Physical Address", "street", 30),
    ("City", "city", 18),
    ("State/Region", "state", 12),
    ("Zip/Postal", "zip", 11),
    ("Country", "country", 9),
    ("Latitude", "latitude", 12),
    ("Longitude", "longitude", 12),
    ("GLN", "gln", 16),
    ("FFRN", "ffrn", 14),
    ("GGN", "ggn", 16),
    ("TLC Source Lookup Site", "url", 30),
)
PRODUCTS = (
    ("FTL List Category", 30),
    ("GTIN", 16),
    ("Product Name", 34),
    ("Brand", 18),
    ("Commodity", 18),
    ("Variety", 18),
    ("Packaging Size", 16),
    ("Packaging Style", 16),
)
