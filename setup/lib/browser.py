"""Chromium for the browser tours."""

import os
import shutil

from . import process
from .errors import SetupError
from .progress import step

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
    if found:
        return found
    if os.getuid() == 0 and shutil.which("apt-get"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        with step("Chromium for the browser tours"):
            process.run(
                ["apt-get", "update"],
                log="apt-host-update",
                what="read the host's package index",
                env=env,
            )
            process.run(
                ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
                log="apt-chromium",
                what=f"install Chromium ({INSTALL})",
                env=env,
            )
        found = find()
    if not found:
        raise SetupError(f"the browser tours need Chromium, and this host has none: {INSTALL}")
    return found
