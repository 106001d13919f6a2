from odoo import api, models
from odoo.addons.lot_traceability.report.trace_columns import COUNT, MOMENT, Column, Table


class LotTrace(models.AbstractModel):
    """What partners tell, in the files of a trace: apart from our own records, and each row marked
    as the partner's word."""

    _inherit = "lot.trace"

    @api.model
    def _more_tables(self, tables) -> list:
        found = super()._more_tables(tables)
        beyond = tables.trace.get("beyond") or {}
        if not (beyond.get("items") or beyond.get("moves")):
            return found
        return [
            *found,
            self._beyond_lots(tables, beyond["items"]),
            self._beyond_links(beyond["links"]),
            self._beyond_moves(beyond["moves"]),
        ]

    @api.model
    def _more_figures(self, trace: dict) -> list[tuple[str, float, str]]:
        found = super()._more_figures(trace)
        items = trace.get("beyond", {}).get("items")
        if items:
            label = self.env._("Lots outside the firm (partners' word)")
            found.append((label, len(items), ""))
        return found

    @api.model
    def _partners_word(self) -> Column:
        word = self.env._("Partner's word")
        return Column(self.env._("Certainty"), lambda row: word, width=14)

    @api.model
    def _told_by(self) -> Column:
        unknown = self.env._("Unknown sender")
        return Column(self.env._("Told by"), lambda row: row["partner"] or unknown, width=26)

    @api.model
    def _note(self) -> str:
        return self.env._("What partners have told: their word, not our records.")

    @api.model
    def _beyond_lots(self, tables, items: list[dict]) -> Table:
        _ = self.env._
        sides = {"upstream": _("Upstream"), "downstream": _("Downstream")}
        # Lots that the chain came back to, also where the trace itself does not reach them.
        ids = {lot for row in items for lot in row["lot_ids"]}
        names = {lot.id: lot.name for lot in self.env["stock.lot"].browse(ids)}
        return Table(
            "beyond_lots",
            _("Beyond our walls – lots"),
            _("No partner has told of lots outside the firm."),
            (
                Column(_("Lot"), lambda row: row["text"], width=40),
                Column(_("Side"), lambda row: sides[row["side"]], width=14),
                Column(_("Steps away"), lambda row: abs(row["level"]), COUNT, 11),
                self._told_by(),
                Column(
                    _("Came to us as"),
                    lambda row: ", ".join(names[lot] for lot in row["lot_ids"]),
                    width=22,
                ),
                self._partners_word(),
            ),
            lambda: items,
            self._note(),
        )

    @api.model
    def _beyond_links(self, links: list[dict]) -> Table:
        _ = self.env._
        kinds = dict(self.env["lot.epcis.link"]._fields["kind"]._description_selection(self.env))
        return Table(
            "beyond_links",
            _("Beyond our walls – links"),
            _("No partner has told what went into what."),
            (
                Column(_("Lot that went in"), lambda row: row["source_text"], width=36),
                Column(_("Lot that came out"), lambda row: row["target_text"], width=36),
                Column(_("Kind"), lambda row: kinds[row["kind"]], width=12),
                Column(_("Date"), lambda row: row["date"], MOMENT, 17),
                self._told_by(),
                self._partners_word(),
            ),
            lambda: links,
            self._note(),
        )

    @api.model
    def _beyond_moves(self, moves: list[dict]) -> Table:
        _ = self.env._
        return Table(
            "beyond_moves",
            _("Beyond our walls – movements"),
            _("No partner has told where these lots went."),
            (
                Column(_("Date"), lambda row: row["date"], MOMENT, 17),
                Column(_("Lot"), lambda row: row["text"], width=34),
                Column(_("Step"), lambda row: row["step"], width=12),
                Column(_("From"), lambda row: row["from"], width=26),
                Column(_("To"), lambda row: row["to"], width=26),
                self._told_by(),
                self._partners_word(),
            ),
            lambda: moves,
            self._note(),
        )
