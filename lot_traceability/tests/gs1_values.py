"""An example of a value for every GS1 application identifier."""

from ..tools.gs1.ai import IDENTIFIERS
from ..tools.gs1.checks import CHECKS, check_digit, check_pair

_LONGEST = {
    "X": "LOT-A/1_b(2)%&'*+,.:;<=>?\"!",
    "Y": "AB-12/3",
    "Z": "Ab-1_",
}
_SPECIAL = {
    "8007": "DE89370400440532013000",
    "8013": "1987654Ad4X4bL5ttr2310c" + check_pair("1987654Ad4X4bL5ttr2310c"),
    "8014": "1987654Ad4X4bL5ttr2310c" + check_pair("1987654Ad4X4bL5ttr2310c"),
    "8110": "012345612345611110123",
    "8112": "001234561234560123456",
    "7258": "1/2",
    "7241": "01",
    "8006": "0952012345678801" + "02",
    "8026": "0952012345678801" + "02",
    "8001": "00010001010000"[:13] + "1",
}


def _part(component) -> str:
    rules = component.rules
    size = component.maximum
    if {"date", "date_or_month"} & set(rules):
        return "261231"
    for rule, value in (
        ("long_date", "20001231"), ("time", "1230"), ("hour", "12"), ("minute", "30"),
        ("second", "15"), ("country", "276"), ("country_or_many", "276"), ("currency", "978"),
        ("country_letters", "DE"), ("minus_sign", "-"), ("zero", "0"),
        ("latitude", "0123456789"), ("longitude", "0123456789"),
    ):  # fmt: skip
        if rule in rules:
            return value
    if component.character_set != "N":
        text = _LONGEST[component.character_set]
        if "company_prefix" in rules or "percent_encoded" in rules:
            text = "9520123ABC"
        return (text * (size // len(text) + 1))[:size]
    digits = ("1234567890" * 4)[:size]
    if "check_digit" in rules:
        return digits[:-1] + check_digit(digits[:-1])
    if any(rule in CHECKS for rule in rules):
        return ("1" * size) if "non_zero" in rules else "1" + digits[1:]
    return digits


def example(ai: str) -> str:
    """The longest value, more or less, that the identifier takes."""
    return _SPECIAL.get(ai) or "".join(_part(part) for part in IDENTIFIERS[ai].components)


def examples() -> dict[str, str]:
    """One value for each of the identifiers."""
    return {ai: example(ai) for ai in IDENTIFIERS}
