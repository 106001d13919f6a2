# The history is derived from: before the import that writes it.
from . import lot_import_target

# isort: split
from . import (
    lot_import,
    lot_import_check,
    lot_import_column,
    lot_import_mapping,
    lot_import_problem,
    lot_import_run,
    lot_import_undo,
    lot_measurement_import,
)
