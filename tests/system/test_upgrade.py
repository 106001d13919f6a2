"""An upgrade from the version before: what is new comes, and all that was on record stays."""

import contents
import version_before


def test_what_came_since_is_there(upgraded):
    assert upgraded["without"] == set(version_before.TABLES)
    assert set(version_before.TABLES) <= upgraded["columns"].keys()
    for table, names in version_before.COLUMNS.items():
        assert set(names) <= upgraded["columns"][table]
    for module, version in version_before.VERSIONS.items():
        assert upgraded["versions"][module] > version


def test_it_ends_without_an_error(upgraded):
    assert "Traceback" not in upgraded["log"]
    assert " ERROR " not in upgraded["log"]


def test_all_records_are_as_they_were(upgraded):
    assert contents.changed(upgraded["before"], upgraded["after"]) == {}
    for table in (
        "stock_move_line",
        "lot_genealogy_edge",
        "lot_operation",
        "lot_recall_lot",
        "lot_fsma_event",
        "lot_signature",
        "log",
    ):
        assert upgraded["before"][table][0] > 0, table


def test_log_verifies_and_genealogy_equals_a_rebuild(upgraded):
    assert upgraded["valid"]
    assert upgraded["findings"] == []
    assert upgraded["drift"] == 0
