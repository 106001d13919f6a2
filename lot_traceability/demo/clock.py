"""The story's clock: Odoo writes the time of the story instead of the server's.

Core stamps what it validates with the present. A company that has been at work
for two months needs receipts, orders and deliveries that lie in the past,
so while the story is told the ORM reads its time from here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from odoo import fields
from odoo.api import Environment
from odoo.orm import fields_temporal


class StoryClock:
    """Tells the time of the story; day 0 is today, day -9 is nine days ago (UTC)."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._midnight = fields.Datetime.today()
        self.now = fields.Datetime.now()

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Set the clock to a day relative to today and return the new time.

        What is pending is written first, so that it keeps the time at which it
        happened.
        """
        self._env.flush_all()
        self.now = self.moment(day, hour, minute)
        return self.now

    def moment(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Return the time of day ``day`` relative to today, without setting the clock."""
        return self._midnight + timedelta(days=day, hours=hour, minutes=minute)


class _ClockType:
    """Stands in for ``datetime`` or ``date``: the real type, but for the present."""

    def __init__(self, real: type, clock: StoryClock) -> None:
        self._real = real
        self._clock = clock

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._real(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self._real)

    def now(self, tz: Any = None) -> datetime:
        return self._clock.now

    def today(self) -> date:
        return self._clock.now.date() if self._real is date else self._clock.now


@contextmanager
def story_time(env: Environment) -> Iterator[StoryClock]:
    """Let the ORM of this process read its time from the clock that is yielded.

    Only for a process that does nothing else meanwhile: the set-up's shell. The
    types are replaced in the module of the date fields, and not
    ``fields.Datetime.now``, because field defaults have kept that function.
    """
    clock = StoryClock(env)
    real_types = fields_temporal.datetime, fields_temporal.date
    fields_temporal.datetime = _ClockType(datetime, clock)
    fields_temporal.date = _ClockType(date, clock)
    env.cr.now = lambda: clock.now  # creation and modification dates
    try:
        yield clock
        env.flush_all()
    finally:
        fields_temporal.datetime, fields_temporal.date = real_types
        del env.cr.now
