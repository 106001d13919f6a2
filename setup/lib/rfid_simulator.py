"""`./setup/rfid-simulator`: plays a recorded shift of RFID readers against the running demo."""

import argparse
import json
import statistics
from pathlib import Path

from . import demo, environment, paths, rfid_shift
from .environment import Environment
from .errors import SetupError
from .progress import say, step

_INSIDE = Path(__file__).parent / "inside" / "rfid_demo.py"
_MARK = "RFID-SIMULATOR "


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    if options.speed <= 0:
        raise SetupError("--speed is more than 0: 60 plays a minute in a second.")
    if options.url or options.key:
        if not (options.url and options.key and options.file):
            raise SetupError("give --url, --key and FILE together to play against another server.")
        told = _play(rfid_shift.load(options.file), options.url, options.key, options.speed)
        _say_told(told)
        return 0
    url = demo.running_url()
    if not url:
        raise SetupError("the demo is not running: start ./setup/demo, or give --url and --key.")
    with environment.ready() as env:
        return _with_demo(env, url, options)


def _with_demo(env: Environment, url: str, options: argparse.Namespace) -> int:
    with step("Readers, a gateway and tags in the demo company"):
        made = _inside(env, "prepare", keep_reads=not options.file)
    reads = rfid_shift.load(options.file) if options.file else made["reads"]
    if options.make:
        lines = (json.dumps(read) for read in reads)
        options.make.write_text("\n".join(lines) + "\n", encoding="utf-8")
        say(f"{len(reads)} reads are written to {options.make}.")
        return 0
    told = _play(reads, url, made["key"], options.speed)
    with step("What it became"):
        loads = _inside(env, "settle")["loads"]
    _say_told(told)
    for load in loads:
        say(f"  {load}")
    if not loads:
        say("  No load has passed a portal.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="setup/rfid-simulator",
        description="Plays a recorded shift of RFID readers against the running demo.",
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="the recording, a read a line in JSON (default: one made from the lots of the demo)",
    )
    parser.add_argument(
        "--speed", type=float, default=60.0, help="how much faster than it was (default 60)"
    )
    parser.add_argument(
        "--make", type=Path, metavar="FILE", help="only write the recording of the demo to FILE"
    )
    parser.add_argument("--url", help="another server than the demo")
    parser.add_argument("--key", help="the API key of a gateway of that server")
    return parser


def _play(reads: list[dict], url: str, key: str, speed: float) -> rfid_shift.Told:
    length = reads[-1]["at"]
    with step(f"A shift of {length / 60:.0f} minutes, {len(reads)} reads") as current:
        return rfid_shift.play(
            reads,
            url,
            key,
            speed=speed,
            on_batch=lambda at, told: current.update(at, length, f"s, {told.passages} passages"),
        )


def _say_told(told: rfid_shift.Told) -> None:
    middle = statistics.median(told.seconds) * 1000
    say(
        f"{told.batches} batches with {told.reads} reads were taken, {told.passages} passages "
        f"began, {told.unread} tags could not be read; a batch took {middle:.0f} ms."
    )


def _inside(env: Environment, action: str, **arguments: object) -> dict:
    """Run a function of the script in the demo's database; returns what it prints."""
    found: list[dict] = []

    def watch(line: str) -> None:
        if line.startswith(_MARK):
            found.append(json.loads(line.removeprefix(_MARK)))

    script = _INSIDE.read_text(encoding="utf-8")
    told = f"{action}(env, **{arguments!r})"
    call = f"import json\nprint({_MARK!r} + json.dumps({told}))\nenv.cr.commit()\n"
    env.odoo.shell(
        demo.DATABASE,
        f"{script}\n{call}",
        log="rfid-simulator",
        what="prepare the demo for RFID",
        on_line=watch,
    )
    if not found:
        raise SetupError(f"the demo said nothing. Details: {paths.folder('log')}")
    return found[-1]
