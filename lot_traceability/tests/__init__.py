from . import (
    test_export,
    test_genealogy_changes,
    test_genealogy_company,
    test_genealogy_lot,
    test_genealogy_order,
    test_genealogy_production,
    test_genealogy_transfer,
    test_genealogy_unbuild,
    test_genealogy_untracked,
    test_genealogy_untracked_time,
    test_lot_operation,
)
