"""Locations as the rule wants them described, and the numbers that stand for them.

>>> gaps({"name": "Farm", "phone": "+1 555 0100", "street": "1 Road", "city": "Salinas",
...       "state": "CA", "zip": "93901", "country": "US"})
[]
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

# What a snapshot of a place consists of, in the order in which it is shown.
KEYS = (
    "name",
    "phone",
    "street",
    "city",
    "state",
    "zip",
    "country",
    "latitude",
    "longitude",
    "gln",
    "ffrn",
    "ggn",
    "url",
)
_HAS_STATES = {"US", "CA", "MX", "AU", "BR", "IN"}


def has_coordinates(place: Mapping[str, Any]) -> bool:
    return bool(place.get("latitude") or place.get("longitude"))


def gaps(place: Mapping[str, Any]) -> list[str]:
    """What a location description lacks (21 CFR 1.1310): keys of `KEYS`.

    Coordinates do instead of a street. State and zip are asked for where there are some.

    >>> gaps({"name": "Farm", "latitude": 36.6, "longitude": -121.6, "city": "Salinas",
    ...       "country": "US"})
    ['phone', 'state', 'zip']
    >>> gaps({"name": "Finca", "phone": "1", "street": "2", "city": "Colima", "country": "PT"})
    []
    """
    wanted = ["name", "phone"]
    if not has_coordinates(place):
        wanted.append("street")
    wanted.append("city")
    if place.get("country") in _HAS_STATES:
        wanted.append("state")
    if place.get("country") == "US":
        wanted.append("zip")
    wanted.append("country")
    return [key for key in wanted if not place.get(key)]


def text(place: Mapping[str, Any]) -> str:
    """One line for lists.

    >>> text({"name": "Farm", "street": "1 Road", "city": "Salinas", "zip": "93901"})
    'Farm, 1 Road, Salinas 93901'
    """
    town = " ".join(filter(None, (place.get("city"), place.get("state"), place.get("zip"))))
    where = place.get("street")
    if not where and has_coordinates(place):
        where = f"{place.get('latitude') or 0:.6f} {place.get('longitude') or 0:.6f}"
    return ", ".join(filter(None, (place.get("name"), where, town, place.get("country"))))


def digest(place: Mapping[str, Any]) -> str:
    """What tells two snapshots apart.

    >>> digest({"name": "Farm"}) == digest({"name": "Farm", "phone": ""})
    True
    """
    values = {key: place[key] for key in KEYS if place.get(key)}
    body = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def address_key(place: Mapping[str, Any]) -> tuple[str, ...]:
    """Tells whether two places have one street address: moves between them are no shipping.

    >>> address_key({"street": "1 Road ", "city": "SALINAS"}) == address_key(
    ...     {"street": "1  road", "city": "Salinas", "phone": "1"})
    True
    """
    keys = ("street", "city", "state", "zip", "country")
    key = tuple(" ".join(str(place.get(one) or "").lower().split()) for one in keys)
    if key[0]:
        return key
    return (*key, f"{place.get('latitude') or 0:.5f}", f"{place.get('longitude') or 0:.5f}")


def is_facility_number(number: str) -> bool:
    """The registration number that the FDA gives to a food facility: eleven digits.

    >>> is_facility_number("12345678910"), is_facility_number("1234567891")
    (True, False)
    """
    return bool(re.fullmatch(r"[0-9]{11}", number))


def is_ggn(number: str) -> bool:
    """A GLOBALG.A.P. number: thirteen digits.

    >>> is_ggn("4049929999999"), is_ggn("40499299")
    (True, False)
    """
    return bool(re.fullmatch(r"[0-9]{13}", number))


def is_web_address(address: str) -> bool:
    """
    >>> is_web_address("https://trace.example.com/01"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    return bool(re.fullmatch(r"https?://[^\s/$.?#][^\s]*", address, re.IGNORECASE))


def is_on_earth(latitude: float, longitude: float) -> bool:
    """
    >>> is_on_earth(36.6, -121.6), is_on_earth(121.6, 36.6)
    (True, False)
    """
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def corners(outline: str) -> list[tuple[float, float]]:
    """The corners of an area: a line each, latitude and longitude in degrees.

    :raises ValueError: with the number of the line that is wrong; 0 for fewer than three corners

    >>> corners("36.6, -121.6\\n36.7 -121.6\\n36.7;-121.5")
    [(36.6, -121.6), (36.7, -121.6), (36.7, -121.5)]
    >>> corners("36.6, -121.6\\nnorth of the barn")
    Traceback (most recent call last):
    ...
    ValueError: 2
    """
    found = []
    for number, line in enumerate(outline.splitlines(), 1):
        if not line.strip():
            continue
        parts = re.split(r"[\s,;]+", line.strip())
        try:
            latitude, longitude = map(float, parts)
        except ValueError:
            raise ValueError(number) from None
        if not is_on_earth(latitude, longitude):
            raise ValueError(number)
        found.append((latitude, longitude))
    if len(found) < 3:
        raise ValueError(0)
    return found
