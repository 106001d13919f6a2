from . import (
    lot_recall_answer_wizard,
    lot_recall_close_wizard,
    lot_recall_cost_entry,
    lot_recall_destroy,
    lot_recall_dispose,
    lot_recall_draw,
    lot_recall_exclude,
    lot_recall_report_wizard,
    lot_recall_wizard,
    lot_root_cause_wizard,
)

# isort: split
from . import stock_picking_return
