# What is searched for comes before what searches, and that before its parts.
from . import lot_finding, lot_finding_search

# isort: split
from . import (
    lot_finding_fix,
    lot_finding_run,
    lot_finding_text,
    mrp_production,
    search_dates,
    search_lots,
    search_numbers,
    search_stock,
)
