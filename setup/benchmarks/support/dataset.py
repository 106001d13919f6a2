"""A plant's history of any size, written by set-based SQL.

Six levels, from raw material to finished goods, as many lots on each. A lot is made of three or
four lots of the level before, of those made shortly before it; a few raw lots are hubs, common
ingredients that went into everything made for weeks. Raw lots are received, finished lots are
delivered five times, one delivery in forty comes back; every lot is moved twice inside the
plant. That is six to seven done move lines per lot, one stock move each.
"""

from __future__ import annotations

from dataclasses import dataclass

from .bulk import Bulk, vacuum
from .databases import environment
from .samples import LEVELS, PRODUCTS_PER_LEVEL, create_samples

VERSION = 1
CUSTOMERS = 5_000
DELIVERIES = 5  # of each finished lot
RETURN_EVERY = 40  # deliveries
HUBS = 12
# Made per level while one hub lasts, as a part of the level.
HUB_SHARE = 0.026
TABLES = (
    "stock_lot",
    "stock_picking",
    "mrp_production",
    "mrp_production_stock_lot_rel",
    "stock_move",
    "stock_move_line",
    "stock_move_line_consume_rel",
    "stock_quant",
    "res_partner",
)


@dataclass
class Origins:
    """Lots to start traces from."""

    typical: int
    hub: int
    finished: int


