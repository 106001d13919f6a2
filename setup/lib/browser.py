"""Chromium for the browser tours."""

import shutil

from . import host
from .errors import SetupError

# The names that Odoo's own test code looks for.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
INSTALL = "apt-get install chromium"


def find() -> str | None:
    """The path of a Chrome or Chromium, as Odoo will find it."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure() -> str:
    """A browser for the tours; as root on Debian it is installed at need.

    :raises SetupError: with the command that installs it.
    """
    found = find()
    if not found:
        host.install(
            ["chromium"],
            title="Chromium for the browser tours",
            what=f"install Chromium ({INSTALL})",
        )
        found = find()
    if not found:
        raise SetupError(f"the browser tours need Chromium, and this host has none: {INSTALL}")
    return found
