"""Which terms have to be there in German, French and Spanish: all that somebody with a handheld
reads, and all that goes out to partners and customers. By the places that the lists of terms
name."""

import re
from functools import cache
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("de", "fr", "es")

# What the Scan app says: its own texts, and what its server answers with.
_HANDHELD = (
    r"code:addons/lot_traceability/static/src/scan/",
    r"code:addons/lot_traceability/(models/scan/|controllers/scan\.py)",
    (
        r"code:addons/lot_traceability/models/"
        r"(lot_gate|lot_gate_(document|override|pass|receipt)|lot_separation|lot_status|lot_label_job"
        r"|lot_label_print|lot_label_printer|lot_trace_find(_gs1)?|stock_lot_(day|facts|number_hints"
        r"|obstacles|scan|status)|stock_move_line_(day|facts|gate|number)|stock_package_(label|sscc))"
        r"\.py"
    ),
    r"model:lot\.(status|fefo\.reason|allergen),",
    r"model_terms:ir\.ui\.view,arch_db:lot_traceability\.scan_page$",
    r"code:addons/lot_traceability_recall/models/lot_scan_flow_recall\.py",
)
# What is printed on labels.
_LABELS = (r"code:addons/lot_traceability/report/label_content\.py",)
# What a consignee of a recall reads and is told: by mail, on paper, by text message, in the press,
# on the page of its answer, in the portal.
_RECALL = (
    (
        r"code:addons/lot_traceability_recall/(models/lot_recall_(letter|answer|paper)\w*\.py"
        r"|models/lot_recall_(sender|reminder)\.py|controllers/recall_answer\w*\.py"
        r"|tools/recall_wording\.py|static/src/answer/)"
    ),
    r"model:mail\.template,(subject|body_html):lot_traceability_recall\.",
    (
        r"model_terms:ir\.ui\.view,arch_db:lot_traceability_recall\."
        r"(answer_\w+|document_text|letter_answer|letter_body|portal_\w+|report_letter_document"
        r"|report_press_notice)$"
    ),
)
# The form for suppliers, and the page behind the code on a label.
_FSMA = (
    (
        r"code:addons/lot_traceability_fsma/(controllers/(digital_link|supplier_answer)\.py"
        r"|models/lot_fsma_question_page\.py|models/lot_publication\.py)"
    ),
    r"model:mail\.template,(subject|body_html):lot_traceability_fsma\.",
    r"model:lot\.fsma\.element,name:",
    r"model_terms:ir\.ui\.view,arch_db:lot_traceability_fsma\.(answer_\w+|link_\w+)$",
)
PLACES = {
    "handheld": _HANDHELD,
    "labels": _LABELS,
    "recall letters and answers": _RECALL,
    "supplier form and Digital Link page": _FSMA,
}


def modules() -> list[str]:
    """The modules that have a list of terms."""
    return sorted(path.parent.name for path in ROOT.glob("lot_traceability*/i18n"))


@cache
def terms(module: str) -> polib.POFile:
    """The list of terms of a module."""
    return polib.pofile(str(ROOT / module / "i18n" / f"{module}.pot"))


@cache
def translations(module: str, language: str) -> polib.POFile:
    """A module in another language."""
    return polib.pofile(str(ROOT / module / "i18n" / f"{language}.po"))


def wanted(module: str, place: str) -> set[str]:
    """The terms of a module that are read at this place, one of `PLACES`."""
    patterns = [re.compile(pattern) for pattern in PLACES[place]]
    return {
        term.msgid
        for term in terms(module)
        for source, line in term.occurrences
        if any(pattern.match(f"{source}:{line}".removesuffix(":")) for pattern in patterns)
        or any(pattern.match(source) for pattern in patterns)
    }
