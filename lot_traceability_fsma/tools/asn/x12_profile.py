"""What partners write differently in an 856: codes for dates, places and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# X12 data element 374, by the field of `shipment.Line`.  There is none for harvesting.
DATES: dict[str, str] = {
    "expiry": "036",
    "best_before": "511",
    "production": "405",
    "packed": "510",
    "harvested": "ZZZ",
}
# Units of UN/CEFACT recommendation 20 that have another code in X12 data element 355.
UNITS: dict[str, str] = {
    "C62": "UN",
    "CS": "CA",
    "GLL": "GA",
    "GRM": "GR",
    "KGM": "KG",
    "LBR": "LB",
    "LTR": "LT",
    "MLT": "ML",
    "ONZ": "OZ",
    "TNE": "MP",
    "XBX": "BX",
    "XPX": "PL",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """The codes for one partner; the defaults follow the produce industry's guide.

    ``tlc_source`` is the role (data element 98) of the place that assigned a lot code, MP being
    the manufacturing plant.
    """

    dates: Mapping[str, str] = field(default_factory=lambda: DATES)
    units: Mapping[str, str] = field(default_factory=lambda: UNITS)
    tlc_source: str = "MP"

    def date_fields(self) -> dict[str, str]:
        """Return fields by their code, with the other code for production that is met."""
        return {"094": "production", **{code: name for name, code in self.dates.items()}}

    def unit(self, code: str) -> str:
        """Return the unit of recommendation 20 for one of X12; others are alike in both.

        >>> Profile().unit("CA"), Profile().unit("EA")
        ('CS', 'EA')
        """
        return next((unit for unit, theirs in self.units.items() if theirs == code), code)
