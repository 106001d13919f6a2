"""What `docs/security.md` says, row by row; knows nothing of Odoo."""

import re
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "security.md"


def table(heading: str) -> list[dict[str, str]]:
    """The rows of the tables under a heading, by the names of their columns."""
    _before, _heading, text = DOCUMENT.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    rows, columns = [], []
    for line in text.partition("\n## ")[0].splitlines():
        if not line.startswith("|"):
            columns = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not columns:
            columns = cells
        elif set("".join(cells)) != {"-"}:
            rows.append(dict(zip(columns, cells, strict=True)))
    return rows


def code(text: str) -> list[str]:
    """What stands between backquotes."""
    return re.findall(r"`([^`]+)`", text)


def routes() -> dict[str, tuple[str, str, str]]:
    """{address: (methods, login, CSRF)}."""
    return {
        url: (row["Methods"], row["Login"], row["CSRF"])
        for row in table("Routes")
        for url in code(row["Route"])
    }


def methods() -> dict[str, str]:
    """{"model.method": who may}."""
    return {
        f"{code(row['Model'])[0]}.{method}": row["Who may"]
        for row in table("Methods")
        for method in code(row["Methods"])
    }


def access() -> dict[str, dict[str, str]]:
    """{model: {column: rights}}, and "Company": whose records are seen."""
    return {code(row["Model"])[0]: row for row in table("Models")}
