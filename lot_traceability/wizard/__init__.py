from . import (
    lot_expiry_action,
    lot_expiry_action_line,
    lot_expiry_action_transfer,
    lot_operation_wizard,
)
