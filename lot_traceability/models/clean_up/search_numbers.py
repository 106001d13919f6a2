from odoo import api, models
from odoo.tools import SQL

from ...tools.lot_name import LOOK_ALIKES
from .lot_finding_search import Scope

# What stands between the parts of a number.
_SIGNS = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u2010\u2011\u2012\u2013\u2014\u2212"


class LotFindingSearch(models.AbstractModel):
    """Numbers that stand for one lot, perhaps, and are written in two ways."""

    _inherit = "lot.finding.search"

    @api.model
    def _found_near_same(self, scope: Scope) -> SQL:
        """Lots of one product with numbers that differ only in case, signs between their parts,
        leading zeros, and letters like digits.

        Two forms are compared: one without leading zeros that keeps apart where digits are
        separated (2026-1-12 is not 2026-11-2), and one without any sign, for numbers one of which
        has none between digits. What costs little finds the few that may have one in common.

        A lot that was merged or relabelled, and of which nothing is left, is done with. Lots of
        no company are compared with those of each: so all companies are read, whoever searches.
        """
        return SQL(
            """
            WITH maybe AS (
                SELECT UNNEST(ARRAY_AGG(x.id)) AS id
                  FROM stock_lot x WHERE %(of_products)s
                 GROUP BY x.product_id, %(shorter)s HAVING COUNT(*) > 1
                 UNION
                SELECT UNNEST(ARRAY_AGG(x.id))
                  FROM stock_lot x WHERE %(of_products)s AND x.name_key IS NOT NULL
                 GROUP BY x.product_id, TRANSLATE(x.name_key, %(signs)s, '') HAVING COUNT(*) > 1
            ), spelled AS (
                SELECT x.id, x.product_id, x.company_id, x.name,
                       UPPER(NORMALIZE(x.name, NFKC)) AS upper_name, x.name_key
                  FROM maybe JOIN stock_lot x ON x.id = maybe.id
            ), formed AS (
                SELECT id, product_id, company_id, name, %(apart)s AS apart, %(plain)s AS plain,
                       upper_name ~ '[0-9][^[:alnum:]]+[0-9]' AS separated
                  FROM spelled
            ), grouped AS (
                SELECT product_id, 'a' || apart AS form, id, company_id, name FROM formed
                 UNION ALL
                SELECT product_id, 'p' || plain, id, company_id, name
                  FROM (SELECT formed.*, BOOL_AND(separated) OVER same AS all_separated,
                               MIN(apart) OVER same <> MAX(apart) OVER same AS several
                          FROM formed WINDOW same AS (PARTITION BY product_id, plain)) formed
                 WHERE several AND NOT all_separated
            ), several AS (
                SELECT product_id, form,
                       ARRAY_REMOVE(ARRAY_AGG(DISTINCT company_id), NULL) AS company_ids
                  FROM grouped GROUP BY 1, 2 HAVING COUNT(*) > 1
            ), owned AS (
                SELECT s.product_id, s.form, owner.company_id, g.id, g.name
                  FROM several s
                 CROSS JOIN LATERAL (
                       SELECT UNNEST(s.company_ids) AS company_id
                        UNION ALL
                       SELECT NULL WHERE CARDINALITY(s.company_ids) = 0) owner
                  JOIN grouped g ON g.product_id = s.product_id AND g.form = s.form
                   AND (g.company_id = owner.company_id OR g.company_id IS NULL)
            )
            %(select)s
            """,
            signs=_SIGNS,
            shorter=self._shorter(),
            of_products=scope.of_products(SQL("x.product_id")),
            apart=self._apart(),
            plain=SQL("REGEXP_REPLACE(name_key, '[^[:alnum:]]+', '', 'g')"),
            select=self._select(
                SQL("CONCAT_WS(':', x.product_id, x.company_id, x.form)"),
                SQL(
                    """
                    FROM (SELECT product_id, company_id, form, ARRAY_AGG(id ORDER BY id) AS ids,
                                 STRING_AGG(name, ' · ' ORDER BY id) AS names, MIN(id) AS first,
                                 COUNT(*) FILTER (WHERE %s) AS stocked
                            FROM owned x WHERE NOT %s
                           GROUP BY 1, 2, 3 HAVING COUNT(*) > 1) x
                    JOIN stock_lot lot ON lot.id = x.first
                   WHERE %s
                    """,
                    self._in_stock(),
                    self._done_with(),
                    scope.where(SQL("x.company_id"), SQL("x.product_id")),
                ),
                lot_ids=SQL("x.ids"),
                severity=SQL("CASE WHEN x.stocked > 1 THEN '2' ELSE '3' END"),
                company_id=SQL("x.company_id"),
                lot_id=SQL("x.first"),
                lot_name=SQL("lot.name"),
                product_id=SQL("x.product_id"),
                detail=SQL("x.names"),
            ),
        )

    @api.model
    def _shorter(self) -> SQL:
        """The number of the lot `x` without leading zeros and without signs: all that have the
        form of `_apart` in common have this in common as well."""
        return SQL(
            "TRANSLATE(REGEXP_REPLACE(UPPER(NORMALIZE(x.name, NFKC)), %s, %s, 'g'), %s, %s)",
            "(^|[^0-9O])[0O]+(?=[0-9])",
            r"\1",
            LOOK_ALIKES[0] + _SIGNS,
            LOOK_ALIKES[1],
        )

    @api.model
    def _apart(self) -> SQL:
        """The number without leading zeros, with one hyphen where digits are separated."""
        form = SQL("upper_name")
        for pattern, by in (
            (r"O(?=O*[0-9])", "0"),  # letters that lead a number: LOT-OO1
            (r"(^|[^0-9])0+(?=[0-9])", r"\1"),
            (r"([0-9])[^[:alnum:]]+(?=[0-9])", r"\1-"),
            (r"[^[:alnum:]-]+|-(?![0-9])|^-", ""),
            (r"([^0-9])-", r"\1"),
        ):
            form = SQL("REGEXP_REPLACE(%s, %s, %s, 'g')", form, pattern, by)
        return SQL("TRANSLATE(%s, %s, %s)", form, *LOOK_ALIKES)

    @api.model
    def _done_with(self) -> SQL:
        """Whether the lot `x` became another one, and nothing of it is in stock."""
        return SQL(
            "(EXISTS (SELECT FROM lot_genealogy_edge link WHERE link.parent_lot_id = x.id "
            "AND link.kind IN ('merge', 'relabel')) AND NOT %s)",
            self._in_stock(),
        )

    @api.model
    def _found_same_number(self, scope: Scope) -> SQL:
        """Lots of two companies with the same number of one product, and no transfer between the
        companies that explains it. Each company has its own finding, which does not name others.
        """
        return self._select(
            SQL("x.id"),
            SQL(
                """
                FROM (SELECT product_id, UPPER(name) AS number
                        FROM stock_lot WHERE company_id IS NOT NULL AND %(of_products)s
                       GROUP BY 1, 2 HAVING COUNT(DISTINCT company_id) > 1) several
                JOIN stock_lot x ON x.product_id = several.product_id
                 AND UPPER(x.name) = several.number AND x.company_id IS NOT NULL
               WHERE %(scope)s
                 AND NOT EXISTS (SELECT FROM lot_genealogy_edge link
                                  WHERE link.parent_lot_id = x.id AND link.kind = 'transfer')
                 AND NOT EXISTS (SELECT FROM lot_genealogy_edge link
                                  WHERE link.child_lot_id = x.id AND link.kind = 'transfer')
                """,
                of_products=scope.of_products(SQL("product_id")),
                scope=scope.where(SQL("x.company_id"), SQL("x.product_id")),
            ),
            severity=SQL("'3'"),
            company_id=SQL("x.company_id"),
            lot_id=SQL("x.id"),
            lot_name=SQL("x.name"),
            product_id=SQL("x.product_id"),
        )
