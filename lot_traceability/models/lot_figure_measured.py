from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .lot_figure import Span

_OURS = ("internal", "transit")


class LotFigure(models.Model):
    """The figures of this module; the contract of `_figure_…` stands in `lot.figure`."""

    _inherit = "lot.figure"

    # -- tracing -----------------------------------------------------------------------------

    @api.model
    def _figure_trace_median(self, spans: list[Span]) -> list[tuple]:
        return self._trace_times(spans, 0.5)

    @api.model
    def _figure_trace_p95(self, spans: list[Span]) -> list[tuple]:
        return self._trace_times(spans, 0.95)

    @api.model
    def _trace_times(self, spans: list[Span], share: float) -> list[tuple]:
        """What so many of the traces of a day were not slower than, in milliseconds; the audit log
        tells of each how long it took."""
        return self._rows(
            SQL(
                """SELECT span.company_id, span.day,
                          percentile_cont(%s) WITHIN GROUP (ORDER BY took.ms), COUNT(*)
                     FROM %s
                     JOIN lot_audit_event event
                       ON event.kind = 'traced' AND event.company_id = span.company_id
                      AND event.at >= span.since AND event.at < span.until
                    CROSS JOIN LATERAL (
                          SELECT (event.body::jsonb #>> '{data,ms}')::float8) AS took (ms)
                    WHERE took.ms IS NOT NULL
                    GROUP BY span.company_id, span.day""",
                share,
                self._over(spans),
            )
        )

    # -- on the floor ------------------------------------------------------------------------

    @api.model
    def _figure_scans(self, spans: list[Span]) -> list[tuple]:
        return self._of_scans(spans, SQL("COUNT(*)"), SQL("TRUE"))

    @api.model
    def _figure_typed(self, spans: list[Span]) -> list[tuple]:
        return self._of_scans(spans, SQL("AVG(scan.typed_share)"), SQL("scan.text <> ''"))

    @api.model
    def _figure_refused(self, spans: list[Span]) -> list[tuple]:
        return self._of_scans(spans, SQL("AVG(scan.refused_share)"), SQL("TRUE"))

    @api.model
    def _of_scans(self, spans: list[Span], value: SQL, where: SQL) -> list[tuple]:
        return self._rows(
            SQL(
                """SELECT span.company_id, span.day, %s, COUNT(*)
                     FROM %s
                     JOIN lot_scan scan ON scan.company_id = span.company_id
                      AND scan.create_date >= span.since AND scan.create_date < span.until
                    WHERE %s GROUP BY span.company_id, span.day""",
                value,
                self._over(spans),
                where,
            )
        )

    @api.model
    def _figure_waiting(self, spans: list[Span]) -> list[tuple]:
        """What waits on handhelds, as they last told."""
        return self._standing(
            spans, "lot.scan.device", Domain("waiting", ">", 0), ["waiting:sum", "__count"]
        )

    @api.model
    def _figure_feedback(self, spans: list[Span]) -> list[tuple]:
        return self._rows(
            SQL(
                """SELECT span.company_id, span.day, COUNT(*), COUNT(*)
                     FROM %s
                     JOIN lot_feedback feedback ON feedback.company_id = span.company_id
                      AND feedback.create_date >= span.since
                      AND feedback.create_date < span.until
                    GROUP BY span.company_id, span.day""",
                self._over(spans),
            )
        )

    # -- stock -------------------------------------------------------------------------------

    @api.model
    def _figure_fefo(self, spans: list[Span]) -> list[tuple]:
        return self._rows(
            SQL(
                """SELECT span.company_id, span.day, AVG(pick.compliance), COUNT(*)
                     FROM %s
                     JOIN lot_fefo_pick pick ON pick.company_id = span.company_id
                      AND pick.date >= span.since AND pick.date < span.until
                    GROUP BY span.company_id, span.day""",
                self._over(spans),
            )
        )

    @api.model
    def _figure_expired_value(self, spans: list[Span]) -> list[tuple]:
        return self._standing(
            spans, "lot.expiry.report", Domain("expired", "=", True), ["value:sum", "__count"]
        )

    @api.model
    def _figure_written_off(self, spans: list[Span]) -> list[tuple]:
        wanted = {(span.company_id, span.day) for span in spans}
        days = {span.day for span in spans}
        rows = self.env["lot.expiry.history"]._read_group(
            Domain("kind", "in", ("scrap", "adjustment_out"))
            & Domain("company_id", "in", [span.company_id for span in spans])
            & Domain("day", ">=", min(days))
            & Domain("day", "<=", max(days)),
            ["company_id", "day:day"],
            ["value:sum", "__count"],
        )
        return [
            (company.id, day, value or 0.0, count)
            for company, day, value, count in rows
            if (company.id, day) in wanted
        ]

    @api.model
    def _figure_holds(self, spans: list[Span]) -> list[tuple]:
        """Lots that may not be used and lie in stock."""
        lots = "lot_id:count_distinct"
        return self._standing(spans, "stock.quant", self._held(), [lots, lots])

    @api.model
    def _figure_hold_age(self, spans: list[Span]) -> list[tuple]:
        """For how many days the oldest of them has its status."""
        now, oldest, counts = fields.Datetime.now(), {}, {}
        held = self.env["stock.quant"]._read_group(
            self._held() & Domain("company_id", "in", [span.company_id for span in spans]),
            ["company_id", "lot_id"],
        )
        for company, lot in held:
            since = lot.status_date or lot.create_date
            days = (now - since).total_seconds() / 86_400
            oldest[company.id] = max(days, oldest.get(company.id, 0.0))
            counts[company.id] = counts.get(company.id, 0) + 1
        return [
            (
                span.company_id,
                span.day,
                oldest.get(span.company_id, 0.0),
                counts.get(span.company_id, 0),
            )
            for span in spans
        ]

    @api.model
    def _held(self) -> Domain:
        unusable = self.env["lot.status"]._ids_without("usable")
        return (
            Domain("lot_id.status_id", "in", unusable)
            & Domain("quantity", ">", 0)
            & Domain("location_id.usage", "in", _OURS)
        )

    @api.model
    def _standing(self, spans: list[Span], model: str, domain, aggregates: list[str]):
        """Of each company how it stands now: a value and a number, zero where there is nothing."""
        companies = Domain("company_id", "in", [span.company_id for span in spans])
        groups = self.env[model]._read_group(domain & companies, ["company_id"], aggregates)
        found = {company.id: (value or 0.0, count) for company, value, count in groups}
        return [
            (span.company_id, span.day, *found.get(span.company_id, (0.0, 0))) for span in spans
        ]

    # -- records -----------------------------------------------------------------------------

    @api.model
    def _figure_lot_data(self, spans: list[Span]) -> list[tuple]:
        """Of what should be known of each received lot (who supplied it, its number there, and
        when it expires where the product does), how much is."""
        return self._rows(
            SQL(
                """SELECT got.company_id, got.day,
                          100 * SUM((lot.supplier_id IS NOT NULL)::int
                                    + (COALESCE(lot.supplier_lot, '') <> '')::int
                                    + (dated.wanted
                                       AND lot.expiration_date IS NOT NULL)::int)::float8
                              / SUM(2 + dated.wanted::int),
                          COUNT(*)
                     FROM (SELECT DISTINCT span.company_id, span.day, movement.lot_id,
                                  movement.product_id
                             FROM %s
                             JOIN lot_genealogy_movement movement
                               ON movement.company_id = span.company_id
                              AND movement.kind = 'receipt'
                              AND movement.date >= span.since AND movement.date < span.until) got
                     JOIN stock_lot lot ON lot.id = got.lot_id
                     JOIN product_product product ON product.id = got.product_id
                     JOIN product_template template ON template.id = product.product_tmpl_id
                    CROSS JOIN LATERAL (
                          SELECT COALESCE(template.use_expiration_date, FALSE)) AS dated (wanted)
                    GROUP BY got.company_id, got.day""",
                self._over(spans),
            )
        )

    @api.model
    def _figure_drift(self, spans: list[Span]) -> list[tuple]:
        return self._of_system(
            spans,
            SQL("SUM(told.differences)"),
            SQL("lot_genealogy_check told"),
            SQL("told.date"),
        )

    @api.model
    def _figure_audit_findings(self, spans: list[Span]) -> list[tuple]:
        return self._of_system(
            spans,
            SQL("MAX(told.findings)"),
            SQL("lot_audit_verification told"),
            SQL("told.date"),
        )

    @api.model
    def _figure_seal_lag(self, spans: list[Span]) -> list[tuple]:
        """How long the oldest event of a block waited, which 95 of 100 blocks were not over."""
        waited = SQL("EXTRACT(EPOCH FROM told.sealed_at - told.first_at)::float8")
        return self._of_system(
            spans,
            SQL("percentile_cont(0.95) WITHIN GROUP (ORDER BY %s)", waited),
            SQL("lot_audit_block told"),
            SQL("told.sealed_at"),
        )

    @api.model
    def _of_system(self, spans: list[Span], value: SQL, table: SQL, at: SQL) -> list[tuple]:
        """What belongs to no company is told to each of them."""
        return self._rows(
            SQL(
                """SELECT span.company_id, span.day, %s, COUNT(*)
                     FROM %s JOIN %s ON %s >= span.since AND %s < span.until
                    GROUP BY span.company_id, span.day""",
                value,
                self._over(spans),
                table,
                at,
                at,
            )
        )
