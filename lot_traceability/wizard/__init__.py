from . import lot_measurement_strike, lot_operation_wizard
