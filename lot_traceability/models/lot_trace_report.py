from odoo import api, models


class LotTraceReport(models.AbstractModel):
    """What other modules add to the files of a trace: they override these with what they have put
    into its dict (see `_supplement`)."""

    _inherit = "lot.trace"

    @api.model
    def _more_tables(self, tables) -> list:
        """Tables for the workbook and the PDF, after those of our own records.

        :param tables: the `TraceTables` of the file; `tables.trace` is the trace
        :return: a list of `report.trace_columns.Table`
        """
        return []

    @api.model
    def _more_figures(self, trace: dict) -> list[tuple[str, float, str]]:
        """Key figures for the first page: [(label, value, unit)]; the unit of a count is empty."""
        return []
