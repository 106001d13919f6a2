"""Pure tests: what lives in ``lot_traceability/tools`` runs without Odoo."""

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]

# The module's own package imports Odoo models, so `tools` is loaded as a package of its own.
sys.path.insert(0, str(_ROOT / "lot_traceability"))


def gs1_conformance() -> Path:
    """Return the folder with GS1's own cases, which need not be there."""
    return Path(os.environ.get("GS1_CONFORMANCE") or _ROOT.parent / "shared" / "gs1")


# GS1's cases are not part of the repository; the own vectors and doctests always run.
collect_ignore = []
if not (gs1_conformance() / "vectors.json").is_file():
    collect_ignore.append("test_gs1_conformance.py")
