"""What the class of a recall means, by region: in our own words, each with its source.

>>> classes("us")["1"].name
'Class I'
>>> sorted(classes("nowhere")) == sorted(classes("other"))
True
"""

from __future__ import annotations

from dataclasses import dataclass

REGIONS = [("us", "United States"), ("eu", "European Union"), ("other", "Elsewhere")]
CLASSES = [("1", "I"), ("2", "II"), ("3", "III")]
#: States of a consignee of which nothing more is awaited.
ENDED = ("answered", "gone", "refused")


@dataclass(frozen=True)
class HazardClass:
    """A class as a region names it."""

    name: str
    meaning: str
    source: str


def _(text: str) -> str:
    """Mark a text for translators; who shows it to a person translates it."""
    return text


_US = {
    "1": HazardClass(
        _("Class I"),
        _("Whoever uses or eats it is likely to be seriously harmed, or to die."),
        "21 CFR 7.3(m)(1)",
    ),
    "2": HazardClass(
        _("Class II"),
        _("It may harm for a while or in a way that heals, or serious harm is unlikely."),
        "21 CFR 7.3(m)(2)",
    ),
    "3": HazardClass(_("Class III"), _("It is not likely to harm anybody."), "21 CFR 7.3(m)(3)"),
}
_EU = {
    "1": HazardClass(
        _("Class I: serious risk"),
        _(
            "It may threaten life or do serious harm: withdrawn at once, consumers are told and "
            "asked to bring it back."
        ),
        "Regulation (EC) 178/2002, Articles 14 and 19",
    ),
    "2": HazardClass(
        _("Class II: harm is possible"),
        _(
            "It may do harm, but not a serious one: withdrawn, and called back where other "
            "measures do not protect."
        ),
        "Regulation (EC) 178/2002, Article 19",
    ),
    "3": HazardClass(
        _("Class III: no harm expected"),
        _("It does not meet the rules, but no harm is expected: withdrawn from sale."),
        "Regulation (EC) 178/2002, Articles 17 and 19",
    ),
}
_OTHER = {
    "1": HazardClass(_("Class I"), _("It may kill or do serious, lasting harm."), ""),
    "2": HazardClass(_("Class II"), _("It may do harm that passes."), ""),
    "3": HazardClass(_("Class III"), _("It is not expected to do harm."), ""),
}


def classes(region: str) -> dict[str, HazardClass]:
    """The classes of a region by their code "1", "2" and "3"."""
    return {"us": _US, "eu": _EU}.get(region, _OTHER)
