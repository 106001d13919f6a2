"""Acknowledges X12 messages that were received: 997, functional acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .x12_envelope import Interchange, Message, wrap


def write_997(
    received: Sequence[Message],
    interchange: Interchange,
    *,
    rejected: Mapping[str, str] | None = None,
) -> str:
    """Return the acknowledgement of messages of one interchange, a 997 for each of its groups.

    ``rejected`` are numbers of messages that could not be taken, with the code why (X12 data
    element 718; ``5`` is one or more segments in error).  ``interchange`` is that of the answer.

    >>> from datetime import datetime
    >>> answer = Interchange("ME", "YOU", 7, datetime(2026, 11, 26, 10))
    >>> got = [Message("856", "0001", "SH", "12", "005010", ())]
    >>> write_997(got, answer).split("~")[3:6]
    ['AK1*SH*12', 'AK2*856*0001', 'AK5*A']
    """
    refused = rejected or {}
    groups: dict[tuple[str, str], list[Message]] = {}
    for message in received:
        groups.setdefault((message.group, message.group_number), []).append(message)
    bodies = []
    for (group, number), messages in groups.items():
        wrong = [message for message in messages if message.number in refused]
        body: list[tuple[str, ...]] = [("AK1", group, number)]
        for message in messages:
            body.append(("AK2", message.kind, message.number))
            if message.number in refused:
                body.append(("AK5", "R", refused[message.number]))
            else:
                body.append(("AK5", "A"))
        accepted = len(messages) - len(wrong)
        code = "A" if not wrong else "P" if accepted else "R"
        total = str(len(messages))
        body.append(("AK9", code, total, total, str(accepted)))
        bodies.append(body)
    return wrap(bodies, interchange, message="997", group="FA")
