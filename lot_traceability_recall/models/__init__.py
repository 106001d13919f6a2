# Others add to these: before them.
from . import lot_recall, lot_recall_lot, lot_recall_scope

# isort: split
from . import lot_recall_versions

# isort: split
from . import (
    lot_recall_balance,
    lot_recall_close,
    lot_recall_consignee,
    lot_recall_consignee_lot,
    lot_recall_dashboard,
    lot_recall_delivery,
    lot_recall_drill,
    lot_recall_drill_plan,
    lot_recall_facts,
    lot_recall_freed,
    lot_recall_report,
    lot_recall_scope_find,
    lot_recall_start,
    lot_recall_stop,
    lot_recall_tell,
    lot_recall_watch,
    lot_root_cause,
    stock_lot,
)

# isort: split
from . import (
    lot_recall_letter,
    lot_recall_letter_approval,
    lot_recall_letter_authority,
    lot_recall_letter_consignee,
    lot_recall_letter_draft,
    lot_recall_notice,
    lot_recall_notice_bounce,
    lot_recall_notice_case,
    lot_recall_sender,
    lot_recall_answer,
    lot_recall_answer_figures,
    lot_recall_answer_give,
    lot_recall_answer_limit,
    lot_recall_answer_link,
    lot_recall_answer_page,
    lot_recall_answer_sold,
    lot_recall_call,
    lot_recall_reminder,
)
