"""What the REST interface answers when it does not answer: problems (RFC 9457), as EPCIS 2.0
names them.

>>> problem(401, "Send a key.")
{'type': 'epcisException:SecurityException', 'title': 'SecurityException', 'status': 401, \
'detail': 'Send a key.'}
>>> problem(502, "It broke.")["title"]
'ImplementationException'
"""

from __future__ import annotations

from typing import Any

ROOT = "/epcis"
KIND = "application/problem+json"
EXCEPTIONS = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchResourceException",
    405: "UnsupportedMethodException",
    406: "NotAcceptableException",
    409: "ResourceAlreadyExistsException",
    413: "CaptureLimitExceededException",
    415: "UnsupportedMediaTypeException",
    422: "QueryParameterException",
    429: "TooManyRequestsException",
    501: "ImplementationException",
}


def problem(status: int, detail: str) -> dict[str, Any]:
    """Return a problem: `detail` is one sentence that ends with the next step."""
    name = EXCEPTIONS.get(status, "ImplementationException" if status >= 500 else EXCEPTIONS[400])
    return {"type": f"epcisException:{name}", "title": name, "status": status, "detail": detail}


def headers(limit: int) -> dict[str, str]:
    """Return the headers that every answer has; ``limit`` is the size of a document in bytes."""
    return {
        "GS1-EPCIS-Version": "2.0.0",
        "GS1-CBV-Version": "2.0.0",
        "GS1-EPCIS-Min": "1.2",
        "GS1-EPCIS-Max": "2.0.0",
        "GS1-EPCIS-Capture-File-Size-Limit": str(limit),
        "GS1-Extensions": "tlc=https://traceability.fda.gov/epcis",
        "Cache-Control": "no-store",
    }


def is_ours(path: str) -> bool:
    """Is this an address of the interface?

    >>> is_ours("/epcis"), is_ours("/epcis/events"), is_ours("/epcisx")
    (True, True, False)
    """
    return path == ROOT or path.startswith(f"{ROOT}/")
