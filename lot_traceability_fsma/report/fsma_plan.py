"""A traceability plan on paper and as a workbook (21 CFR 1.1315), in English for the FDA."""

from collections.abc import Iterator
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import IO

from odoo.addons.lot_traceability.report.section import Section

from ..tools.spreadsheet.workbook import LONG, Column, Workbook
from .farm_drawing import drawings


class FsmaPlanReport:
    """One version of the plan, as `write_dossier_pdf` takes it; without one in force, what the
    configuration says now.

    :param plan: a `lot.fsma.plan` of this company, or none
    """

    on_lot = False
    files = None
    with_log = False

    def __init__(self, plan, company=None) -> None:
        self.plan = plan
        self.company = company or plan.company_id
        self.env = plan.env(context={**plan.env.context, "lang": "en_US"})
        # sudo: how far the log is sealed is told on each paper
        receipt = self.env["lot.audit.block"].sudo()._receipt()
        run_at = datetime.now(timezone.utc).astimezone(self.env.tz)
        self.events = SimpleNamespace(receipt=receipt, run_at=run_at, count=0)

    def kind(self) -> str:
        """What kind of document it is."""
        return "Traceability plan (21 CFR 1.1315)"

    def title(self) -> str:
        """Whose plan it is, and which version."""
        name = self.company.name
        if not self.plan:
            return f"{name}, as it is configured: no version is in force"
        state = "" if self.plan.state == "current" else f" ({self.plan.state})"
        return f"{name}, version {self.plan.version}{state}"

    def log_title(self) -> str:
        """Stands over the events; a plan has none."""
        return ""

    def sections(self) -> Iterator[Section]:
        """The parts of the plan."""
        plan = self.plan
        content = plan.content or self.env["lot.fsma.plan"]._generated(self.company)
        if plan:
            yield Section("This version", pairs=plan._facts())
        for part in content:
            note = "\n".join(filter(None, (part["note"], plan._words(part["code"]))))
            pairs = [(label, text) for label, text in part["pairs"]]
            if part["code"] == "contact":
                pairs.append(("Point of contact", plan._contact() or "Not told yet"))
            yield Section(
                part["title"],
                pairs=pairs,
                columns=[(title, width) for title, width in part["columns"]],
                rows=lambda rows=part["rows"]: rows,
                empty=part["empty"],
                note=note,
                drawings=lambda part=part: (
                    drawings(part["rows"]) if part["code"] == "areas" else ()
                ),
            )


def write_plan_xlsx(report: FsmaPlanReport, target: IO[bytes]) -> None:
    """Write a plan as a workbook: what is said in words first, then a sheet for each table.

    :param target: a file open for writing bytes
    """
    book = Workbook(target, f"{report.kind()}: {report.title()}", report.env.user.name)
    sections = list(report.sections())
    words = []
    for section in sections:
        if section.note:
            words.append((section.title, "", section.note))
        words += [(section.title, label, text) for label, text in section.pairs]
    columns = [Column("Part", 40, LONG), Column("About", 26, LONG), Column("Told", 90, LONG)]
    book.sheet("Plan", columns, words)
    for section in sections:
        if section.columns:
            heads = [Column(title, width, LONG) for title, width in section.columns]
            book.sheet(section.title.split(",")[0], heads, section.rows())
    book.close()
