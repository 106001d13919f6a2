"""`docs/set-up.md` has the industry presets as they are in the data."""

from lib import preset_tables


def test_document_is_what_the_data_say():
    text = preset_tables.DOCUMENT.read_text(encoding="utf-8")
    assert preset_tables.written(text) == text, "run: setup/lib/with-python preset-tables"


def test_each_industry_has_its_table_with_lines_of_all_modules():
    tables = preset_tables.tables()
    assert tables.count("\n## ") == 6
    food = tables.split("\n## ")[1]
    for text in ("21 CFR 1.1320", "(`lot_traceability_fsma`)", "(`lot_traceability_recall`)"):
        assert text in food
    assert all(line.count(" | ") == 2 for line in tables.splitlines() if line.startswith("| "))
