from . import lot_root_cause_wizard
