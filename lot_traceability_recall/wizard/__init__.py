from . import lot_recall_exclude, lot_recall_wizard, lot_root_cause_wizard
