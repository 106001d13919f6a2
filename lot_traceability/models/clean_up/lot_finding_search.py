from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

# What a search says of each fault besides its key, and the type of each in PostgreSQL.
COLUMNS = {
    "severity": "varchar",
    "company_id": "int4",
    "lot_id": "int4",
    "lot_name": "varchar",
    "product_id": "int4",
    "location_id": "int4",
    "production_id": "int4",
    "move_line_id": "int4",
    "quantity": "numeric",
    "date": "timestamp",
    "detail": "varchar",
}


class Scope(NamedTuple):
    """Where is searched."""

    companies: list[int]
    products: list[int] | None
    """Only these products; None: all."""

    def where(self, company: SQL, product: SQL) -> SQL:
        """The condition on these columns. What belongs to no company belongs to each."""
        return SQL(
            "((%s = ANY(%s) OR %s IS NULL) AND %s)",
            company,
            self.companies,
            company,
            self.of_products(product),
        )

    def of_products(self, product: SQL) -> SQL:
        """The same for all companies."""
        return SQL("TRUE") if self.products is None else SQL("%s = ANY(%s)", product, self.products)


class Outcome(NamedTuple):
    """What a search brought."""

    new: int
    again: int
    gone: list[int]
    """The findings of which the fault is gone."""


class LotFindingSearch(models.AbstractModel):
    """The search for faults: one statement a kind, over all lots at once.

    A kind has a method `_found_<kind>(scope)` that gives a SELECT of `key`, of the columns that it
    knows of `COLUMNS`, and of `lot_ids` where several lots belong to one fault. The key stays the
    same as long as it is the same fault.
    """

    _name = "lot.finding.search"
    _description = "Search for faults to clean up"

    @api.model
    def _kinds(self) -> list[str]:
        return [kind for kind, _label in self.env["lot.finding"]._fields["kind"].selection]

    @api.model
    def _look(
        self,
        kind: str,
        company_ids: list[int],
        product_ids: list[int] | None = None,
        fixed_by: int | None = None,
    ) -> Outcome:
        """Search for one kind of fault, and keep what was found.

        What is there already keeps its record, and stays ignored where it was; what was fixed and
        is there again is opened; what is open and gone is fixed.

        :param product_ids: only these products (all unless given)
        :param fixed_by: the user by whose work faults may be gone
        """
        self.env["lot.genealogy.upkeep"]._flush_pending()
        self.env.flush_all()
        scope = Scope(company_ids, product_ids)
        found = getattr(self, f"_found_{kind}")(scope)
        self.env.cr.execute(self._statement(kind, scope, found, fixed_by))
        outcome = Outcome(*self.env.cr.fetchone())
        self.env["lot.finding"].invalidate_model(flush=False)
        return outcome

    @api.model
    def _statement(self, kind: str, scope: Scope, found: SQL, fixed_by: int | None) -> SQL:
        names = [SQL.identifier(name) for name in COLUMNS]
        relation = self.env["lot.finding"]._fields["lot_ids"]
        return SQL(
            """
            WITH found AS MATERIALIZED (%(found)s),
            kept AS (
                INSERT INTO lot_finding AS f
                       (kind, key, state, found_on, create_uid, create_date, write_uid, write_date,
                        %(columns)s)
                SELECT %(kind)s, key, 'open', %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s,
                       %(columns)s
                  FROM found
                    ON CONFLICT (kind, key) DO UPDATE
                   SET %(updates)s, write_uid = %(uid)s, write_date = %(now)s,
                       state = CASE f.state WHEN 'fixed' THEN 'open' ELSE f.state END,
                       found_again_on = CASE f.state WHEN 'fixed' THEN %(now)s
                                        ELSE f.found_again_on END,
                       fixed_on = NULL, fixed_by = NULL
                 WHERE f.state = 'fixed' OR (%(before)s) IS DISTINCT FROM (%(after)s)
             RETURNING id, key, xmax = 0 AS is_new, found_again_on = %(now)s AS is_back
            ),
            gone AS (
                UPDATE lot_finding f
                   SET state = 'fixed', fixed_on = %(now)s, fixed_by = %(fixed_by)s,
                       write_uid = %(uid)s, write_date = %(now)s
                 WHERE f.kind = %(kind)s AND f.state = 'open' AND %(scope)s
                   AND NOT EXISTS (SELECT FROM found WHERE found.key = f.key)
             RETURNING f.id
            ),
            parted AS (
                DELETE FROM %(relation)s link USING kept JOIN found USING (key)
                 WHERE link.%(own)s = kept.id AND NOT link.%(lot)s = ANY(found.lot_ids)
            ),
            joined AS (
                INSERT INTO %(relation)s (%(own)s, %(lot)s)
                SELECT kept.id, UNNEST(found.lot_ids) FROM kept JOIN found USING (key)
                    ON CONFLICT DO NOTHING
            )
            SELECT (SELECT COUNT(*) FROM kept WHERE is_new),
                   (SELECT COUNT(*) FROM kept WHERE is_back),
                   ARRAY(SELECT id FROM gone ORDER BY id)
            """,
            found=found,
            kind=kind,
            columns=SQL(", ").join(names),
            updates=SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in names),
            before=SQL(", ").join(SQL("f.%s", name) for name in names),
            after=SQL(", ").join(SQL("EXCLUDED.%s", name) for name in names),
            scope=scope.where(SQL("f.company_id"), SQL("f.product_id")),
            relation=SQL.identifier(relation.relation),
            own=SQL.identifier(relation.column1),
            lot=SQL.identifier(relation.column2),
            fixed_by=fixed_by,
            uid=self.env.uid,
            now=fields.Datetime.now(),
        )

    # -- what the parts of the search share ----------------------------------------------------

    @api.model
    def _select(self, key: SQL, rest: SQL, **columns: SQL) -> SQL:
        """A SELECT as `_look` wants it: what is not given is empty.

        :param rest: FROM and what follows
        """
        lots = columns.pop("lot_ids", SQL("NULL"))
        return SQL(
            "SELECT (%s)::varchar AS key, (%s)::int4[] AS lot_ids, %s %s",
            key,
            lots,
            SQL(", ").join(
                SQL(
                    "(%s)::%s AS %s",
                    columns.get(name, SQL("NULL")),
                    SQL(kind),
                    SQL.identifier(name),
                )
                for name, kind in COLUMNS.items()
            ),
            rest,
        )

    @api.model
    def _of_product(self) -> SQL:
        """Joins of the tracked product of `product_id` of the alias before, as `p` and `t`."""
        return SQL(
            "JOIN product_product p ON p.id = x.product_id "
            "JOIN product_template t ON t.id = p.product_tmpl_id AND t.tracking <> 'none'"
        )

    @api.model
    def _in_stock(self) -> SQL:
        """Whether the lot `x` is in stock: a fault in it can still do harm."""
        return SQL(
            "EXISTS (SELECT FROM stock_quant q "
            "JOIN stock_location place ON place.id = q.location_id "
            "WHERE q.lot_id = x.id AND q.quantity > 0 AND place.usage IN ('internal', 'transit'))"
        )

    @api.model
    def _by_stock(self, there: str, gone: str) -> SQL:
        """How severe a fault of the lot `x` is, by whether it is in stock."""
        return SQL("CASE WHEN %s THEN %s ELSE %s END", self._in_stock(), there, gone)
