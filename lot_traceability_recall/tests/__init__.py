from . import (
    test_exposure,
    test_recall_scope,
    test_recall_start,
    test_recall_stop,
    test_root_cause,
)
