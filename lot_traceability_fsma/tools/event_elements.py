"""The data elements of each event, section by section, named in our own words.

>>> SHIPPING[0].section, SHIPPING[0].code, SHIPPING[0].kind
('1.1340(a)(1)', 'tlc', 'text')
"""

from __future__ import annotations

from dataclasses import dataclass

# Of elements that no condition makes due: told when there is something to tell.
IF_ANY = "if any"


@dataclass(frozen=True)
class Element:
    """One key data element of one event.

    :param code: how values, columns and files name it
    :param section: of 21 CFR
    :param kind: text, quantity, date, place, contact, document or source
    :param when: empty when it is always due; `IF_ANY`, or what the food has to be for it
    :param of_input: told of each lot that went in
    """

    code: str
    section: str
    label: str
    kind: str = "text"
    when: str = ""
    of_input: bool = False


def _tlc(section: str) -> Element:
    return Element("tlc", section, "Traceability lot code")


def _quantity(section: str, label: str = "Quantity and unit") -> Element:
    return Element("quantity", section, label, "quantity")


def _description(section: str) -> Element:
    return Element("product_description", section, "Product description")


def _source(section: str) -> Element:
    return Element("tlc_source", section, "Source of the traceability lot code", "source")


def _own_source(section: str) -> Element:
    """Where the event took place is the source of the code; a reference may stand for it."""
    return Element(
        "source_reference", section, "Reference to the source of the code", "text", IF_ANY
    )


def _location(section: str, label: str) -> Element:
    return Element("location", section, label, "place")


def _from(section: str) -> Element:
    return Element("from_location", section, "Location it came from", "place")


def _to(section: str) -> Element:
    return Element("to_location", section, "Location it goes to", "place")


def _date(section: str, label: str) -> Element:
    return Element("date", section, label, "date")


def _document(section: str) -> Element:
    return Element("document", section, "Reference document type and number", "document")


def _commodity(section: str, of_input: bool = False) -> tuple[Element, Element]:
    return (
        Element("commodity", section, "Commodity", of_input=of_input),
        Element("variety", section, "Variety", when=IF_ANY, of_input=of_input),
    )


HARVESTING = (
    _to("1.1325(a)(1)(i)"),
    *_commodity("1.1325(a)(1)(ii)"),
    _quantity("1.1325(a)(1)(iii)"),
    _location("1.1325(a)(1)(iv)", "Farm where it was harvested"),
    Element("field_name", "1.1325(a)(1)(v)", "Field or growing area", when="produce"),
    Element("container_name", "1.1325(a)(1)(vi)", "Pond, pool, tank or cage", when="aquaculture"),
    _date("1.1325(a)(1)(vii)", "Day of harvest"),
    _document("1.1325(a)(1)(viii)"),
)
COOLING = (
    _to("1.1325(b)(1)(i)"),
    *_commodity("1.1325(b)(1)(ii)"),
    _quantity("1.1325(b)(1)(iii)"),
    _location("1.1325(b)(1)(iv)", "Location where it was cooled"),
    _date("1.1325(b)(1)(v)", "Day of cooling"),
    Element("farm", "1.1325(b)(1)(vi)", "Farm where it was harvested", "place"),
    _document("1.1325(b)(1)(vii)"),
)


def _raw(section: str) -> tuple[Element, ...]:
    """What an initial packer keeps of the commodity that came in: 1.1330(a)(1) to (10)."""
    return (
        *_commodity(f"{section}(1)", of_input=True),
        Element("received_date", f"{section}(2)", "Day it was received", "date", of_input=True),
        Element(
            "received_quantity",
            f"{section}(3)",
            "Quantity and unit received",
            "quantity",
            of_input=True,
        ),
        Element("farm", f"{section}(4)", "Farm where it was harvested", "place", of_input=True),
        Element(
            "field_name",
            f"{section}(5)",
            "Field or growing area",
            when="produce",
            of_input=True,
        ),
        Element(
            "container_name",
            f"{section}(6)",
            "Pond, pool, tank or cage",
            when="aquaculture",
            of_input=True,
        ),
        Element(
            "harvester",
            f"{section}(7)",
            "Business name and phone of the harvester",
            "contact",
            of_input=True,
        ),
        Element("harvest_date", f"{section}(8)", "Day of harvest", "date", of_input=True),
        Element(
            "cooling_location",
            f"{section}(9)",
            "Location where it was cooled",
            "place",
            IF_ANY,
            of_input=True,
        ),
        Element("cooling_date", f"{section}(10)", "Day of cooling", "date", IF_ANY, True),
    )


