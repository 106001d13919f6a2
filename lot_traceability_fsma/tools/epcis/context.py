"""Prefixes of a JSON-LD document and the namespaces that they stand for.

>>> context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
...            {"ext": "https://example.com/ext/"}]
>>> spelled_out("ext:moisture", namespaces(context))
'{https://example.com/ext/}moisture'
>>> spelled_out("moisture", namespaces(context))
'moisture'
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

EPCIS_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CBVMDA = "urn:epcglobal:cbv:mda"
# What every EPCIS context defines, whether a document repeats it or not.
KNOWN: dict[str, str] = {
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": CBVMDA,
    "epcis": "https://ref.gs1.org/epcis/",
    "gs1": "https://ref.gs1.org/voc/",
}


def _definitions(context: object) -> Iterator[Mapping[str, Any]]:
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, Mapping):
            yield part


def namespaces(*contexts: object) -> dict[str, str]:
    """Return what each prefix stands for; later contexts win, as in JSON-LD."""
    found = dict(KNOWN)
    for context in contexts:
        for part in _definitions(context):
            for prefix, value in part.items():
                address = value.get("@id") if isinstance(value, Mapping) else value
                if isinstance(address, str) and not prefix.startswith("@"):
                    # CBV's own master data goes by two spellings of one namespace.
                    known = prefix == "cbvmda" and address.rstrip(":") == CBVMDA
                    found[prefix] = CBVMDA if known else address
    return found


def spelled_out(name: str, known: Mapping[str, str]) -> str:
    """Return ``{namespace}name`` for a name with a known prefix, else ``name``."""
    prefix, colon, local = name.partition(":")
    return f"{{{known[prefix]}}}{local}" if colon and prefix in known else name


def merged(outer: object, inner: object) -> list[Any]:
    """Return one context of that of a document and that of an event in it."""
    parts: dict[str, Any] = {}
    for context in (outer, inner):
        for part in context if isinstance(context, list) else [context]:
            if part:
                parts.setdefault(json.dumps(part, sort_keys=True), part)
    return list(parts.values())
