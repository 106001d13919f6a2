from typing import Any, NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import split_every


class LabelSheet(NamedTuple):
    """A sheet of address labels, in millimetres."""

    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    label_width: float
    label_height: float
    gap: float


# As sold everywhere: Avery L7163 and 5162, 14 labels each. The height leaves the rounding of the
# printer a millimetre, so that no empty page follows.
_A4 = LabelSheet(210, 296, 2, 7, 4.65, 15.15, 99.1, 38.1, 2.5)
_LETTER = LabelSheet(215.9, 278.4, 2, 7, 3.97, 21.2, 101.6, 33.87, 4.76)


class LotRecallNotice(models.Model):
    """Letters that go by post: on paper, with labels for their envelopes."""

    _inherit = "lot.recall.notice"

    def _label_sheet(self) -> LabelSheet:
        report = self.env.ref("lot_traceability_recall.action_report_labels")
        return _LETTER if report.get_paperformat().format == "Letter" else _A4

    def _label_pages(self, sheet: LabelSheet) -> list[list[dict[str, Any]]]:
        """What stands where: one label a notice, in their order, row by row.

        :return: for each page [{"left", "top": in millimetres, "heading", "name", "partner"}]
        """
        return [
            [
                {
                    "left": sheet.left + place % sheet.columns * (sheet.label_width + sheet.gap),
                    "top": sheet.top + place // sheet.columns * sheet.label_height,
                    **notice._label_texts(),
                }
                for place, notice in enumerate(page)
            ]
            for page in split_every(sheet.columns * sheet.rows, self)
        ]

    def _label_texts(self) -> dict[str, Any]:
        consignee = self.consignee_id
        # sudo: an address on an envelope, for whoever may print the letter in it
        partner = self.partner_id.sudo()
        recall = self.recall_id.with_context(lang=consignee._letter_lang())
        return {
            "heading": recall._letter_heading(),
            "name": consignee._paper_name(partner),
            "partner": partner,
        }


class LotRecall(models.Model):
    _inherit = "lot.recall"

    def _notices_for_post(self):
        """Letters that wait to go out on paper.

        :raise UserError: when none waits
        """
        self.ensure_one()
        self.check_access("read")
        waiting = self.env["lot.recall.notice"].search(
            [("recall_id", "=", self.id), ("channel", "=", "print"), ("state", "=", "queued")],
            order="id",
        )
        if not waiting:
            raise UserError(self.env._("No letter waits to be printed."))
        return waiting

    def action_print_letters(self) -> dict[str, Any]:
        """Print all letters that wait to go out on paper, as one file: each addressed to the one
        who gets it, and each on sheets of its own.

        :return: a report action
        :raise UserError: when none waits
        """
        waiting = self._notices_for_post()
        report = self.env.ref("lot_traceability_recall.action_report_posted_letter")
        return report.report_action(waiting, config=False)

    def action_print_labels(self) -> dict[str, Any]:
        """Print address labels for the same letters, in the same order.

        :return: a report action
        :raise UserError: when none waits
        """
        waiting = self._notices_for_post()
        report = self.env.ref("lot_traceability_recall.action_report_labels")
        return report.report_action(waiting, config=False)
