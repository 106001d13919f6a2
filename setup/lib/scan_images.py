"""Draws the pictures of the Scan app: its icons, the test codes for scanners and the labels that
press its buttons.

    setup/lib/with-python scan-images

They lie in the module, so that the app shows them without a link; a test reads the codes.
"""

from pathlib import Path

from . import paths, process, python_env
from .progress import say

_ENTRY = Path(__file__).parent / "inside" / "scan_images.py"
_FOLDER = paths.REPOSITORY / "lot_traceability" / "static" / "img"


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    python = python_env.ensure()
    process.run(
        [python, _ENTRY, _FOLDER], log="scan-images", what="draw the pictures of the Scan app"
    )
    say(f"  {_FOLDER.relative_to(paths.REPOSITORY)} written")
    return 0