PACKING = (
    *_raw("1.1330(a)"),
    _tlc("1.1330(a)(11)"),
    _description("1.1330(a)(12)"),
    _quantity("1.1330(a)(13)", "Quantity and unit packed"),
    _location("1.1330(a)(14)", "Location where it was packed"),
    _date("1.1330(a)(15)", "Day of packing"),
    _document("1.1330(a)(16)"),
    _own_source("1.1330(a)(14)"),
)
SPROUTS = (
    Element("seed_grower", "1.1330(b)(1)", "Grower of the seeds", when=IF_ANY),
    Element("seed_harvest_date", "1.1330(b)(1)", "Day the seeds were harvested", "date", IF_ANY),
    Element(
        "seed_conditioner", "1.1330(b)(2)", "Conditioner or processor of the seeds", when="sprouts"
    ),
    Element(
        "seed_conditioner_lot", "1.1330(b)(2)", "Lot code of the seed conditioner", when="sprouts"
    ),
    Element(
        "seed_conditioning_date",
        "1.1330(b)(2)",
        "Day the seeds were conditioned",
        "date",
        "sprouts",
    ),
    Element("seed_packer", "1.1330(b)(3)", "Packers and repackers of the seeds", when="sprouts"),
    Element("seed_packing_date", "1.1330(b)(3)", "Day the seeds were packed", "date", "sprouts"),
    Element("seed_packer_lot", "1.1330(b)(3)", "Lot codes of the seed packers", when="sprouts"),
    Element("seed_supplier", "1.1330(b)(4)", "Supplier of the seeds", when="sprouts"),
    Element(
        "seed_supplier_lot",
        "1.1330(b)(4)",
        "Lot code of the seed supplier, with sub-lot",
        when="sprouts",
    ),
    Element("seed_own_lot", "1.1330(b)(4)", "Seed lot code given by the sprouter", when=IF_ANY),
    Element(
        "seed_description",
        "1.1330(b)(5)",
        "Seeds: kind, growing specifications, packaging, antimicrobial treatment",
        when="sprouts",
    ),
    Element("seed_received_date", "1.1330(b)(6)", "Day the seeds were received", "date", "sprouts"),
    Element("seed_document", "1.1330(b)(7)", "Reference document of the seeds", when="sprouts"),
)
EXEMPT_PACKING = (
    *_commodity("1.1330(c)(1)", of_input=True),
    Element("received_date", "1.1330(c)(2)", "Day it was received", "date", of_input=True),
    Element(
        "received_quantity", "1.1330(c)(3)", "Quantity and unit received", "quantity", of_input=True
    ),
    Element(
        "received_from",
        "1.1330(c)(4)",
        "Location of the person it was received from",
        "place",
        of_input=True,
    ),
    _tlc("1.1330(c)(5)"),
    _description("1.1330(c)(6)"),
    _quantity("1.1330(c)(7)", "Quantity and unit packed"),
    _location("1.1330(c)(8)", "Location where it was packed"),
    _date("1.1330(c)(9)", "Day of packing"),
    _document("1.1330(c)(10)"),
)
FIRST_RECEIVING = (
    _tlc("1.1335(a)"),
    Element("species", "1.1335(b)", "Species, market name or product description"),
    _quantity("1.1335(c)"),
    Element("harvest_date", "1.1335(d)", "First day of the catch", "date"),
    Element("harvest_end_date", "1.1335(d)", "Last day of the catch", "date"),
    Element("catch_area", "1.1335(d)", "Areas of the catch"),
    _location("1.1335(e)", "Location where it was received"),
    _date("1.1335(f)", "Day of landing"),
    _document("1.1335(g)"),
    _own_source("1.1335(e)"),
)
SHIPPING = (
    _tlc("1.1340(a)(1)"),
    _quantity("1.1340(a)(2)"),
    _description("1.1340(a)(3)"),
    _to("1.1340(a)(4)"),
    _location("1.1340(a)(5)", "Location it was shipped from"),
    _date("1.1340(a)(6)", "Day of shipping"),
    _source("1.1340(a)(7)"),
    _document("1.1340(a)(8)"),
)


def _receiving(section: str, source: Element) -> tuple[Element, ...]:
    return (
        _tlc(f"{section}(1)"),
        _quantity(f"{section}(2)"),
        _description(f"{section}(3)"),
        _from(f"{section}(4)"),
        _location(f"{section}(5)", "Location where it was received"),
        _date(f"{section}(6)", "Day it was received"),
        source,
        _document(f"{section}({'8' if source.code == 'tlc_source' else '7'})"),
    )


RECEIVING = _receiving("1.1345(a)", _source("1.1345(a)(7)"))
RECEIVING_EXEMPT = _receiving("1.1345(b)", _own_source("1.1345(b)(5)"))
TRANSFORMATION = (
    Element("input_tlc", "1.1350(a)(1)(i)", "Traceability lot code used", of_input=True),
    Element(
        "input_product_description",
        "1.1350(a)(1)(ii)",
        "Product description used",
        of_input=True,
    ),
    Element(
        "input_quantity",
        "1.1350(a)(1)(iii)",
        "Quantity and unit used of each lot",
        "quantity",
        of_input=True,
    ),
    _tlc("1.1350(a)(2)(i)"),
    _location("1.1350(a)(2)(ii)", "Location where it was transformed"),
    _date("1.1350(a)(2)(iii)", "Day the transformation was completed"),
    _description("1.1350(a)(2)(iv)"),
    _quantity("1.1350(a)(2)(v)", "Quantity and unit produced"),
    _document("1.1350(a)(2)(vi)"),
    _own_source("1.1350(a)(2)(ii)"),
)
# Of a raw commodity that was never packed the packer's elements are kept as well.
RAW_IN_TRANSFORMATION = _raw("1.1330(a)")
