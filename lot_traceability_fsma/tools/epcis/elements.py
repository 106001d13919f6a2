"""The parts that EPCIS events are made of, and how each is written as JSON-LD.

>>> Quantity("urn:epc:class:lgtin:4012345.012345.L1", Decimal("12.50"), "KGM").to_dict()
{'epcClass': 'urn:epc:class:lgtin:4012345.012345.L1', 'quantity': 12.5, 'uom': 'KGM'}
>>> Ilmd(lot_number="L1", expiration_date=date(2026, 12, 31)).to_dict()
{'cbvmda:lotNumber': 'L1', 'cbvmda:itemExpirationDate': '2026-12-31'}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .times import write

# The extension for traceability lot codes: its namespace, and what its fields are called.  Where a
# partner calls them otherwise, give other names to `Ilmd` or `traceability`.
TLC_NAMESPACE = "https://traceability.fda.gov/epcis"
TLC_NAMES: dict[str, str] = {
    "code": "tlc:traceabilityLotCode",
    "source": "tlc:traceabilityLotCodeSource",
    "reference": "tlc:traceabilityLotCodeSourceReference",
}


def number(value: Decimal | int | float) -> int | float:
    """Return ``value`` as JSON writes numbers: whole ones without a fraction."""
    return int(value) if value == int(value) else float(value)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of a class of things, such as one lot of one product.

    ``epc_class`` is an LGTIN as URN, or a GS1 Digital Link with GTIN and lot; ``uom`` a unit of
    UN/CEFACT recommendation 20 (``KGM``), empty for pieces.
    """

    epc_class: str
    quantity: Decimal | int | float | None = None
    uom: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the quantity element."""
        result: dict[str, Any] = {"epcClass": self.epc_class}
        if self.quantity is not None:
            result["quantity"] = number(self.quantity)
        if self.uom:
            result["uom"] = self.uom
        return result


@dataclass(frozen=True, slots=True)
class Transaction:
    """A business document: its identifier as URI, and its kind (``po``, ``desadv``, ``inv``…)."""

    id: str
    kind: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the business transaction."""
        start = {"type": self.kind} if self.kind else {}
        return {**start, "bizTransaction": self.id}


@dataclass(frozen=True, slots=True)
class Party:
    """Where things come from or go to: kind and identifier as URI.

    ``kind`` is ``owning_party``, ``possessing_party`` (both by PGLN) or ``location`` (by SGLN).
    """

    kind: str
    id: str

    def to_dict(self, side: str) -> dict[str, Any]:
        """Return it as ``source`` or ``destination``, whichever ``side`` says."""
        return {"type": self.kind, side: self.id}


@dataclass(frozen=True, slots=True)
class Place:
    """A read point or a business location: its identifier as URI, and what else is known."""

    id: str
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the place."""
        return {"id": self.id, **self.extensions}


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """Says that an event of the same id was wrong, when, why, and which events are right."""

    declared: datetime
    reason: str = ""
    corrective_event_ids: tuple[str, ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the error declaration."""
        result: dict[str, Any] = {"declarationTime": write(self.declared)}
        if self.reason:
            result["reason"] = self.reason
        if self.corrective_event_ids:
            result["correctiveEventIDs"] = list(self.corrective_event_ids)
        return {**result, **self.extensions}


def traceability(
    code: str = "",
    source: str = "",
    reference: str = "",
    *,
    names: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the fields for a traceability lot code, for an event where no ILMD may stand.

    ``source`` is the place that assigned the code, ``reference`` what stands for the place, such
    as a web address or a facility registration number.

    >>> traceability("L1", "urn:epc:id:sgln:0614141.12345.0")["tlc:traceabilityLotCode"]
    'L1'
    """
    values = {"code": code, "source": source, "reference": reference}
    called = names or TLC_NAMES
    return {called[name]: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Ilmd:
    """Instance or lot master data: what is said once, when a lot comes to be.

    Stands only in an ObjectEvent with action ADD and in a TransformationEvent.  ``extensions``
    are further fields with a namespace, such as ``gdst:…`` or ``cbvmda:countryOfOrigin``.
    """

    lot_number: str = ""
    expiration_date: date | None = None
    best_before_date: date | None = None
    sell_by_date: date | None = None
    production_date: date | None = None
    packaging_date: date | None = None
    harvest_start_date: date | None = None
    harvest_end_date: date | None = None
    country_of_origin: str = ""
    tlc: str = ""
    tlc_source: str = ""
    tlc_source_reference: str = ""
    extensions: Mapping[str, Any] = field(default_factory=dict)
    tlc_names: Mapping[str, str] = field(default_factory=lambda: TLC_NAMES)

    def to_dict(self) -> dict[str, Any]:
        """Return the master data, only what is known of it."""
        values = {
            "cbvmda:lotNumber": self.lot_number,
            "cbvmda:itemExpirationDate": self.expiration_date,
            "cbvmda:bestBeforeDate": self.best_before_date,
            "cbvmda:sellByDate": self.sell_by_date,
            "cbvmda:productionDate": self.production_date,
            "cbvmda:packagingDate": self.packaging_date,
            "cbvmda:harvestStartDate": self.harvest_start_date,
            "cbvmda:harvestEndDate": self.harvest_end_date,
            "cbvmda:countryOfOrigin": self.country_of_origin,
        }
        known = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value
        }
        code = traceability(
            self.tlc, self.tlc_source, self.tlc_source_reference, names=self.tlc_names
        )
        return {**known, **code, **self.extensions}
