from . import lot_done_wizard, lot_operation_wizard
