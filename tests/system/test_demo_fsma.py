"""The demo company's records of a year under FSMA 204 are complete, and leave as one file."""

import base64
import io
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
import remote

CURRENT = [("replaced_by_id", "=", False), ("void", "=", False)]
SHEETS = {
    "shipping": "Shipping",
    "receiving": "Receiving",
    "transformation": "Transformation",
}
OTHER_EVENTS = ("Harvesting", "Cooling", "Initial Packing", "First Land-Based Receiving")
# What each record has to tell, by the sections of 21 CFR part 1 subpart S.
_CODE = ("Traceability Lot Code", "Quantity", "Unit of Measure (UOM)")
_GOODS = ("Product Description", "Packaging Size and Style")
_DOCUMENT = ("Reference Document Type", "Reference Document Number")
TOLD = {
    "Shipping": (  # 1.1340(a)
        *_CODE,
        *_GOODS,
        *_DOCUMENT,
        "Ship-To Location",
        "Ship-From Location",
        "Ship Date",
    ),
    "Receiving": (  # 1.1345(a)
        *_CODE,
        *_GOODS,
        *_DOCUMENT,
        "Immediate Previous Source (IPS) Location",
        "Receive Location",
        "Receive Date",
    ),
    "Transformation": (  # 1.1350(a)(2)
        "FTL Food Produced TLC",
        "Transform Location-TLCS",
        "Date Transformed",
        "Produced Product Description",
        "Produced Packaging Size and Style",
        "Produced Quantity",
        "Produced UOM",
        *_DOCUMENT,
    ),
}
USED = (  # 1.1350(a)(1)
    "FTL Food Used TLC",
    "Used Quantity",
    "Used UOM",
    "Used Product Description",
    "Used Packaging Size and Style",
)
SOURCES = ("TLC Source Location", "TLC Source Reference")
UNITS = ("Unit of Measure (UOM)", "Produced UOM", "Used UOM")
FORMULA = '=HYPERLINK("https://example.com")'


@pytest.fixture(scope="module")
def demo(demo_server):
    return remote.Connection(demo_server)


@pytest.fixture(scope="module")
def answer(demo):
    """The archive with the answer to a request for all records of a year."""
    today = date.today()
    # As one types it; what asks for evil is text as all else.
    request = demo(
        "lot.fsma.request",
        "create",
        {
            "asked_by": FORMULA,
            "date_from": str(today - timedelta(days=365)),
            "date_until": str(today),
        },
    )
    assert demo("lot.fsma.request", "action_prepare", [request]) is True
    (row,) = demo("lot.fsma.request", "read", [request], ["state", "row_count", "attachment_id"])
    assert row["state"] == "prepared"
    (file,) = demo("ir.attachment", "read", [row["attachment_id"][0]], ["datas"])
    content = base64.b64decode(file["datas"])
    return {"rows": row["row_count"], "zip": zipfile.ZipFile(io.BytesIO(content))}


@pytest.fixture(scope="module")
def book(answer):
    return openpyxl.load_workbook(io.BytesIO(answer["zip"].read("records.xlsx")))


def told(book, title):
    """The rows of a sheet, each {title of the column: value}."""
    heads, *rows = list(book[title].iter_rows(values_only=True))
    return [dict(zip(heads, row, strict=True)) for row in rows]


def events(demo, kind):
    return demo("lot.fsma.event", "search_count", [*CURRENT, ("kind", "=", kind)])


def test_what_the_rule_asks_for_is_recorded_and_nothing_is_missing(demo):
    kinds = {row["kind"] for row in demo("lot.fsma.event", "search_read", CURRENT, ["kind"])}
    assert kinds == set(SHEETS)
    assert demo("lot.fsma.event", "search_count", [*CURRENT, ("missing", "!=", False)]) == 0
    assert demo("lot.fsma.gap", "search_count", []) == 0


