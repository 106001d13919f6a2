from . import lot_operation_wizard, mrp_production_serials
