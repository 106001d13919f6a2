"""Tables of another system: read as they are written, asked where they may mean two things."""

import csv
import doctest
import warnings
from datetime import date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from tools.moving_in import cells, checks, properties, tables, template
from tools.moving_in.cells import CellError, Notation, day_or_time, number
from tools.moving_in.sheet import Sheet
from tools.moving_in.tables import TableError, open_table


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("module", [cells, checks, properties, tables, template])
def test_examples_hold(module):
    done = doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert done.attempted and not done.failed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_csv_is_read_whatever_its_encoding_and_separator(encoding, separator):
    text = StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([["Löt", "Note"], ["A1", f"a{separator} b\nc"], ["", ""], ["É2", ""]])
    table = open_table(text.getvalue().encode(encoding), "x.csv")
    assert table.headers == ["Löt", "Note"]
    assert [row for _number, row in table.rows()] == [["A1", f"a{separator} b\nc"], ["É2", ""]]


def test_workbook_keeps_days_numbers_and_row_numbers():
    table = open_table(
        workbook([None], ["Lot", "Day", "Qty"], ["A", datetime(2026, 4, 3), 1.5], [None], ["B"]),
        "x.xlsx",
    )
    assert list(table.rows()) == [(3, ["A", datetime(2026, 4, 3), 1.5]), (5, ["B", None, None])]
    assert len(list(table.rows())) == 2  # once more


@pytest.mark.parametrize("constant_memory", [True, False])
def test_cells_are_read_as_openpyxl_reads_them(constant_memory):
    file = BytesIO()
    # With little memory each cell holds its text itself; else all texts stand in one list.
    with xlsxwriter.Workbook(file, {"constant_memory": constant_memory}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        span = book.add_format({"num_format": "[h]:mm"})
        sheet.write_row(0, 0, ["Löt", "Qty", "Day", "Good", "Note"])
        sheet.write_row(1, 0, ["A & <B>", 1.5e-7, 46115, True])
        sheet.write_datetime(3, 2, datetime(2026, 4, 3, 14, 30), day)
        sheet.write_number(3, 3, 1.25, span)
        sheet.write_rich_string(3, 4, "plain ", bold, "bold", " plain")
        sheet.write_formula(4, 1, "=1+1", None, 2)
        sheet.write_formula(4, 4, '="x"', None, "x")
        sheet.write_number(5, 1, -7)
        sheet.write_boolean(5, 27, False)
        sheet.write_number(6, 2, 1e9, day)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of the day far away
        theirs = openpyxl.load_workbook(BytesIO(file.getvalue()), data_only=True).active
        wanted = {
            (cell.row, cell.column): cell.value
            for row in theirs.iter_rows() for cell in row if cell.value is not None
        }  # fmt: skip
    found = {
        (number, column): value
        for number, values in Sheet(file.getvalue()).rows()
        for column, value in enumerate(values, start=1)
        if value is not None
    }
    assert found == wanted
    assert {key: type(value) for key, value in found.items()} == {
        key: type(value) for key, value in wanted.items()
    }


def test_workbook_that_was_read_to_the_end_is_not_unpacked_again(monkeypatch):
    table = open_table(workbook(["Lot", "Qty"], *(["A", n] for n in range(2_500))), "x.xlsx")
    first = list(table.rows(again=True))
    monkeypatch.setattr(Sheet, "rows", None)
    assert list(table.rows()) == first
    assert [row for _number, row in table.rows()][-1] == ["A", 2_499]


def test_reference_of_no_column_and_declared_entities_are_no_workbook():
    file = BytesIO(workbook(["Lot"], ["A"]))
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    declared = b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet'
    for before, after in (
        (b'r="A2"', b'r="ZZZZZZ2"'),
        (b'r="A2"', b'r="XFE2"'),
        (b'r="A2"', b'r="?"'),
        (b'r="A2"', b"r="),
        (b"<worksheet", declared),
    ):
        broken = BytesIO()
        with ZipFile(broken, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content.replace(before, after) if name == sheet else content)
        with pytest.raises(TableError):
            list(open_table(broken.getvalue(), "x.xlsx").rows())


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "x.csv", "empty"),
        (b" \n \n", "x.csv", "empty"),
        (b"PK\x03\x04broken", "x.xlsx", "workbook"),
        (b"\xd0\xcf\x11\xe0\x00\x00\x00\x00", "x.xls", "workbook"),
        (b"no workbook", "x.xlsx", "workbook"),
        (b"a," * 300, "x.csv", "columns"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content, name, code):
    with pytest.raises(TableError) as refused:
        open_table(content, name)
    assert refused.value.code == code


