"""What a handheld sends: one thing that somebody did, with an identity of its own.

A device numbers each thing that is done on it (a UUID) and says when, by its own clock; so what
waited for a link can be sent again without being done again.

>>> made = read({"uid": "5f6ad2c2-9f1b-4a8e-9f0e-2f6c3f0a9b11", "at": "2026-03-02T06:00:00.250Z",
...              "flow": "pick", "action": "take", "text": "LOT-1", "data": {"quantity": 2}})
>>> made.flow, made.action, made.at, made.data["quantity"]
('pick', 'take', datetime.datetime(2026, 3, 2, 6, 0), 2)
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

_UNWANTED = re.compile("[\x00\ud800-\udfff]")
_NAME = re.compile(r"[a-z][a-z_]{0,31}").fullmatch
#: Characters of a scanned text that are kept; no symbol holds more.
LONGEST = 8192
#: Bytes of JSON that the data of one command may take.
LARGEST = 20_000


class CommandError(ValueError):
    """What is wrong with a command, as a code: uid, at, flow, action, text or data."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that somebody did on a device.

    ``at`` is the device's time in UTC, without zone as Odoo keeps times; ``typed`` says that the
    text was typed and not scanned; ``follows`` is the command that this one answers, where the
    first one was refused and somebody chose how to go on.
    """

    uid: str
    at: datetime
    flow: str
    action: str
    text: str = ""
    typed: bool = False
    follows: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def _uid(value: object, name: str) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError as error:
        raise CommandError(name) from error


def _clean(value: Any) -> Any:
    """Without what no database takes: NUL, and halves of characters.

    >>> _clean({"note": "a" + chr(0) + chr(0xD800) + "b", "lots": [1, None]})
    {'note': 'ab', 'lots': [1, None]}
    """
    if isinstance(value, str):
        return _UNWANTED.sub("", value)
    if isinstance(value, dict):
        return {_clean(str(key)): _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def _data(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CommandError("data")
    try:
        # What is no JSON, above all no number, cannot be kept either.
        size = len(json.dumps(value, default=str, allow_nan=False))
        cleaned = _clean(value)
    except (ValueError, RecursionError) as error:
        raise CommandError("data") from error
    if size > LARGEST:
        raise CommandError("data")
    return cleaned


def instant(value: object) -> datetime:
    """A device's time in UTC, without zone.

    :raise CommandError: for what is no time

    >>> instant("2026-03-02T07:00:00+01:00")
    datetime.datetime(2026, 3, 2, 6, 0)
    """
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise CommandError("at") from error
    return moment.replace(tzinfo=None, microsecond=0)


def read(value: object) -> Command:
    """Read a command as it came over the wire.

    :raise CommandError: names the part that cannot be read
    """
    if not isinstance(value, dict):
        raise CommandError("data")
    for name in ("flow", "action"):
        if not isinstance(value.get(name), str) or not _NAME(value[name]):
            raise CommandError(name)
    text = value.get("text") or ""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise CommandError("text")
    return Command(
        uid=_uid(value.get("uid"), "uid"),
        at=instant(value.get("at")),
        flow=value["flow"],
        action=value["action"],
        text=_clean(text),
        typed=bool(value.get("typed")),
        follows=_uid(value["follows"], "uid") if value.get("follows") else "",
        data=_data(value.get("data") or {}),
    )
