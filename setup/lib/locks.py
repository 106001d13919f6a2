"""File locks: the kernel frees them when a process dies, so nothing goes stale."""

import contextlib
import fcntl
from collections.abc import Iterator
from typing import IO

from . import paths


def _open(name: str) -> IO[str]:
    return (paths.folder("run") / f"{name}.lock").open("a+")


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Only one process at a time; waits."""
    with _open(name) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def try_exclusive(name: str) -> IO[str] | None:
    """The lock's open file if nobody holds it, else None. Closing the file frees the lock."""
    handle = _open(name)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def shared(name: str) -> IO[str]:
    """The lock's open file, held with others. Closing the file frees the lock."""
    handle = _open(name)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle
