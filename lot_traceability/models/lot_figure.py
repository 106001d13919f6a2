from datetime import date, datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# As far back as the graphs of the board go.
DAYS = 90
_PREFIX = "_figure_"
_MEASURERS = ("lot_traceability.group_quality", "stock.group_stock_manager")


class Span(NamedTuple):
    """A day of a company, as instants in UTC: from `since` until before `until`."""

    company_id: int
    day: date
    since: datetime
    until: datetime


class LotFigure(models.Model):
    """How well something went on one day, in one company: what the board, the digest and the
    metrics tell. Written by the nightly job, never typed.

    A figure is a method `_figure_<code>` of this model and a record of `lot.figure.kind` with that
    code; modules add theirs by inheritance.

    The method gets `spans`, a list of `Span`, and gives rows `(company_id, day, value, count)`:
    the value in the kind's unit, and how many things it was worked out of. It works set-based, one
    query or a few for all spans, whatever their number; `self._over(spans)` is the table `span`
    (company_id, day, since, until) to join with, `self._rows(query)` runs it. It runs with all
    rights and looks at the companies of the spans alone. Where there was nothing to measure it
    gives no row: a day without scans has no share of typed ones. The method of a kind that is told
    `as_it_stands` gets one span for each company, and tells of this moment.
    """

    _name = "lot.figure"
    _description = "Figure of a day"
    _order = "day desc, kind_id, company_id"
    _rec_name = "kind_id"

    kind_id = fields.Many2one("lot.figure.kind", "Figure", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    day = fields.Date(required=True, help="In the company's time zone")
    value = fields.Float(required=True, aggregator="avg")
    count = fields.Integer("Worked out of", help="How many things the value was worked out of")
    measured_on = fields.Datetime(required=True)

    _day_unique = models.UniqueIndex("(kind_id, company_id, day)")

    # -- measuring ---------------------------------------------------------------------------

    @api.model
    def _measure(self, companies, first: date, last: date, standing: bool = True) -> None:
        """Work out the figures of these days, over those that are there.

        Where nothing can be measured any more, such as traces whose events are in an archive, the
        figure of the day stays as it was.

        :param standing: with what is told as it stands, which is told of the last day alone
        """
        self.env.flush_all()
        spans = self._spans(companies, first, last)
        latest = [span for span in spans if span.day == last]
        # sudo: figures are of everything, whoever has them worked out
        figures = self.sudo().with_context(allowed_company_ids=companies.ids)
        for kind in self.env["lot.figure.kind"].sudo()._every():  # sudo: as above
            measure = getattr(figures, _PREFIX + kind.code, None)
            if measure and (standing or not kind.as_it_stands):
                figures._keep(kind, measure(latest if kind.as_it_stands else spans))

    @api.model
    def _spans(self, companies, first: date, last: date) -> list[Span]:
        calendar = self.env["lot.calendar"]
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [
            Span(
                company.id,
                day,
                calendar._day_start(day, company),
                calendar._day_start(day + timedelta(days=1), company),
            )
            for company in companies
            for day in days
        ]

    @api.model
    def _over(self, spans: list[Span]) -> SQL:
        """The spans as a table `span`, to stand in FROM."""
        return SQL(
            "unnest(%s, %s::date[], %s::timestamp[], %s::timestamp[]) "
            "AS span (company_id, day, since, until)",
            *([span[part] for span in spans] for part in range(4)),
        )

    @api.model
    def _rows(self, query: SQL) -> list[tuple]:
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    @api.model
    def _keep(self, kind, rows: list[tuple]) -> None:
        rows = [row for row in rows if row[2] is not None]
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO lot_figure (kind_id, company_id, day, value, count, measured_on)
                   SELECT %s, company_id, day, value, count, %s
                     FROM unnest(%s, %s::date[], %s::float8[], %s)
                          AS measured (company_id, day, value, count)
                   ON CONFLICT (kind_id, company_id, day) DO UPDATE
                      SET value = EXCLUDED.value, count = EXCLUDED.count,
                          measured_on = EXCLUDED.measured_on""",
                kind.id,
                fields.Datetime.now(),
                *([row[part] for row in rows] for part in range(3)),
                [int(row[3]) for row in rows],
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _cron_measure(self) -> None:
        """Measure the days that are over and not measured yet; each company's own midnight."""
        calendar = self.env["lot.calendar"]
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all  # a few
        for company in companies:
            yesterday = calendar._today(company) - timedelta(days=1)
            done = company.figures_until
            if done and done >= yesterday:
                continue
            oldest = yesterday - timedelta(days=DAYS - 1)
            first = max(done + timedelta(days=1), oldest) if done else oldest
            self._measure(company, first, yesterday)
            company.figures_until = yesterday
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def measure(self, day: str | bool = False) -> bool:
        """Work out the figures of a day of the current company again, or those of today so far
        (the first time with the days before). What is told as it stands is told of today alone.

        :param day: "2026-03-31"; today unless given
        :return: True
        :raise AccessError: without the rights of quality or of a stock manager
        :raise UserError: for what is no day, or has not come yet
        """
        if not self._may_measure():
            raise AccessError(
                self.env._(
                    "Figures are measured by quality or by a stock manager. The night does it as "
                    "well: look again tomorrow."
                )
            )
        company = self.env.company
        today = self.env["lot.calendar"]._today(company)
        wanted = self._read_day(day) if day else today
        if wanted > today:
            raise UserError(
                self.env._("That day has not come yet: choose today or an earlier one.")
            )
        first = wanted
        # sudo: a note of the nightly job
        if wanted == today and not company.sudo().figures_until:
            first = today - timedelta(days=DAYS)
        self._measure(company, first, wanted, standing=wanted == today)
        return True

    @api.model
    def _read_day(self, text: str) -> date:
        try:
            return date.fromisoformat(str(text))
        except ValueError as error:
            raise UserError(
                self.env._("“%s” is no day. Write it as 2026-03-31.", str(text)[:40])
            ) from error

    @api.model
    def _may_measure(self) -> bool:
        return self.env.su or any(self.env.user.has_group(group) for group in _MEASURERS)
