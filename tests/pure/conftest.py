"""Pure tests: what lives in ``lot_traceability/tools`` runs without Odoo."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent

# The module's own package imports Odoo models, so `tools` is loaded as a package of its own.
sys.path[:0] = [str(_HERE.parents[1] / "lot_traceability"), str(_HERE)]

from gs1_support import CONFORMANCE  # noqa: E402 (needs the paths above)

collect_ignore = []
if not (CONFORMANCE / "vectors.json").is_file():
    collect_ignore.append("test_gs1_conformance.py")