class Dataset:
    """Fills one database that has the module installed and no stock yet."""

    def __init__(self, name: str, lots: int, progress) -> None:
        self.name = name
        self.level_size = max(lots // LEVELS, 200)
        self.window = max(min(self.level_size // 20, 1000), 20)
        self.hub_length = max(int(self.level_size * HUB_SHARE), 30)
        self.progress = progress

    def fill(self) -> None:
        """Write all of it; each step commits."""
        with environment(self.name) as env:
            self.samples = create_samples(env)
            env.cr.commit()
            self.bulk = Bulk(env.cr, TABLES, self._values)
            self._plan()
            kept = self.bulk.set_aside()
            for step in (
                self._fill_masters,
                self._fill_documents,
                self._fill_moves,
                self._fill_lines,
                self._fill_rest,
            ):
                step()
                env.cr.commit()
                self.progress(step.__name__.removeprefix("_fill_"))
            for statement in kept:
                env.cr.execute(statement)
                env.cr.commit()
            self.bulk.advance_sequences()
            self.bulk.run("DROP TABLE bench_use, bench_lot, bench_line")
            self.progress("indexes")
            vacuum(env.cr, TABLES)
            self.progress("vacuum")

    @property
    def origins(self) -> Origins:
        """A raw lot that is no hub, the hub, and a finished lot, all with history around them."""
        with environment(self.name) as env:
            env.cr.execute("SELECT MIN(id) FROM stock_lot WHERE name LIKE 'B%'")
            first = env.cr.fetchone()[0]
        middle = self.level_size // 2
        hub = self.level_size // HUBS * (HUBS // 2)
        last = (LEVELS - 1) * self.level_size + middle + self.window
        return Origins(first + middle + self.window // 2 + 7, first + hub, first + last)

    # -- plan --------------------------------------------------------------------------------

    def _plan(self) -> None:
        """Scratch tables: who is made of whom, each lot with its time and quantity, and each
        move line."""
        self.bulk.run(
            """
            CREATE UNLOGGED TABLE bench_use AS
            SELECT row_number() OVER (ORDER BY child, parent) - 1 AS number, child, parent
              FROM (
                SELECT DISTINCT level * %(size)s + i AS child,
                       (level - 1) * %(size)s + GREATEST(
                           0, i - abs(hashint4((level * 8 + j) * 5000000 + i)) %% %(window)s)
                       AS parent
                  FROM generate_series(1, %(levels)s - 1) level,
                       generate_series(0, %(size)s - 1) i,
                       generate_series(0, 3) j
                 WHERE j < 3 OR i %% 5 = 0
                UNION
                SELECT %(size)s + i, i / (%(size)s / %(hubs)s) * (%(size)s / %(hubs)s)
                  FROM generate_series(0, %(size)s - 1) i
                 WHERE i %% (%(size)s / %(hubs)s) < %(hub_length)s
              ) link
            """
        )
        self.bulk.run(
            """
            CREATE UNLOGGED TABLE bench_lot AS
            SELECT k, level, i,
                   (%(products)s::int[])[level * %(per_level)s + i %% %(per_level)s + 1]
                       AS product_id,
                   (now() AT TIME ZONE 'utc')::timestamp(0) - interval '1100 days'
                       + interval '1 second' * (i * (86400.0 * 1000 / %(size)s))::int
                       + interval '1 day' * level AS date,
                   CASE WHEN i > 0.8 * %(size)s THEN 10
                        WHEN level < %(levels)s - 1 AND used.quantity IS NULL THEN 1
                        ELSE 0 END AS on_hand,
                   CASE WHEN level = %(levels)s - 1
                        THEN (SELECT count(*) FROM generate_series(0, %(deliveries)s - 1) j
                               WHERE (i + j * %(size)s) %% %(return_every)s = 0)
                        ELSE 0 END AS returned,
                   CASE WHEN level = %(levels)s - 1 THEN %(deliveries)s
                        ELSE COALESCE(used.quantity, 0) END AS used
              FROM (SELECT k, k / %(size)s AS level, k %% %(size)s AS i
                      FROM generate_series(0, %(size)s * %(levels)s - 1) k) lot
              LEFT JOIN (SELECT parent, count(*)::int AS quantity
                           FROM bench_use GROUP BY parent) used ON used.parent = lot.k
            """
        )
        self.bulk.run("ALTER TABLE bench_lot ADD PRIMARY KEY (k)")
        self._plan_lines()
        self.bulk.run("ANALYZE bench_use, bench_lot, bench_line")
        self.bulk.cr.commit()
        self.progress("plan")

    def _plan_lines(self) -> None:
        """`n` numbers the lines and their moves alike; `document` numbers the transfers or the
        orders of one kind."""
        self.bulk.run(
            """
            CREATE UNLOGGED TABLE bench_line AS
            SELECT (row_number() OVER ())::int - 1 AS n, line.*
              FROM (
                SELECT 'receipt' AS kind, k, k / 4 AS document, date,
                       on_hand + used AS quantity, NULL::int AS source
                  FROM bench_lot WHERE level = 0
                UNION ALL
                SELECT kind, k, k / 10, date + after, on_hand + used, NULL
                  FROM bench_lot, (VALUES ('store', interval '1 hour'),
                                          ('feed', interval '2 hours')) step(kind, after)
                UNION ALL
                SELECT 'produce', k, k - %(size)s, date, on_hand + used, NULL
                  FROM bench_lot WHERE level > 0
                UNION ALL
                SELECT 'consume', use.parent, use.child - %(size)s,
                       child.date - interval '10 minutes', 1, use.number
                  FROM bench_use use JOIN bench_lot child ON child.k = use.child
                UNION ALL
                SELECT 'delivery', k, (i + j * %(size)s) / 4, date + interval '1 day' * (j + 1), 1,
                       i + j * %(size)s
                  FROM bench_lot, generate_series(0, %(deliveries)s - 1) j
                 WHERE level = %(levels)s - 1
                UNION ALL
                SELECT 'return', k, (i + j * %(size)s) / %(return_every)s,
                       date + interval '1 day' * (j + 8), 1, i + j * %(size)s
                  FROM bench_lot, generate_series(0, %(deliveries)s - 1) j
                 WHERE level = %(levels)s - 1 AND (i + j * %(size)s) %% %(return_every)s = 0
              ) line
            """
        )
        self.bulk.run("CREATE INDEX ON bench_line (kind, source)")

    # -- records -----------------------------------------------------------------------------

    def _fill_masters(self) -> None:
        self.bulk.copy(
            "res_partner",
            self.samples.partner,
            "generate_series(0, %(customers)s - 1) number",
            id="%(res_partner)s + number",
            name="'Customer ' || number",
            complete_name="'Customer ' || number",
            commercial_partner_id="%(res_partner)s + number",
        )
        self.bulk.copy(
            "stock_lot",
            self.samples.lot,
            "bench_lot",
            id="%(stock_lot)s + k",
            name="'B' || level || '-' || lpad(i::text, 7, '0')",
            product_id="product_id",
            create_date="date",
        )

    def _fill_documents(self) -> None:
        """Transfers of each kind, and orders."""
        self.picking_offset = {}
        offset = 0
        for kind in ("receipt", "store", "feed", "delivery", "return"):
            self.picking_offset[kind] = offset
            source = (
                "(SELECT document, MIN(date) AS date FROM bench_line"
                f" WHERE kind = '{kind}' GROUP BY document) doc"
            )
            self.bulk.copy(
                "stock_picking",
                self.samples.picking[kind],
                source,
                id=f"%(stock_picking)s + {offset} + document",
                name=f"'BENCH/{kind}/' || document",
                partner_id=self._partner(kind, "document"),
                scheduled_date="date",
                date_done="date",
            )
            self.bulk.cr.execute("SELECT MAX(document) + 1 FROM bench_line WHERE kind = %s", [kind])
            offset += self.bulk.cr.fetchone()[0] or 0
        self.bulk.copy(
            "mrp_production",
            self.samples.order,
            "bench_lot",
            where="level > 0",
            id="%(mrp_production)s + k - %(size)s",
            name="'BENCH/MO/' || k",
            product_id="product_id",
            product_qty="on_hand + used",
            date_start="date - interval '1 hour'",
            date_finished="date",
        )
        self.bulk.run(
            """INSERT INTO mrp_production_stock_lot_rel (mrp_production_id, stock_lot_id)
               SELECT %(mrp_production)s + k - %(size)s, %(stock_lot)s + k
                 FROM bench_lot WHERE level > 0"""
        )

    def _partner(self, kind: str, document: str) -> str:
        if kind in ("store", "feed"):
            return "NULL"
        # What comes back comes from who got it: a return's number leads to its delivery's.
        document = {"return": f"({document} * %(return_every)s / 4)"}.get(kind, document)
        return f"%(res_partner)s + abs(hashint4(({document})::int)) %% %(customers)s"

    def _fill_moves(self) -> None:
        for kind in self.samples.move:
            columns = dict(
                self._document_columns(kind),
                id="%(stock_move)s + n",
                product_id="lot.product_id",
                product_uom_qty="quantity",
                product_qty="quantity",
                quantity="quantity",
                date="line.date",
            )
            if kind == "return":
                columns["origin_returned_move_id"] = "%(stock_move)s + line.sold"
            self.bulk.copy("stock_move", self.samples.move[kind], self._lines_of(kind), **columns)

    def _document_columns(self, kind: str) -> dict[str, str]:
        order = {"consume": "raw_material_production_id", "produce": "production_id"}.get(kind)
        if order:
            return {order: "%(mrp_production)s + document", "reference": "'BENCH/MO/' || document"}
        return {
            "picking_id": f"%(stock_picking)s + {self.picking_offset[kind]} + document",
            "partner_id": self._partner(kind, "document"),
            "reference": f"'BENCH/{kind}/' || document",
        }

    def _lines_of(self, kind: str) -> str:
        """The planned lines of one kind with their lots; returns with the move that they return."""
        sold = ""
        if kind == "return":
            sold = """JOIN (SELECT source AS delivery, n AS sold FROM bench_line
                             WHERE kind = 'delivery') d ON d.delivery = line.source"""
        sold_column = ", d.sold" if sold else ""
        return f"""(SELECT line.*{sold_column} FROM bench_line line {sold}
                     WHERE kind = '{kind}') line JOIN bench_lot lot ON lot.k = line.k"""

    def _fill_lines(self) -> None:
        for kind in self.samples.line:
            columns = {
                "id": "%(stock_move_line)s + n",
                "move_id": "%(stock_move)s + n",
                "lot_id": "%(stock_lot)s + line.k",
                "product_id": "lot.product_id",
                "quantity": "quantity",
                "quantity_product_uom": "quantity",
                "date": "line.date",
            }
            if kind in self.samples.picking:
                columns["picking_id"] = self._document_columns(kind)["picking_id"]
            self.bulk.copy(
                "stock_move_line", self.samples.line[kind], self._lines_of(kind), **columns
            )

    def _fill_rest(self) -> None:
        # Core's column names are the wrong way round: `consume_line_id` is the produced line.
        self.bulk.run(
            """INSERT INTO stock_move_line_consume_rel (consume_line_id, produce_line_id)
               SELECT %(stock_move_line)s + made.n, %(stock_move_line)s + used.n
                 FROM bench_line used
                 JOIN bench_line made ON made.kind = 'produce' AND made.document = used.document
                WHERE used.kind = 'consume'"""
        )
        self.bulk.copy(
            "stock_quant",
            self.samples.quant,
            "(SELECT row_number() OVER (ORDER BY k) - 1 AS number, * FROM bench_lot"
            " WHERE on_hand + returned > 0) lot",
            id="%(stock_quant)s + number",
            lot_id="%(stock_lot)s + k",
            product_id="product_id",
            quantity="on_hand + returned",
            in_date="date",
        )

    @property
    def _values(self) -> dict:
        return {
            "size": self.level_size,
            "window": self.window,
            "levels": LEVELS,
            "per_level": PRODUCTS_PER_LEVEL,
            "products": self.samples.products,
            "hubs": HUBS,
            "hub_length": self.hub_length,
            "deliveries": DELIVERIES,
            "return_every": RETURN_EVERY,
            "customers": CUSTOMERS,
        }
