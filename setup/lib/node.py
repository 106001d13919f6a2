"""Node.js with prettier and eslint, at the versions of package-lock.json."""

import hashlib
import os
import re
import shutil
from pathlib import Path

from . import locks, paths, process, python_env
from .progress import step

# eslint 10 runs on these.
_OLDEST = {20: 19, 22: 13}
_FILES = ("package.json", "package-lock.json")


def ensure() -> tuple[dict[str, str], Path]:
    """The process environment in which `node` works, and the folder of the installed tools."""
    env = environment()
    digest = hashlib.sha256(b"".join((paths.REPOSITORY / name).read_bytes() for name in _FILES))
    root = paths.folder() / f"node-{digest.hexdigest()[:10]}"
    with locks.exclusive("node"):
        if not (root / "complete").exists():
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            for name in _FILES:
                shutil.copy2(paths.REPOSITORY / name, root / name)
            with step("Linters for XML and JavaScript"):
                process.run(
                    ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
                    log="npm",
                    what="install prettier and eslint",
                    cwd=root,
                    env=env,
                )
            (root / "complete").touch()
    return env, root


def environment() -> dict[str, str]:
    """The process environment in which `node` works; installs one where the host has none."""
    version = re.match(r"v(\d+)\.(\d+)", process.capture(["node", "--version"]))
    if version and shutil.which("npm"):
        major, minor = int(version[1]), int(version[2])
        if major >= 24 or minor >= _OLDEST.get(major, 1_000):
            return dict(os.environ)
    python = python_env.ensure_node()
    return {
        **os.environ,
        "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
