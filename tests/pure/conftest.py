"""Pure tests: what lives in the modules' ``tools`` runs without Odoo."""

import importlib.util
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent

# The module's own package imports Odoo models, so `tools` is loaded as a package of its own.
sys.path[:0] = [str(_HERE.parents[1] / "lot_traceability"), str(_HERE)]


def _load(name: str, folder: Path) -> None:
    """The pure package of another module, under a name of its own."""
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


_load("fsma_tools", _HERE.parents[1] / "lot_traceability_fsma" / "tools")

from gs1_support import CONFORMANCE  # noqa: E402 (needs the paths above)

collect_ignore = []
if not (CONFORMANCE / "vectors.json").is_file():
    collect_ignore.append("test_gs1_conformance.py")
