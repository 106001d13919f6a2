from . import lot_operation_wizard
