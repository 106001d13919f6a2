"""Programs of the host that Odoo needs beside itself; on Debian, root has them installed."""

import os
import shutil
from collections.abc import Sequence

from . import process
from .progress import step


def install(packages: Sequence[str], *, title: str, what: str) -> bool:
    """Install packages of the host's distribution, where this user and this host can.

    :param title: names the step
    :param what: what cannot be done when it fails
    :return: whether it was tried
    :raises SetupError: when it was tried and failed
    """
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(title):
        process.run(
            ["apt-get", "update"],
            log="apt-host-update",
            what="read the host's package index",
            env=env,
        )
        process.run(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            log=f"apt-{packages[0]}",
            what=what,
            env=env,
        )
    return True