def test_a_zip_that_is_no_workbook_is_refused():
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(TableError):
        open_table(file.getvalue(), "x.xlsx")


@pytest.mark.parametrize(
    ("seen", "order"),
    [
        (["03/04/2026", "25/04/2026"], "dmy"),
        (["03/04/2026", "04/25/2026"], "mdy"),
        (["03/04/2026"], ""),
        (["13/04/2026", "04/13/2026"], "mixed"),
        (["03.04.2026"], "dmy"),
        (["2026-04-03"], ""),
    ],
)
def test_a_day_that_can_be_read_in_one_way_tells_the_order_of_all(seen, order):
    notation = Notation()
    for cell in seen:
        notation.observe(cell)
    assert notation.order == order


@pytest.mark.parametrize(
    ("seen", "mark"),
    [(["1,5"], ","), (["1.234"], ""), (["1,234", "2.5"], "."), (["1,5", "1.5"], "mixed"),
     (["1.234.567"], ","), (["1,234.5"], "."), (["12"], "")],
)  # fmt: skip
def test_a_quantity_that_can_be_read_in_one_way_tells_the_mark_of_all(seen, mark):
    notation = Notation()
    for cell in seen:
        notation.observe(cell)
    assert notation.mark == mark


@pytest.mark.parametrize("told", ["soon", "31/02/2026", "2026-13-01", "7", True, 12, "1/2", 2026])
def test_what_is_no_day_is_refused(told):
    with pytest.raises(CellError) as refused:
        day_or_time(told, "dmy")
    assert refused.value.code == "date"


def test_a_day_of_another_age_is_refused():
    with pytest.raises(CellError) as refused:
        day_or_time("1899-01-01")
    assert refused.value.code == "date_far"


@pytest.mark.parametrize("told", ["five", "1,2,3.4,5", "--1", "1e5", "nan", True, 1e300])
def test_what_is_no_quantity_is_refused(told):
    with pytest.raises(CellError) as refused:
        number(told, ".")
    assert refused.value.code == "number"


def test_day_alone_and_instant_are_told_apart():
    assert day_or_time("03/04/2026 08:15", "mdy") == datetime(2026, 3, 4, 8, 15)
    assert day_or_time("03/04/2026", "mdy") == date(2026, 3, 4)


def test_a_long_chain_has_no_circle_and_is_no_recursion():
    count = 50_000
    assert checks.cycles(range(count), range(1, count + 1)) == []
    ring = checks.cycles([*range(count), count], [*range(1, count + 1), 0])
    assert [len(circle) for circle in ring] == [count + 1]


def test_links_into_and_out_of_a_circle_are_not_on_it():
    assert checks.cycles([0, 1, 2, 2], [1, 2, 1, 3]) == [[1, 2]]


def test_template_reads_again_and_holds_no_formula():
    columns = [
        template.Column("Lot", "Its number", "=HYPERLINK(1)", True),
        template.Column("Quantity", "How much", "-4.5", False),
    ]
    for write in (
        template.write_csv,
        lambda columns, file: template.write_xlsx(
            columns, file, sheet="Lots", explained="Columns",
            heads=("Column", "Needed", "Meaning", "Example"), must=("yes", "no"),
        ),
    ):  # fmt: skip
        file = BytesIO()
        write(columns, file)
        assert not list(openpyxl_formulas(file.getvalue()))
        table = open_table(file.getvalue(), "x")
        assert table.headers == ["Lot", "Quantity"]
        assert [cell.lstrip("'") for cell in next(table.rows())[1]] == ["=HYPERLINK(1)", "-4.5"]


def openpyxl_formulas(content):
    if content[:2] != b"PK":
        return
    for sheet in openpyxl.load_workbook(BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.data_type == "f")
