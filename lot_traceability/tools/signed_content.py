"""What an electronic signature is put under: one canonical text and its versioned digest.

21 CFR 11.70: a signature is linked to its record so that it cannot be excised, copied or moved.
The text therefore holds the record's identity, what it said, and who signed it when and how.

>>> text = canonical({"facts": {"status": "Released"}, "of": {"model": "stock.lot", "id": 7}})
>>> text
'{"facts":{"status":"Released"},"of":{"id":7,"model":"stock.lot"}}'
>>> matches(text, digest(text))
True
>>> matches(text.replace("7", "8"), digest(text))
False
"""

import hashlib
import hmac
import json
from typing import Any

VERSION = "1"


def canonical(content: dict[str, Any]) -> str:
    """The content as JSON text that does not depend on the order in which it was gathered (as RFC
    8785; numbers are given as text by whoever gathers them)."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """`$version$` and the SHA-256 of the text.

    >>> digest("")
    '$1$e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    return f"${VERSION}${hashlib.sha256(text.encode()).hexdigest()}"


def matches(text: str, signed: str) -> bool:
    """Is this the text of which `signed` is the digest? A version that is not known matches none.

    >>> matches("", digest("").replace("$1$", "$9$"))
    False
    """
    return hmac.compare_digest(digest(text), signed or "")


def difference(signed: dict[str, Any], present: dict[str, Any]) -> list[dict[str, Any]]:
    """What of the signed values is no longer so: [{"name", "signed", "present"}] by name.

    Records are told by their id: another name for the same one is no difference. Of values that
    are lists of records, each record that changed is a row of its own.

    >>> difference({"a": "1", "b": {"id": 2, "name": "Dairy"}}, {"b": {"id": 2, "name": "Farm"}})
    [{'name': 'a', 'signed': '1', 'present': None}]
    >>> difference({"r": [{"id": 1, "value": "4"}]}, {"r": [{"id": 1, "value": "5"}]})
    [{'name': 'r #1', 'signed': {'id': 1, 'value': '4'}, 'present': {'id': 1, 'value': '5'}}]
    """
    rows = []
    for name in sorted({**signed, **present}):
        old, new = signed.get(name), present.get(name)
        if isinstance(old or new, list):
            before, after = _by_id(old), _by_id(new)
            rows += [
                _row(f"{name} #{key}", before.get(key), after.get(key))
                for key in sorted({**before, **after})
                if before.get(key) != after.get(key)
            ]
        elif _identity(old) != _identity(new):
            rows.append(_row(name, old, new))
    return rows


def _row(name: str, signed: Any, present: Any) -> dict[str, Any]:
    return {"name": name, "signed": signed, "present": present}


def _by_id(rows: list[dict] | None) -> dict[int, dict]:
    return {row["id"]: row for row in rows or []}


def _identity(value: Any) -> Any:
    return value.get("id", value) if isinstance(value, dict) else value
