"""Where things are kept."""

import hashlib
import os
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SETUP = REPOSITORY / "setup"
TEST_ADDONS = REPOSITORY / "tests" / "addons"
# PostgreSQL cannot bind a socket whose path is longer than this.
SOCKET_PATH_LIMIT = 107


def home() -> Path:
    """The folder that holds all that is downloaded, built and stored."""
    chosen = os.environ.get("LOT_TRACEABILITY_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser().resolve() / "lot-traceability"


def folder(*parts: str) -> Path:
    """A folder below `home()`, made when missing."""
    path = home().joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


def socket_folder() -> Path:
    """Where the cluster's Unix socket lies: in the home, or in a short place if that is long."""
    path = home() / "postgres" / "run"
    if len(os.fsencode(path / ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT:
        digest = hashlib.sha256(os.fsencode(home())).hexdigest()[:10]
        path = Path(tempfile.gettempdir()) / f"lot-traceability-{os.getuid()}-{digest}"
        if len(os.fsencode(path / ".s.PGSQL.5432")) > SOCKET_PATH_LIMIT:
            path = Path("/tmp") / path.name  # noqa: S108  made with mode 0700, owner checked
    return path


def modules() -> list[str]:
    """The product's modules of this repository, by name."""
    return sorted(p.parent.name for p in REPOSITORY.glob("lot_traceability*/__manifest__.py"))
