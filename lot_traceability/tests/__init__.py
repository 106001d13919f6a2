from . import test_genealogy_order, test_genealogy_production, test_genealogy_unbuild
from . import test_genealogy_rebuild
from . import test_trace_json2
