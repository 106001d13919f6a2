"""wkhtmltopdf, with which Odoo prints: letters of a recall, press notice, submission, labels."""

import shutil

from . import host
from .errors import SetupError
from .progress import say

PROGRAM = "wkhtmltopdf"
# With letters as wide as those of Arial: otherwise the widest font of the host is taken.
PACKAGES = (PROGRAM, "fonts-liberation")
INSTALL = f"apt-get install {' '.join(PACKAGES)}"


def find() -> str | None:
    """The path of wkhtmltopdf, as Odoo will find it."""
    return shutil.which(PROGRAM)


def ensure() -> str:
    """A program that prints; as root on Debian it is installed at need.

    :raises SetupError: with the command that installs it.
    """
    found = find()
    if not found:
        host.install(
            PACKAGES, title="wkhtmltopdf for letters", what=f"install wkhtmltopdf ({INSTALL})"
        )
        found = find()
    if not found:
        raise SetupError(f"letters are printed with wkhtmltopdf, and this host has none: {INSTALL}")
    return found


def ensure_or_say() -> None:
    """As `ensure`; where it cannot be had, one sentence says what is missing without it."""
    try:
        ensure()
    except SetupError:
        say(
            "No wkhtmltopdf on this host: documents open in the browser instead of as PDF, and "
            f"letters are mailed without a file; {INSTALL} brings it."
        )
