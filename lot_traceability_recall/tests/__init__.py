from . import test_root_cause
