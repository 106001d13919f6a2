"""The envelopes of X12: interchange (ISA), group (GS) and message (ST), written and checked.

>>> interchange = Interchange("SENDER", "RECEIVER", 1, datetime(2026, 11, 26, 10))
>>> text = wrap([[("BSN", "00", "ASN1")]], interchange, message="856", group="SH")
>>> [found.number for found in messages(text)[1]]
['0001']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .errors import AsnError, shown
from .x12_syntax import LIMIT, Delimiters, Segment, delimiters_of, exact, join, split

VERSIONS = ("004010", "005010")


@dataclass(frozen=True, slots=True)
class Interchange:
    """Who sends to whom, when, and with which number (1 to 999,999,999).

    ``sender`` and ``receiver`` have up to 15 signs, their qualifiers two (``ZZ`` mutually
    defined, ``01`` DUNS, ``12`` phone, ``14`` GLN).
    """

    sender: str
    receiver: str
    control: int
    created: datetime
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    version: str = "005010"
    test: bool = False
    delimiters: Delimiters = field(default_factory=Delimiters)


@dataclass(frozen=True, slots=True)
class Message:
    """One message that was read: its kind and number, and those of its group."""

    kind: str
    number: str
    group: str
    group_number: str
    version: str
    segments: tuple[Segment, ...]


def wrap(
    bodies: Sequence[Sequence[Sequence[str]]],
    interchange: Interchange,
    *,
    message: str,
    group: str,
) -> str:
    """Return an interchange with one group, each body in a message; raises AsnError."""
    if interchange.version not in VERSIONS:
        wanted = ", ".join(VERSIONS)
        raise AsnError("version", shown=shown(interchange.version), wanted=wanted)
    delimiters, created = interchange.delimiters, interchange.created
    control = f"{interchange.control:09d}"
    sender = exact("The sender", interchange.sender, delimiters, 15)
    receiver = exact("The receiver", interchange.receiver, delimiters, 15)
    repeats = delimiters.repetition if interchange.version >= "005" else "U"
    segments: list[Sequence[str]] = [
        (
            "ISA", "00", " " * 10, "00", " " * 10,
            interchange.sender_qualifier, sender.ljust(15),
            interchange.receiver_qualifier, receiver.ljust(15),
            f"{created:%y%m%d}", f"{created:%H%M}", repeats,
            interchange.version[:5], control, "0", "T" if interchange.test else "P",
            delimiters.component,
        ),
        (
            "GS", group, sender, receiver, f"{created:%Y%m%d}", f"{created:%H%M}",
            str(interchange.control), "X", interchange.version,
        ),
    ]  # fmt: skip
    for index, body in enumerate(bodies, start=1):
        number = f"{index:04d}"
        # The count includes both ends.
        segments += [("ST", message, number), *body, ("SE", str(len(body) + 2), number)]
    segments += [
        ("GE", str(len(bodies)), str(interchange.control)),
        ("IEA", "1", control),
    ]
    return join(segments, delimiters)


def _closed(segment: Segment, counted: int, number: str, name: str) -> None:
    """Check what the end of an envelope says."""
    said = segment.need(1)
    if not said.isascii() or not said.isdigit() or int(said) != counted:
        raise AsnError(
            "count", place=segment.place, name=name, said=shown(said), counted=str(counted)
        )
    found = segment.need(2)
    if found.lstrip("0") != number.lstrip("0"):
        raise AsnError("control", place=segment.place, shown=shown(found), wanted=shown(number))


class _Envelopes:
    """Goes through the segments of an interchange and takes the messages out of it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._isa: Segment | None = None
        self._gs: Segment | None = None
        self._st: Segment | None = None
        self._body: list[Segment] = []
        self._groups = 0
        self._in_group = 0
        self.ended = False

    def take(self, segment: Segment) -> None:
        handlers = {
            "ISA": self._start_interchange,
            "GS": self._start_group,
            "ST": self._start_message,
            "SE": self._end_message,
            "GE": self._end_group,
            "IEA": self._end_interchange,
        }
        handler = handlers.get(segment.tag)
        if self.ended:
            raise AsnError("expected", place=segment.place, wanted="The end", found=segment.tag)
        if handler is not None:
            handler(segment)
        elif self._st is None:
            wanted = "ST" if self._gs else "GS"
            raise AsnError("expected", place=segment.place, wanted=wanted, found=segment.tag)
        else:
            self._body.append(segment)

    def _open(self, segment: Segment, allowed: bool, wanted: str) -> None:
        if not allowed:
            raise AsnError("expected", place=segment.place, wanted=wanted, found=segment.tag)

    def _start_interchange(self, segment: Segment) -> None:
        self._open(segment, self._isa is None, "IEA")
        self._isa = segment

    def _start_group(self, segment: Segment) -> None:
        self._open(segment, self._gs is None, "GE")
        self._gs, self._in_group = segment, 0

    def _start_message(self, segment: Segment) -> None:
        self._open(segment, self._gs is not None and self._st is None, "SE" if self._st else "GS")
        self._st, self._body = segment, []

    def _end_message(self, segment: Segment) -> None:
        self._open(segment, self._st is not None, "ST")
        number = self._st.need(2)
        _closed(segment, len(self._body) + 2, number, "SE01")
        self.messages.append(
            Message(
                self._st.need(1),
                number,
                self._gs.need(1),
                self._gs.need(6),
                self._gs.get(8)[:6],
                tuple(self._body),
            )
        )
        self._st = None
        self._in_group += 1

    def _end_group(self, segment: Segment) -> None:
        self._open(segment, self._gs is not None and self._st is None, "SE" if self._st else "GS")
        _closed(segment, self._in_group, self._gs.need(6), "GE01")
        self._gs = None
        self._groups += 1

    def _end_interchange(self, segment: Segment) -> None:
        self._open(segment, self._gs is None, "GE")
        _closed(segment, self._groups, self._isa.need(13), "IEA01")
        self.ended = True


def messages(text: str, *, limit: int = LIMIT) -> tuple[Interchange, list[Message]]:
    """Return an interchange and its messages; raises :class:`AsnError` with the segment."""
    envelopes = _Envelopes()
    first: Segment | None = None
    last: Segment | None = None
    for segment in split(text, limit=limit):
        first = first or segment
        last = segment
        envelopes.take(segment)
    if first is None or last is None or not envelopes.ended:
        raise AsnError("ended", place=last.place if last else "", wanted="its last segment, IEA")
    return _interchange(first, text), envelopes.messages


def _interchange(isa: Segment, text: str) -> Interchange:
    control = isa.need(13)
    try:
        created = datetime.strptime(isa.need(9) + isa.need(10), "%y%m%d%H%M")
    except ValueError:
        raise AsnError("date", place=isa.place, shown=shown(isa.get(9))) from None
    if not control.isascii() or not control.isdigit():
        raise AsnError("control", place=isa.place, shown=shown(control), wanted="nine digits")
    return Interchange(
        isa.get(6),
        isa.get(8),
        int(control),
        created,
        isa.get(5),
        isa.get(7),
        isa.get(12) + "0",
        isa.get(15) == "T",
        delimiters_of(text.lstrip("\ufeff \r\n\t")),
    )
