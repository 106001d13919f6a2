"""The words of the Core Business Vocabulary (CBV 2.0) and their three notations.

A word is written bare in JSON (``shipping``), as a URN in XML and in EPCIS 1.2
(``urn:epcglobal:cbv:bizstep:shipping``), and as a web address where it must stand for itself.

>>> short("bizStep", "urn:epcglobal:cbv:bizstep:shipping")
'shipping'
>>> full("bizStep", "shipping")
'https://ref.gs1.org/cbv/BizStep-shipping'
>>> full("bizStep", "https://example.com/steps/roasting")
'https://example.com/steps/roasting'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CBV = "https://ref.gs1.org/cbv/"
_VOC = "https://ref.gs1.org/voc/"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One list of words: the middle of its URN, the start of its web address, the words."""

    urn: str
    web: str
    words: frozenset[str]


def _vocabulary(urn: str, web: str, words: str) -> Vocabulary:
    return Vocabulary(urn, web, frozenset(words.split()))


BIZ_STEPS = _vocabulary(
    "urn:epcglobal:cbv:bizstep:",
    _CBV + "BizStep-",
    """
    accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting
    shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping
    """,
)
DISPOSITIONS = _vocabulary(
    "urn:epcglobal:cbv:disp:",
    _CBV + "Disp-",
    """
    active available completeness_inferred completeness_verified conformant container_closed
    container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement
    no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved
    retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown
    """,
)
TRANSACTION_TYPES = _vocabulary(
    "urn:epcglobal:cbv:btt:",
    _CBV + "BTT-",
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt",
)
PARTY_TYPES = _vocabulary(
    "urn:epcglobal:cbv:sdt:", _CBV + "SDT-", "owning_party possessing_party location"
)
ERROR_REASONS = _vocabulary("urn:epcglobal:cbv:er:", _CBV + "ER-", "did_not_occur incorrect_data")
COMPONENTS = _vocabulary(
    "urn:epcglobal:cbv:comp:",
    _CBV + "Comp-",
    """
    x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting
    northing latitude longitude altitude
    """,
)
ALERTS = _vocabulary("gs1:", _VOC, "ALARM_CONDITION ERROR_CONDITION")
MEASUREMENTS = _vocabulary(
    "gs1:",
    _VOC,
    """
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude
    AmountOfSubstance AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum
    AngularVelocity Area Capacitance Conductance Conductivity Count Density Dimensionless
    DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent
    ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency Illuminance
    Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux
    LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass
    MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy
    MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity RelativeHumidity Resistance
    Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time
    Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber
    """,
)

# By the name of the field that holds such a word.
VOCABULARIES: dict[str, Vocabulary] = {
    "bizStep": BIZ_STEPS,
    "disposition": DISPOSITIONS,
    "transaction_type": TRANSACTION_TYPES,
    "party_type": PARTY_TYPES,
    "reason": ERROR_REASONS,
    "component": COMPONENTS,
    "exception": ALERTS,
    "measurement": MEASUREMENTS,
}

# How CBV's own notation looks, in every version of it: URN, short name or web address.
_ANY = re.compile(
    r"(?:urn:epcglobal:cbv:([a-z]+):|cbv:([A-Za-z]+)-|"
    r"https?://(?:ref|ns)\.gs1\.org/(?:cbv|voc)/([A-Za-z]+)-)(\w+)",
    re.ASCII,
)
_GS1 = re.compile(
    r"(?:gs1:|https?://(?:(?:www\.)?gs1\.org|ref\.gs1\.org|ns\.gs1\.org)/voc/)([A-Za-z_]+)",
    re.ASCII,
)
_BY_NAME: dict[str, Vocabulary] = {
    "bizstep": BIZ_STEPS,
    "disp": DISPOSITIONS,
    "btt": TRANSACTION_TYPES,
    "sdt": PARTY_TYPES,
    "er": ERROR_REASONS,
    "comp": COMPONENTS,
}


def web(text: str) -> str:
    """Return the web address of a word that is written out in any notation, else ``text``.

    A bare word is left alone: what it means depends on its field, see :func:`full`.

    >>> web("urn:epcglobal:cbv:disp:in_transit"), web("in_transit")
    ('https://ref.gs1.org/cbv/Disp-in_transit', 'in_transit')
    """
    match = _ANY.fullmatch(text)
    if match is not None:
        vocabulary = _BY_NAME.get((match[1] or match[2] or match[3]).lower())
        return vocabulary.web + match[4] if vocabulary else text
    match = _GS1.fullmatch(text)
    return _VOC + match[1] if match is not None else text


def full(field: str, text: str) -> str:
    """Return the web address of a word in ``field``, bare or written out, else ``text``."""
    vocabulary = VOCABULARIES[field]
    return vocabulary.web + text if text in vocabulary.words else web(text)


def short(field: str, text: str) -> str:
    """Return the bare word for ``text`` in any notation; what is no word of CBV is unchanged.

    >>> short("measurement", "gs1:Temperature")
    'Temperature'
    """
    vocabulary = VOCABULARIES[field]
    address = web(text)
    word = address.removeprefix(vocabulary.web)
    return word if word != address and word in vocabulary.words else text
