"""How a refused command may go on, as a handheld shows it: a button, and what it asks first.

>>> choice("rest", "Take 3 kg", quantity=3)["data"]
{'quantity': 3}
>>> more = choice("day", "Type the day", ask("expiry", "Expiry date", "date"))
>>> more["asks"][0]["name"], more["asks"][0]["required"]
('expiry', True)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

Kind = Literal["selection", "text", "number", "date", "scan"]


def ask(
    name: str,
    label: str,
    kind: Kind = "text",
    options: Iterable[tuple[Any, str]] = (),
    *,
    required: bool = True,
    value: Any = None,
) -> dict[str, Any]:
    """One thing that a choice asks for.

    :param name: key of the command's data that the answer goes to
    :param options: of a selection: (value, what people read)
    :param value: what stands there already, to be changed or left
    """
    asked = {
        "name": name,
        "label": label,
        "kind": kind,
        "options": [list(option) for option in options],
        "required": required,
    }
    return asked if value is None else {**asked, "value": value}


def choice(code: str, label: str, *asks: dict[str, Any], **data: Any) -> dict[str, Any]:
    """A way to go on.

    :param data: what is added to the command's data
    """
    return {"code": code, "label": label, "data": data, "asks": list(asks)}
