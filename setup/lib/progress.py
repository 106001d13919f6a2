"""Named steps with a bar, on standard error."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator

WIDTH = 24
# Steps that run now; several at once share a line.
_steps: "list[Step]" = []


class Step:
    """One running step. `update` draws the bar where the output is a terminal."""

    def __init__(self, title: str):
        self.title = title
        self.started = time.monotonic()
        self.drawn = 0.0
        self.tty = sys.stderr.isatty()
        self.rest = ""
        _steps.append(self)
        if self.tty:
            self._draw("")
        else:
            say(f"  {title} ...")

    def update(self, done: float, total: float, unit: str = "") -> None:
        """Show `done` of `total` (of `unit`); at most ten times a second."""
        now = time.monotonic()
        if not self.tty or total <= 0 or now - self.drawn < 0.1:
            return
        self.drawn = now
        share = min(1.0, done / total)
        full = round(share * WIDTH)
        drawn = "#" * full + "." * (WIDTH - full)
        bar = f"{drawn} " if len(_steps) == 1 else ""
        self._draw(f"{bar}{share:4.0%}  {done:.0f}/{total:.0f} {unit}")

    def _draw(self, rest: str) -> None:
        self.rest = rest
        line = "  ".join(f"{one.title} {one.rest}" for one in list(_steps))
        sys.stderr.write(f"\r\033[K  {line}")
        sys.stderr.flush()

    def finish(self, outcome: str) -> None:
        """Leave one line behind: title, outcome and seconds."""
        _steps.remove(self)
        start = "\r\033[K" if self.tty else ""
        sys.stderr.write(
            f"{start}  {self.title}: {outcome} ({time.monotonic() - self.started:.1f} s)\n"
        )
        sys.stderr.flush()


@contextlib.contextmanager
def step(title: str) -> Iterator[Step]:
    """Show `title` while the block runs, then how long it took."""
    current = Step(title)
    try:
        yield current
    except BaseException:
        current.finish("stopped")
        raise
    current.finish("done")


def say(text: str) -> None:
    """One line to the user, apart from the output proper."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextlib.contextmanager
def watching(
    current: Step, measure: Callable[[], float], total: float, unit: str
) -> Iterator[None]:
    """Redraw `current` from `measure()` a few times a second while the block runs."""
    stop = threading.Event()

    def draw() -> None:
        while not stop.wait(0.3):
            with contextlib.suppress(OSError):
                current.update(measure(), total, unit)

    thread = threading.Thread(target=draw, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
