from . import (
    test_recall_balance,
    test_recall_close,
    test_recall_dashboard,
    test_recall_drill,
    test_recall_check,
    test_recall_cost,
    test_recall_disposition,
    test_recall_return,
    test_exposure,
    test_recall_scope,
    test_recall_start,
    test_recall_stop,
    test_root_cause,
)
from . import test_recall_scope, test_recall_start, test_recall_stop, test_root_cause

# isort: split
from . import test_recall_letters, test_recall_sending
from . import test_recall_answer, test_recall_answer_page, test_recall_reminder
