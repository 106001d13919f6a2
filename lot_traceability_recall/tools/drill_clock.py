"""How long each step of a drill takes.

>>> clock = Clock()
>>> clock.lap("trace", "Found the lots", 12)
>>> clock.steps[0]["code"], clock.steps[0]["figure"], clock.total >= 0
('trace', 12, True)
"""

from __future__ import annotations

import time
from typing import Any


class Clock:
    """Measures the steps one after the other; `total` is what all of them took, in seconds."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.begun = self.last = time.perf_counter()
        self.total = 0.0

    def lap(self, code: str, name: str, figure: int = 0) -> None:
        """A step has ended just now; the next one begins."""
        now = time.perf_counter()
        self.add(code, name, now - self.last, figure)
        self.last = now
        self.total = now - self.begun

    def add(self, code: str, name: str, seconds: float, figure: int = 0) -> None:
        """A step whose time is known from elsewhere."""
        self.steps.append({"code": code, "name": name, "seconds": seconds, "figure": figure})
