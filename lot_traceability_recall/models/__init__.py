# Others add to these: before them.
from . import lot_recall, lot_recall_lot, lot_recall_scope

# isort: split
from . import lot_recall_versions

# isort: split
from . import lot_exposure

# isort: split
from . import (
    lot_exposure_batch,
    lot_exposure_exact,
    lot_exposure_spread,
    lot_figure,
    lot_preset_line,
    lot_preset_target,
    stock_lot_exposure,
)

# isort: split
from . import (
    lot_learn,
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
    account_analytic_line,
    lot_recall_answer,
    lot_recall_answer_figures,
    lot_recall_answer_give,
    lot_recall_answer_link,
    lot_recall_answer_page,
    lot_recall_answer_sold,
    lot_recall_call,
    lot_recall_check,
    lot_recall_check_draw,
    lot_recall_cost,
    lot_recall_cost_account,
    lot_recall_cost_set_off,
    lot_recall_counted,
    lot_recall_credit,
    lot_recall_disposition,
    lot_recall_disposition_do,
    lot_recall_disposition_documents,
    lot_recall_insurance,
    lot_recall_letter,
    lot_recall_letter_approval,
    lot_recall_letter_authority,
    lot_recall_letter_consignee,
    lot_recall_letter_draft,
    lot_recall_notice,
    lot_recall_notice_bounce,
    lot_recall_notice_case,
    lot_recall_paper,
    lot_recall_paper_labels,
    lot_recall_reminder,
    lot_recall_replacement,
    lot_recall_return,
    lot_recall_return_picking,
    lot_recall_scrapped,
    lot_recall_sender,
    lot_scan_flow_recall,
    product_category,
    res_company_recall,
    res_config_settings_recall,
)
