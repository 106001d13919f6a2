from . import (
    expiry_picking_confirmation,
    expiry_picking_confirmation_day,
    lot_done_wizard,
    lot_expiry_action,
    lot_expiry_action_line,
    lot_expiry_action_transfer,
    lot_gate_override_wizard,
    lot_measurement_strike,
    lot_operation_wizard,
    lot_signature_wizard,
    lot_status_wizard,
    mrp_production_serials,
)