def test_what_the_grower_told_later_is_a_second_version_with_its_reason(demo):
    domain = [("kind", "=", "receiving"), ("partner_id.name", "=", "Tansy Lane Produce")]
    fields = ["version", "reason", "missing", "replaces_ids"]
    rows = demo("lot.fsma.event", "search_read", [*CURRENT, *domain], fields)
    assert rows
    for row in rows:
        assert (row["version"], row["missing"]) == (2, False)
        assert row["reason"] == "Tansy Lane Produce was called, and told its address in full"
        (before,) = demo("lot.fsma.event", "read", row["replaces_ids"], ["missing"])
        assert "tlc_source" in before["missing"]


def test_the_contaminated_romaine_has_its_growers_code(demo):
    domain = [*CURRENT, ("kind", "=", "receiving"), ("tlc", "=", "GV-2291-B")]
    (event,) = demo("lot.fsma.event", "search_read", domain, ["source_place_id", "missing"])
    assert event["source_place_id"][1].startswith("Glenvarra Farms")
    assert not event["missing"]


def test_answer_has_the_spreadsheet_and_the_plan_in_force(answer):
    assert {"records.xlsx", "plan.pdf"} <= set(answer["zip"].namelist())
    assert answer["zip"].read("plan.pdf").startswith(b"%PDF-")


@pytest.mark.parametrize("kind", SHEETS)
def test_each_event_of_the_year_has_its_rows(demo, book, kind):
    rows = told(book, SHEETS[kind])
    assert len({row["Record Number"] for row in rows}) == events(demo, kind) > 0
    if kind == "transformation":
        domain = [("event_id.replaced_by_id", "=", False), ("event_id.void", "=", False)]
        used = demo("lot.fsma.event.input", "search_count", domain)
        assert len([row for row in rows if row["FTL Food Used TLC"]]) == used > 0
    else:
        assert len(rows) == events(demo, kind)


def test_events_that_do_not_occur_have_a_sheet_without_rows(answer, book):
    assert all(told(book, title) == [] for title in OTHER_EVENTS)
    assert answer["rows"] == sum(len(told(book, title)) for title in SHEETS.values())


@pytest.mark.parametrize("title", TOLD)
def test_every_record_tells_every_element(book, title):
    for row in told(book, title):
        lacks = [column for column in TOLD[title] if row[column] in (None, "")]
        assert not lacks, (row["Record Number"], lacks)
        assert not row["Elements Not Known"]
        if title == "Transformation":
            # Foods that are not on the list go in without any of it.
            assert len({row[column] in (None, "") for column in USED}) == 1
        else:
            assert any(row[column] for column in SOURCES)


def test_each_location_is_described_in_full(book):
    described = {row["Location"]: row for row in told(book, "Locations")}
    named = {
        value
        for title in TOLD
        for row in told(book, title)
        for column, value in row.items()
        if value and ("Location" in column)
    }
    assert named == set(described)
    parts = ("Business or Farm Name", "Phone", "Physical Address", "City", "State/Region")
    for row in described.values():
        assert all(row[part] for part in (*parts, "Zip/Postal", "Country")), row


def test_each_product_and_unit_that_a_record_names_is_declared(demo, book):
    products = demo(
        "lot.fsma.event", "search_read", [*CURRENT, ("product_id", "!=", False)], ["product_id"]
    )
    ids = list({row["product_id"][0] for row in products})
    names = {row["name"] for row in demo("product.product", "read", ids, ["name"])}
    assert names <= {row["Product Name"] for row in told(book, "Products")}
    glossary = {row["Term or code"] for row in told(book, "Glossary")}
    rows = [row for title in TOLD for row in told(book, title)]
    used = {row[column] for row in rows for column in UNITS if row.get(column)}
    used |= {row["Reference Document Type"] for row in rows}
    assert used
    assert used <= glossary


def test_nothing_in_the_workbook_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert FORMULA in {row["Told"] for row in told(book, "About")}
