from . import test_recall_scope, test_recall_start, test_recall_stop, test_root_cause

# isort: split
from . import test_recall_answer, test_recall_answer_page, test_recall_reminder
