from . import expiry_picking_confirmation, lot_operation_wizard
