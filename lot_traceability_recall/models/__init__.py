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
    stock_lot_exposure,
)

# isort: split
from . import (
    lot_recall_consignee,
    lot_recall_consignee_lot,
    lot_recall_delivery,
    lot_recall_freed,
    lot_recall_scope_find,
    lot_recall_start,
    lot_recall_stop,
    lot_recall_tell,
    lot_recall_watch,
    lot_root_cause,
    stock_lot,
)
