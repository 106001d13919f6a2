from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from odoo import api, fields, models
from odoo.tools import SQL

READ = 20_000  # rows of one query: it looks at all stock, so not once a batch
BATCH = 500


class LotExpiryNotice(models.Model):
    """A lot in stock reached a stage: written once, again when its date moves to another day.

    Whoever is told in one mail or one message for many lots is told after all batches; until then
    the notice keeps that it is due, so that nothing is lost and nothing is told twice when the
    job is interrupted.
    """

    _name = "lot.expiry.notice"
    _description = "Expiry notice"
    _order = "id desc"
    _rec_name = "lot_id"

    lot_id = fields.Many2one("stock.lot", required=True, ondelete="cascade")
    stage_id = fields.Many2one("lot.expiry.stage", required=True, ondelete="cascade", index=True)
    date = fields.Datetime("Lot's date", required=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    reached_on = fields.Date(help="The day on which the stage was due, in the company's time zone")
    mail_due = fields.Boolean("Mail is due")
    screen_due = fields.Boolean("Message is due")

    _once = models.UniqueIndex("(lot_id, stage_id, company_id, date)")
    _due = models.Index("(company_id) WHERE mail_due OR screen_due")

    # -- the job -----------------------------------------------------------------------------

    @api.model
    def _cron_notify(self) -> None:
        """Write what was reached, a batch a transaction; then tell who is told once for many."""
        cron = self.env["ir.cron"]
        cutoffs = self._cutoffs()
        after = 0
        while rows := self._reached(cutoffs, after):
            after = rows[-1][0]
            for batch in _batches(rows):
                self._write_batch(batch)
                if not cron._commit_progress(len(batch), remaining=1):
                    return
        for company in self.env["lot.expiry.stock"]._companies():
            self.env["lot.expiry.messages"]._send_due(company)
            if not cron._commit_progress(remaining=1):
                return
        cron._commit_progress(remaining=0)

    @api.model
    def _cutoffs(self) -> list[tuple]:
        """(company, product, stage, basis, instant): lots of the product whose date of that kind
        lies before the instant have reached the stage."""
        calendar = self.env["lot.calendar"]
        companies = self.env["lot.expiry.stock"]._companies()
        cutoffs = {
            (company.id, stage.id): (
                stage.basis,
                calendar._expired_before(company, days=stage._days_left() + 1),
            )
            for company in companies
            for stage in self.env["lot.expiry.stage"]._active_stages(company)
        }
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "WITH scope AS (SELECT DISTINCT company_id, product_id FROM (%s) stock) %s",
                self.env["lot.expiry.stock"]._held(companies.ids),
                self.env["lot.expiry.stage"]._of_products(SQL("scope")),
            )
        )
        return [
            (company, product, stage, *cutoffs[company, stage])
            for company, product, stage in self.env.cr.fetchall()
        ]

    @api.model
    def _reached(self, cutoffs: list[tuple], after: int) -> list[tuple]:
        """Lots above id `after` that reached stages of which there is no notice:
        (lot, company, stage, date), ordered by lot, no lot cut in two.

        The cut-offs come as arrays: PostgreSQL then knows how many they are.
        """
        if not cutoffs:
            return []
        self.env.flush_all()
        companies, products, stages, bases, instants = map(list, zip(*cutoffs, strict=True))
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT stock.lot_id, stock.company_id, stage.id, dated.date
                  FROM (%(held)s) stock
                  JOIN unnest(%(companies)s, %(products)s, %(stages)s, %(bases)s, %(instants)s)
                       AS stage (company_id, product_id, id, basis, instant)
                    ON stage.product_id = stock.product_id
                   AND stage.company_id = stock.company_id
                  JOIN stock_lot lot ON lot.id = stock.lot_id
                 CROSS JOIN LATERAL (SELECT %(date)s AS date) dated
                 WHERE stock.lot_id > %(after)s AND dated.date < stage.instant
                   AND NOT EXISTS (
                       SELECT FROM lot_expiry_notice notice
                        WHERE notice.lot_id = stock.lot_id AND notice.stage_id = stage.id
                          AND notice.company_id = stock.company_id AND notice.date = dated.date)
                 ORDER BY stock.lot_id
                 LIMIT %(limit)s
                """,
                held=self.env["lot.expiry.stock"]._held(sorted(set(companies))),
                companies=companies,
                products=products,
                stages=stages,
                bases=bases,
                instants=SQL("%s::timestamp[]", instants),
                date=self.env["lot.expiry.stage"]._date_of_lot(),
                after=after,
                limit=READ,
            )
        )
        rows = self.env.cr.fetchall()
        if len(rows) == READ and rows[0][0] != rows[-1][0]:
            rows = [row for row in rows if row[0] != rows[-1][0]]
        return rows

    @api.model
    def _write_batch(self, rows: list[tuple]) -> "LotExpiryNotice":
        """The notices of these rows, with their activities.

        A lot that reached several stages at once (the first run on old stock, a date typed
        anew) has a notice for each; each one's people are told of the most urgent only.
        """
        calendar = self.env["lot.calendar"]
        known = self._known_days({row[0] for row in rows})
        stages = self.env["lot.expiry.stage"].browse({row[2] for row in rows})
        values = []
        for lot_id, company_id, stage_id, date in rows:
            company = self.env["res.company"].browse(company_id)
            stage = stages.browse(stage_id)
            day = calendar._day(date, company)
            news = day not in known.get((lot_id, stage_id, company_id), ())
            values.append(
                {
                    "lot_id": lot_id,
                    "company_id": company_id,
                    "stage_id": stage_id,
                    "date": date,
                    "reached_on": day - timedelta(days=stage._days_left()),
                    "mail_due": news and stage.raise_mail,
                    "screen_due": news and stage.raise_screen,
                    "news": news,
                }
            )
        fresh = [vals.pop("news") for vals in values]
        notices = self.create(values)
        told = self.browse(notice.id for notice, news in zip(notices, fresh, strict=True) if news)
        self.env["lot.expiry.messages"]._schedule_activities(told)
        return notices

    @api.model
    def _known_days(self, lot_ids: set[int]) -> dict[tuple, set]:
        """Days for which stages were raised before: a date that only moves within its day is the
        same news."""
        calendar = self.env["lot.calendar"]
        known: dict[tuple, set] = {}
        for notice in self.search([("lot_id", "in", list(lot_ids))]):
            key = (notice.lot_id.id, notice.stage_id.id, notice.company_id.id)
            known.setdefault(key, set()).add(calendar._day(notice.date, notice.company_id))
        return known

    # -- reading -----------------------------------------------------------------------------

    def _by_urgency(self) -> "LotExpiryNotice":
        """Most urgent first: of two stages the one that was due later."""
        return self.sorted(lambda n: (n.reached_on, n.stage_id.sequence, n.id), reverse=True)


def _batches(rows: list[tuple]) -> Iterator[list[tuple]]:
    """Rows led by their lot, in batches that cut no lot in two."""
    batch: list[tuple] = []
    for _lot, part in groupby(rows, key=itemgetter(0)):
        of_lot = list(part)
        if batch and len(batch) + len(of_lot) > BATCH:
            yield batch
            batch = []
        batch += of_lot
    if batch:
        yield batch
