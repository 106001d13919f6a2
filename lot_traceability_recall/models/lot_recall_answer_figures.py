from odoo import fields, models


class LotRecall(models.Model):
    """How far a recall has come with those who are to be told: for its form and its reports."""

    _inherit = "lot.recall"

    told_count = fields.Integer("Consignees told", compute="_compute_answer_figures")
    read_count = fields.Integer("Consignees that read it", compute="_compute_answer_figures")
    answered_count = fields.Integer("Consignees that answered", compute="_compute_answer_figures")
    told_percent = fields.Float("Told", compute="_compute_answer_figures")
    read_percent = fields.Float("Read", compute="_compute_answer_figures")
    answered_percent = fields.Float("Answered", compute="_compute_answer_figures")

    def _compute_answer_figures(self):
        rows = self.env["lot.recall.consignee"]._read_group(
            [("recall_id", "in", self.ids)],
            ["recall_id"],
            ["__count", "told_on:count", "read_on:count", "answered_on:count"],
        )
        figures = {recall: counts for recall, *counts in rows}
        for recall in self:
            total, told, read, answered = figures.get(recall, (0, 0, 0, 0))
            recall.told_count, recall.read_count, recall.answered_count = told, read, answered
            # Whole numbers: 100 only when it is all of them.
            recall.told_percent = 100 * told // total if total else 0
            recall.read_percent = 100 * read // total if total else 0
            recall.answered_percent = 100 * answered // total if total else 0
