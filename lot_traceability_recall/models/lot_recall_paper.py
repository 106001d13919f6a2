import re

from markupsafe import Markup
from odoo import api, models
from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..report.paper_pages import RULE, numbered

MODULE = "lot_traceability_recall"
_REPORTS = f"{MODULE}.report_"
_REFERENCE = re.compile(r'data-paper="([^"]+)"')
# Built without Odoo's patches of Qt, it prints a pixel as 1/125 of an inch, not as 1/96.
_ZOOM_UNPATCHED = 125 / 96


class IrActionsReport(models.Model):
    """Letters and documents of a recall print the same with any build of wkhtmltopdf, and without a
    web request: styles and pictures stand in the page itself, head and foot are part of it, and all
    documents of a run are one page to the program."""

    _inherit = "ir.actions.report"

    def _is_recall_paper(self) -> bool:
        return len(self) == 1 and (self.report_name or "").startswith(_REPORTS)

    def _get_layout(self):
        if self._is_recall_paper():
            return self.env.ref(f"{MODULE}.paper_page")
        return super()._get_layout()

    def get_paperformat(self):
        """As everywhere; documents of a recall take the size of paper that the company uses."""
        found = super().get_paperformat()
        if self._is_recall_paper() and self.env.company.paperformat_id.format == "Letter":
            name = "paperformat_labels_us" if self._prints_labels() else "paperformat_us"
            return self.env.ref(f"{MODULE}.{name}")
        return found

    def _prints_labels(self) -> bool:
        return self.report_name == f"{_REPORTS}labels"

    @api.model
    def _paper_doctype(self) -> Markup:
        # Formatters of XML break it when it stands in a template as text.
        return Markup("<!DOCTYPE html>")

    @api.model
    def _paper_rule(self) -> str:
        """The colour of the rule below the letterhead, by which documents are told apart."""
        return RULE

    @api.model
    def _paper_zoom(self) -> float:
        """By how much the page is enlarged so that a millimetre is one on paper."""
        return 1.0 if _wkhtml().is_patched_qt else _ZOOM_UNPATCHED

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        content = super()._run_wkhtmltopdf(
            bodies,
            report_ref=report_ref,
            header=header,
            footer=footer,
            landscape=landscape,
            specific_paperformat_args=specific_paperformat_args,
            set_viewport_size=set_viewport_size,
        )
        if report_ref and self._get_report(report_ref)._is_recall_paper():
            references = [found for body in bodies for found in _REFERENCE.findall(str(body))]
            return numbered(content, references)
        return content
