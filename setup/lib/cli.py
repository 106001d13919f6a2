"""Dispatches the set-up commands, and turns every expected failure into one line."""

import errno
import importlib
import signal

from . import paths
from .errors import SetupError
from .progress import say

COMMANDS = (
    "demo",
    "test",
    "odoo",
    "bench",
    "rfid-simulator",
    "wheel",
    "demo-check",
    "terms",
    "core-tests",
    "scan-images",
    "backup",
    "backup-wal",
    "pictures",
    "preset-tables",
)


def main(arguments: list[str]) -> int:
    """Run `arguments[0]`, one of `COMMANDS`; returns the exit code."""
    # `--stop` and a closing terminal end a command as Ctrl-C does; a shell that starts one in the
    # background would have it ignore Ctrl-C.
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _interrupt)
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        say(f"setup: unknown command {name!r}; there are {', '.join(COMMANDS)}")
        return 2
    try:
        command = importlib.import_module("." + name.replace("-", "_"), __package__)
        return command.main(arguments[1:])
    except SetupError as error:
        say(f"setup: {error}")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    except OSError as error:
        cause = _mendable(error)
        if not cause:
            raise
        say(f"setup: {cause}")
        return 1


def _mendable(error: OSError) -> str:
    """One line for what the user can mend; an empty string for anything else."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk is full (free some space under {paths.home()}). "
            "Run the same command again to go on."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return (
            f"this user may not use {error.filename}: choose another folder by "
            "LOT_TRACEABILITY_HOME."
        )
    return ""


def _interrupt(signum, frame):
    signal.signal(signum, signal.SIG_IGN)
    raise KeyboardInterrupt
