"""Runs programs: output to a log file, failures told in one line."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

from . import paths
from .errors import SetupError

_BROKEN = "a download came broken"
_FULL = "the disk is full (free some space under {home})"
# PostgreSQL, which writes 16 MB at a time, falls over with less, and its clients cannot tell why.
_FULL_BYTES = 32_000_000
# What the usual tools print for causes that the user can mend, and what to say then.
_CAUSES = (
    (
        ("No space left on device", "not enough free space"),
        _FULL,
    ),
    (
        (
            "Temporary failure resolving",
            "Could not resolve",
            "Temporary failure in name resolution",
            "Name or service not known",
            "Network is unreachable",
            "Could not connect to",
            "Connection timed out",
            "Failed to establish a new connection",
            "ENOTFOUND",
            "EAI_AGAIN",
            "ECONNREFUSED",
            "Could not find a version that satisfies",
        ),
        "the network or its package mirror cannot be reached",
    ),
    (
        (
            "Hash Sum mismatch",
            "Size mismatch",
            "do not match the hashes",
            "Hashes mismatch",
            "IncompleteRead",
            "BadZipFile",
            "Wheel '",
            "not a Debian format archive",
            "unexpected end of file",
        ),
        _BROKEN,
    ),
)


# What runs now, in threads of this process too.
_running: set[subprocess.Popen] = set()


class BrokenDownloadError(SetupError):
    """A program was given a file that had not come whole."""


def explain(output: str) -> str:
    """The likely cause of a failure named in a tool's output, or an empty string."""
    for marks, cause in _CAUSES:
        if any(mark in output for mark in marks):
            return cause.format(home=paths.home())
    if shutil.disk_usage(paths.folder()).free < _FULL_BYTES:
        return _FULL.format(home=paths.home())
    return ""


def log_path(name: str) -> Path:
    """The log file of a step."""
    return paths.folder("log") / f"{name}.log"


def run(
    command: Sequence[str | Path],
    *,
    log: str,
    what: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
    on_line: Callable[[str], None] | None = None,
) -> str:
    """Run `command` to its end; its output goes to the log file `log`, is given line by line
    to `on_line`, and returned.

    :raises SetupError: in one line, when it fails: "could not WHAT: CAUSE".
    """
    lines: list[str] = []
    path = log_path(log)
    with (
        path.open("w", encoding="utf-8", errors="replace", buffering=1) as out,
        _started(command, env=env, cwd=cwd, pipe_in=stdin is not None) as child,
    ):
        if stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(stdin)
                child.stdin.close()
        for line in child.stdout:
            out.write(line)
            lines.append(line)
            if on_line:
                on_line(line.rstrip("\n"))
    output = "".join(lines)
    _check(child, command, output, path, what)
    return output


@contextlib.contextmanager
def beside(
    command: Sequence[str | Path],
    *,
    log: str,
    what: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str = "",
) -> Iterator[None]:
    """Run `command` while the block runs, and wait for it; it ends when the block fails.

    :raises SetupError: as `run`, at the block's end
    """
    path = log_path(log)
    with (
        path.open("w", encoding="utf-8", errors="replace") as out,
        _started(command, env=env, cwd=cwd, pipe_in=True, out=out) as child,
    ):
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(stdin)
            child.stdin.close()
        yield
    _check(child, command, path.read_text(encoding="utf-8", errors="replace"), path, what)


def _check(child: subprocess.Popen, command, output: str, path: Path, what: str) -> None:
    if child.returncode:
        cause = explain(output) or f"{Path(command[0]).name} ended with code {child.returncode}"
        kind = BrokenDownloadError if cause == _BROKEN else SetupError
        raise kind(
            f"could not {what}: {cause}. Details: {path}. Run the same command again to go on."
        )


@contextlib.contextmanager
def _started(
    command, *, env, cwd, pipe_in: bool, out=subprocess.PIPE
) -> Iterator[subprocess.Popen]:
    # A session of its own: Ctrl-C reaches the set-up alone, which then ends the child in order.
    child = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.PIPE if pipe_in else subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=dict(env) if env is not None else None,
        cwd=cwd,
        start_new_session=True,
    )
    _running.add(child)
    try:
        yield child
        child.wait()
    except BaseException:
        end(child)
        raise
    finally:
        _running.discard(child)


class Job(NamedTuple):
    """A call, and the names of the jobs that have to be done before it."""

    call: Callable[[], object]
    after: tuple[str, ...] = ()


def run_jobs(jobs: Mapping[str, Job], at_once: int) -> dict[str, object]:
    """Do all jobs, so many at the same time, each after those that it needs and else in the order
    of the mapping, and give what each returned. As soon as one fails, or on Ctrl-C, the programs
    that the others run are ended.

    >>> run_jobs({"dine": Job(lambda: "done", ("cook",)), "cook": Job(lambda: "hot")}, 2)
    {'cook': 'hot', 'dine': 'done'}
    """
    order = list(jobs)
    graph = TopologicalSorter({name: job.after for name, job in jobs.items()})
    graph.prepare()
    waiting: list[str] = []
    running: dict[Future, str] = {}
    results: dict[str, object] = {}
    with ThreadPoolExecutor(at_once) as pool:
        try:
            while graph.is_active():
                waiting = sorted([*waiting, *graph.get_ready()], key=order.index)
                free = at_once - len(running)
                for name in waiting[:free]:
                    running[pool.submit(jobs[name].call)] = name
                del waiting[:free]
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(done)
                    results[name] = done.result()
                    graph.done(name)
        except BaseException:
            # One that goes on to its next program finds that ended as well.
            while wait(running, timeout=0.2).not_done:
                for child in list(_running):
                    end(child)
            raise
    return results


def end(child: subprocess.Popen, patience: float = 15) -> None:
    """End a child and its group: first politely, then for good."""
    for signum in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)


def capture(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """The standard output of a short command, or an empty string when it fails or is missing."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            env=env,
            check=False,
            errors="replace",
        )
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""
