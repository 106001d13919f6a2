"""Counts of what was checked, and the messages of what failed."""

from dataclasses import dataclass, field

from .progress import say


@dataclass
class Tally:
    """Passed, failed and skipped checks of one run."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    messages: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in the counts of a part."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.messages += other.messages

    def fail(self, title: str, text: str = "") -> None:
        """Count a failure and show it at once."""
        self.failed += 1
        self.messages.append(title)
        say(f"\nFAILED {title}\n{text.rstrip()}\n" if text else f"\nFAILED {title}\n")

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
