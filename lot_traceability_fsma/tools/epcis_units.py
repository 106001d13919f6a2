"""Units as people write them, and their codes of UN/CEFACT recommendation 20."""

from __future__ import annotations

# Pieces have no unit in EPCIS.
UNITS: dict[str, str] = {
    "kg": "KGM",
    "g": "GRM",
    "t": "TNE",
    "ton": "TNE",
    "lb": "LBR",
    "lbs": "LBR",
    "oz": "ONZ",
    "l": "LTR",
    "ml": "MLT",
    "gal (us)": "GLL",
    "gal": "GLL",
    "m³": "MTQ",
    "m": "MTR",
    "case": "CS",
    "cases": "CS",
    "carton": "CT",
    "dozen": "DZN",
    "dozens": "DZN",
}
