"""Events of the audit log as a CSV file: UTF-8, comma, a header line."""

import csv
import io
from typing import IO

from .audit_rows import AuditRows
from .trace_columns import COUNT, MOMENT

# A program that opens the file would take a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(rows: AuditRows, target: IO[bytes]) -> int:
    """Write the events as CSV; texts that look like formulas get an apostrophe before them.

    :param target: a file open for writing bytes
    :return: the number of events written
    """
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    # For Excel, which takes the file for something else without it.
    text.write("\ufeff")
    writer = csv.writer(text)
    columns = rows.columns()
    writer.writerow([column.title for column in columns])
    count = 0
    for row in rows.rows():
        count += 1
        writer.writerow([_cell(rows, column.kind, column.read(row)) for column in columns])
    text.flush()
    text.detach()
    return count


def _cell(rows: AuditRows, kind: str, value) -> str | int:
    if value is None:
        return ""
    if kind == MOMENT:
        return rows.text.moment(value)
    if kind == COUNT:
        return value
    return f"'{value}" if value.startswith(_FORMULA) else value
