import io
import logging
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc
from odoo.tools.misc import split_every

from ..tools.exposure_reach import Plant

_logger = logging.getLogger(__name__)

# Rows that are read or written at a time.
_SLICE = 50_000
_WRITTEN = 100_000
# Of the advisory lock, beside the company.
_LOCK = 0x4C4F5445
_WALKED = ("lots", "customers", "units", "on_hand_value", "shipped_value", "estimated")
_FIGURES = (*_WALKED, "value")
_OF_LOT = ("product_id", "supplier_id", "workcenter_id")


class LotExposure(models.Model):
    """The exposure of all lots of a company in one go, for every night.

    It reads links, movements and stock once each, works them through in memory
    (`tools/exposure_reach.py`) and changes only the rows that have changed. Nobody who reads waits
    for it. Unlike `exact` it does not look at times.
    """

    _inherit = "lot.exposure"

    @api.model
    def _cron_refresh(self) -> None:
        """Refresh each company, those first that were refreshed longest ago. One that fails keeps
        no other waiting; the log tells of it, and its figures stay those of the night before."""
        order = "lot_exposure_on ASC NULLS FIRST, id"
        # All of them, for each has its own figures.
        companies = self.env["res.company"].search([], order=order)  # pylint: disable=no-search-all
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(companies))
        for company in companies:
            try:
                with self.env.cr.savepoint():
                    self._refresh(company)
            except Exception:
                _logger.exception("exposure of company %s could not be refreshed", company.id)
            if not progress(1):
                break

    @api.model
    def _refresh(self, company) -> int | None:
        """Compute the rows of this company anew.

        :return: the number of rows, or None where another refresh of it is running
        """
        cr = self.env.cr
        cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK, company.id))
        if not cr.fetchone()[0]:
            return None
        batch = self.with_company(company).with_context(allowed_company_ids=company.ids)
        self.env["lot.trace.engine"]._prepare()
        now = fields.Datetime.now()
        # Sums over millions of rows, of this one transaction: in memory and not on the disk.
        cr.execute(SQL("SET LOCAL work_mem = '128MB'"))
        # Millions of rows that form no circles: the collector would look through them in vain.
        with disabling_gc():
            count = batch._write(company, batch._plant(company).exposures())
        company.lot_exposure_on = now
        self.invalidate_model()
        _logger.info("exposure of %s lots of company %s refreshed", count, company.id)
        return count

    # -- reading -------------------------------------------------------------------------------

    @api.model
    def _stream(self, query: SQL) -> Iterator[list[tuple]]:
        """The rows in slices: together they would take more memory than all that follows."""
        cr = self.env.cr
        # A cursor would not let PostgreSQL use more than one processor for the query.
        cr.execute(SQL("CREATE TEMPORARY TABLE lot_exposure_read ON COMMIT DROP AS %s", query))
        cr.execute(
            SQL("DECLARE lot_exposure_rows NO SCROLL CURSOR FOR SELECT * FROM lot_exposure_read")
        )
        while True:
            cr.execute(SQL("FETCH %s FROM lot_exposure_rows", _SLICE))
            rows = cr.fetchall()
            if not rows:
                break
            yield rows
        cr.execute(SQL("CLOSE lot_exposure_rows; DROP TABLE lot_exposure_read"))

    @api.model
    def _plant(self, company) -> Plant:
        """All that the figures follow from."""
        plant = Plant()
        # First, and as they were written: what went into each other then lies side by side in
        # memory, which saves a third of the walk.
        for rows in self._stream(
            SQL(
                "SELECT parent_lot_id, child_lot_id FROM lot_genealogy_edge WHERE company_id = %s",
                company.id,
            )
        ):
            plant.add_links(rows)
        stock = self._on_hand(company)
        shipped: dict[int, float] = defaultdict(float)
        for rows in self._stream(self._received_sql(company)):
            plant.add_customers(
                (lot, partner) for lot, partner, _net, sent in rows if partner and sent
            )
            for lot, _partner, net, _sent in rows:
                if net > 0:
                    shipped[lot] += net
        plant.add_lots(self._weights(company, stock, shipped))
        for rows in self._stream(self._mixed_sql(company)):
            plant.add_mixed(lot for (lot,) in rows)
        return plant

    @api.model
    def _on_hand(self, company) -> dict[int, float]:
        found: dict[int, float] = {}
        for rows in self._stream(
            SQL(
                """
                SELECT q.lot_id, SUM(q.quantity)::float8
                  FROM stock_quant q
                  JOIN stock_location place ON place.id = q.location_id
                   AND (place.usage = 'internal'
                        OR place.usage = 'transit' AND place.company_id IS NOT NULL)
                 WHERE q.lot_id IS NOT NULL AND q.company_id = %s
                 GROUP BY q.lot_id HAVING SUM(q.quantity) > 0
                """,
                company.id,
            )
        ):
            found.update(rows)
        return found

    @api.model
    def _received_sql(self, company) -> SQL:
        """(lot, partner, net quantity, whether it was sent there at all)"""
        return SQL(
            """
            SELECT lot_id, partner_id, -SUM(quantity), BOOL_OR(kind <> 'customer_return')
              FROM lot_genealogy_movement
             WHERE company_id = %s
               AND kind IN ('delivery', 'customer_return', 'intercompany_out')
             GROUP BY lot_id, partner_id
            """,
            company.id,
        )

    @api.model
    def _mixed_sql(self, company) -> SQL:
        """Lots that something left before all had come in: not all of it need have got on."""
        return SQL(
            """
            SELECT lot_id
              FROM (SELECT parent_lot_id, date, NULL::timestamp FROM lot_genealogy_edge
                     WHERE company_id = %(company)s
                    UNION ALL
                    SELECT child_lot_id, NULL, GREATEST(date, date_out) FROM lot_genealogy_edge
                     WHERE company_id = %(company)s
                    UNION ALL
                    SELECT lot_id, date, NULL FROM lot_genealogy_movement
                     WHERE company_id = %(company)s
                       AND kind IN ('delivery', 'intercompany_out')) flow(lot_id, gone, came)
             GROUP BY lot_id HAVING MIN(gone) < MAX(came)
            """,
            company=company.id,
        )

    @api.model
    def _weights(
        self, company, stock: dict[int, float], shipped: dict[int, float]
    ) -> Iterator[tuple[int, float, float, float]]:
        """(lot, units, value in stock, value with customers)"""
        costs: dict[int, float] = {}
        for rows in self._stream(
            SQL(
                """
                SELECT lot.id, lot.product_id, template.lot_valuated,
                       (lot.standard_price ->> %s)::float8
                  FROM stock_lot lot
                  JOIN product_product product ON product.id = lot.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE lot.id = ANY(%s)
                """,
                str(company.id),
                self.env["lot.trace.engine"]._id_subquery(stock.keys() | shipped.keys()),
            )
        ):
            self._add_costs(costs, {product for _lot, product, *_rest in rows})
            for lot, product, by_lot, price in rows:
                cost = (price or 0.0) if by_lot else costs[product]
                there, gone = stock.get(lot, 0.0), shipped.get(lot, 0.0)
                yield lot, there + gone, there * cost, gone * cost

    @api.model
    def _add_costs(self, costs: dict[int, float], product_ids: set[int]) -> None:
        # sudo: the batch sees the cost of each product, whoever started it
        products = self.env["product.product"].sudo().browse(product_ids - costs.keys())
        for product in products:
            costs[product.id] = product.standard_price

    # -- writing -------------------------------------------------------------------------------

    @api.model
    def _write(self, company, exposures) -> int:
        """Change, add and take away what differs. Most rows of most nights do not."""
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE lot_exposure_seen (lot_id int) ON COMMIT DROP;
                CREATE TEMPORARY TABLE lot_exposure_fresh (
                    lot_id int, lots int, customers int, units numeric, on_hand_value numeric,
                    shipped_value numeric, estimated boolean) ON COMMIT DROP
                """
            )
        )
        count = 0
        # PostgreSQL writes a slice while the next one is worked out: each has a processor.
        with ThreadPoolExecutor(1) as writer:
            written = None
            for rows in split_every(_WRITTEN, exposures):
                count += len(rows)
                if written:
                    written.result()
                written = writer.submit(self._merge, company, rows)
            if written:
                written.result()
        cr.execute(
            SQL(
                """
                ANALYZE lot_exposure_seen;
                DELETE FROM lot_exposure old
                 WHERE company_id = %s
                   AND NOT EXISTS (SELECT 1 FROM lot_exposure_seen new
                                    WHERE new.lot_id = old.lot_id);
                DROP TABLE lot_exposure_seen, lot_exposure_fresh
                """,
                company.id,
            )
        )
        return count

    @api.model
    def _copy(self, exposures) -> None:
        lines = [
            f"{lot}\t{lots}\t{customers}\t{units:.4f}\t{there:.2f}\t{gone:.2f}"
            f"\t{'t' if estimated else 'f'}\n"
            for lot, lots, customers, units, there, gone, estimated in exposures
        ]
        self.env.cr.copy_from(
            io.StringIO("".join(lines)), "lot_exposure_fresh", columns=("lot_id", *_WALKED)
        )

    @api.model
    def _merge(self, company, exposures) -> None:
        self._copy(exposures)
        names = [*_FIGURES, *_OF_LOT]
        self.env.cr.execute(
            SQL(
                """
                ANALYZE lot_exposure_fresh;
                CREATE TEMPORARY TABLE lot_exposure_now ON COMMIT DROP AS
                SELECT fresh.*, fresh.on_hand_value + fresh.shipped_value AS value,
                       lot.product_id, lot.supplier_id, line.workcenter_id, old.id AS old_id
                  FROM lot_exposure_fresh fresh
                  JOIN stock_lot lot ON lot.id = fresh.lot_id
                  LEFT JOIN (SELECT %(lot)s AS lot_id, MIN(%(line)s) AS workcenter_id
                               FROM %(made_at)s GROUP BY 1) line ON line.lot_id = fresh.lot_id
                  LEFT JOIN lot_exposure old ON old.lot_id = fresh.lot_id
                                            AND old.company_id = %(company)s;
                ANALYZE lot_exposure_now;
                UPDATE lot_exposure old SET (%(columns)s) = (%(new)s)
                  FROM lot_exposure_now new
                 WHERE old.id = new.old_id AND (%(old)s) IS DISTINCT FROM (%(new)s);
                INSERT INTO lot_exposure (lot_id, company_id, %(columns)s)
                SELECT new.lot_id, %(company)s, %(new)s FROM lot_exposure_now new
                 WHERE new.old_id IS NULL
                 ORDER BY new.lot_id
                    ON CONFLICT (lot_id, company_id) DO NOTHING;
                INSERT INTO lot_exposure_seen SELECT lot_id FROM lot_exposure_now;
                DROP TABLE lot_exposure_now;
                TRUNCATE lot_exposure_fresh
                """,
                company=company.id,
                columns=SQL(", ").join(map(SQL.identifier, names)),
                new=SQL(", ").join(SQL.identifier("new", name) for name in names),
                old=SQL(", ").join(SQL.identifier("old", name) for name in names),
                **self._made_at(),
            )
        )

    @api.model
    def _made_at(self) -> dict[str, SQL]:
        field = self.env["stock.lot"]._fields["made_workcenter_ids"]
        return {
            "made_at": SQL.identifier(field.relation),
            "lot": SQL.identifier(field.column1),
            "line": SQL.identifier(field.column2),
        }
