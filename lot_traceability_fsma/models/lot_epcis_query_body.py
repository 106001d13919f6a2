from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.epcis import EpcisError
from ..tools.epcis.context import KNOWN
from .lot_epcis_query import OPERATORS

# What is in the event itself has no index: more events than these are not looked through.
MOST_LOOKED_THROUGH = 50_000
_AMOUNTS = ("quantity", "uom")
_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


class LotEpcisQuery(models.AbstractModel):
    """Conditions on what only the event itself tells: quantities, and fields of extensions and of
    the master data of lots. They are looked up in the events that fit all other conditions."""

    _inherit = "lot.epcis.query"

    @api.model
    def _where(self, conditions) -> list[SQL]:
        inside = [one for one in conditions if self._is_inside(one)]
        where = super()._where([one for one in conditions if one not in inside])
        amounts = [one for one in inside if one.field in _AMOUNTS]
        fields = [self._field(one) for one in inside if one.field not in _AMOUNTS]
        return [*where, *([self._amount(amounts)] if amounts else []), *fields]

    @api.model
    def _check_cost(self, seen: SQL, conditions) -> None:
        """:raise EpcisError: too many events would be looked through"""
        super()._check_cost(seen, conditions)
        outside = [one for one in conditions if not self._is_inside(one)]
        if len(outside) == len(conditions):
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM "
                "(SELECT 1 FROM lot_epcis_event event WHERE %s LIMIT %s) candidate",
                SQL(" AND ").join([seen, *self._where(outside)]),
                MOST_LOOKED_THROUGH + 1,
            )
        )
        if rows[0][0] > MOST_LOOKED_THROUGH:
            raise EpcisError("query_complex", most=str(MOST_LOOKED_THROUGH))

    @api.model
    def _is_inside(self, one) -> bool:
        return one.field in _AMOUNTS or ":" in one.field

    # -- amounts ---------------------------------------------------------------------------------

    @api.model
    def _amount(self, conditions) -> SQL:
        """Is there one amount in the event that meets all of these?"""
        return SQL(
            "EXISTS (SELECT 1 FROM UNNEST(ARRAY[%s]) list, JSONB_ARRAY_ELEMENTS("
            "CASE WHEN JSONB_TYPEOF(list) = 'array' THEN list ELSE '[]' END) element WHERE %s)",
            SQL(", ").join(SQL("event.body -> %s", name) for name in _LISTS),
            SQL(" AND ").join(
                self._compared(SQL("element -> %s", one.field), one) for one in conditions
            ),
        )

    @api.model
    def _compared(self, value: SQL, one) -> SQL:
        """A value of the event, compared with what was asked; numbers as numbers."""
        if one.operator == "exists":
            return SQL("TRUE")
        numbers = [each for each in one.values if isinstance(each, Decimal)]
        if one.operator == "in" and not numbers:
            texts = list(one.values)
            return SQL(
                "(%(value)s #>> '{}' = ANY(%(texts)s) OR (JSONB_TYPEOF(%(value)s) = 'array' "
                "AND JSONB_EXISTS_ANY(%(value)s, %(texts)s)))",
                value=value,
                texts=texts,
            )
        if len(numbers) != len(one.values):
            raise EpcisError("query_unsupported", shown=repr(one.field))
        return SQL(
            "(CASE WHEN JSONB_TYPEOF(%s) = 'number' THEN (%s)::numeric %s %s ELSE FALSE END)",
            value,
            value,
            SQL("=") if one.operator == "in" else OPERATORS[one.operator],
            numbers[0],
        )

    # -- fields of other namespaces --------------------------------------------------------------

    @api.model
    def _field(self, one) -> SQL:
        """Does the event, or the master data in it, have such a field? Its prefix is whatever the
        event declares for the namespace."""
        if one.within not in ("", "ilmd"):
            raise EpcisError("query_unsupported", shown=repr(one.field))
        if not one.field.startswith("{"):
            raise EpcisError("query_prefix", shown=repr(one.field))
        namespace, _brace, name = one.field[1:].partition("}")
        whole = SQL("event.body -> 'ilmd'") if one.within else SQL("event.body")
        return SQL(
            """EXISTS (SELECT 1 FROM JSONB_EACH(
                 CASE WHEN JSONB_TYPEOF(%(whole)s) = 'object' THEN %(whole)s ELSE '{}' END) field
                WHERE SUBSTR(field.key, STRPOS(field.key, ':') + 1) = %(name)s
                  AND STRPOS(field.key, ':') > 0
                  AND (SPLIT_PART(field.key, ':', 1) = ANY(%(known)s)
                       OR JSONB_PATH_EXISTS(event.body, '$."@context"[*] ? (@.type() == "object")
                            .keyvalue() ? (@.key == $prefix && @.value == $namespace)',
                            JSONB_BUILD_OBJECT('prefix', SPLIT_PART(field.key, ':', 1),
                                               'namespace', %(namespace)s::text)))
                  AND %(test)s)""",
            whole=whole,
            name=name,
            known=[prefix for prefix, address in KNOWN.items() if address == namespace],
            namespace=namespace,
            test=self._compared(SQL("field.value"), one),
        )
