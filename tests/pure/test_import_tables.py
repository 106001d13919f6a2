"""Tables of another system: read as they are written, asked where they may mean two things."""

import csv
import doctest
from datetime import date, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest
from tools.moving_in import cells, checks, tables, template
from tools.moving_in.cells import CellError, Notation, day_or_time, number
from tools.moving_in.tables import TableError, open_table


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("module", [cells, checks, tables, template])
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
    from zipfile import ZipFile

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
