from . import (
    test_recall_check,
    test_recall_cost,
    test_recall_disposition,
    test_recall_return,
    test_recall_scope,
    test_recall_start,
    test_recall_stop,
    test_root_cause,
)
