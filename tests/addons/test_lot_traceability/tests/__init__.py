from . import test_dropship, test_repair, test_subcontracting
