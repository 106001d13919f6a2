from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.rfid_tag import Tag
from .lot_rfid_count_line import KINDS

_ORDER = {kind: place for place, (kind, _label) in enumerate(KINDS)}
_SHOWN = 3


class LotRfidComparison(models.AbstractModel):
    """Compares the tags of a count with the stock: as many queries for ten thousand tags as for
    one."""

    _name = "lot.rfid.comparison"
    _description = "Comparison of an RFID count"

    @api.model
    def _compare(self, count) -> None:
        """Write the result of a count anew."""
        self.env.flush_all()
        meanings = self.env["lot.rfid.resolver"]._meanings(count.company_id, self._tags(count))
        counted, unknown = self._counted(meanings)
        tagged = {meaning.product_id for meaning in meanings.values()}
        expected = self._expected(count, tagged | {product for product, _lot in counted})
        surplus = [key for key, found in counted.items() if found > expected.get(key, 0.0) + 1e-6]
        elsewhere = self._elsewhere(count, surplus)
        warnings = self._warnings(count, {lot for _product, lot in counted if lot})
        rows = [
            ("unknown", meaning.product_id or None, None, identity, 0, 0, meaning.text, None)
            for identity, meaning in unknown.items()
        ]
        for key in counted.keys() | expected.keys():
            there, seen = expected.get(key, 0.0), counted.get(key, 0.0)
            kind, note = "right", None
            if seen < there - 1e-6:
                kind = "missing"
            elif seen > there + 1e-6:
                note = elsewhere.get(key)
                kind = "misplaced" if note else "unexpected"
            product, lot = key
            warning = warnings.get(lot)
            rows.append((kind, product, lot or None, None, there, seen, note, warning))
        self._write(count, rows)

    # -- what was read -------------------------------------------------------------------------

    @api.model
    def _tags(self, count) -> list[Tag]:
        self.env.cr.execute(
            SQL(
                """SELECT identity, epc, coalesce(scheme, ''), coalesce(gtin, ''),
                          coalesce(serial, ''), coalesce(lot_name, ''), coalesce(sscc, ''),
                          coalesce(problem, '')
                     FROM lot_rfid_count_tag WHERE count_id = %s ORDER BY id""",
                count.id,
            )
        )
        return [Tag(*row) for row in self.env.cr.fetchall()]

    @api.model
    def _counted(self, meanings: dict) -> tuple[dict, dict]:
        """({(product id, lot id): quantity}, {tag: meaning} of those not known). Cases whose
        pallet was read as well are part of that."""
        loose, unknown, packages = defaultdict(float), {}, set()
        for identity, meaning in meanings.items():
            if meaning.problem:
                unknown[identity] = meaning
            elif meaning.package_id:
                packages.add(meaning.package_id)
            else:
                loose[meaning.product_id, meaning.lot_id] += meaning.quantity
        packed = self._content(packages)
        keys = loose.keys() | packed.keys()
        return {key: max(loose.get(key, 0.0), packed.get(key, 0.0)) for key in keys}, unknown

    @api.model
    def _content(self, package_ids: set[int]) -> dict[tuple[int, int], float]:
        """{(product id, lot id): quantity} in these packages and those in them."""
        if not package_ids:
            return {}
        self.env.cr.execute(
            SQL(
                """SELECT quant.product_id, coalesce(quant.lot_id, 0), sum(quant.quantity)
                     FROM stock_quant quant
                    WHERE quant.quantity > 0 AND quant.package_id IN (
                          SELECT inner_one.id FROM stock_package outer_one
                            JOIN stock_package inner_one
                              ON inner_one.parent_path LIKE outer_one.parent_path || '%%'
                           WHERE outer_one.id = ANY(%s))
                    GROUP BY 1, 2""",
                list(package_ids),
            )
        )
        return {(product, lot): float(total) for product, lot, total in self.env.cr.fetchall()}

    # -- what should be there ------------------------------------------------------------------

    @api.model
    def _expected(self, count, product_ids: set[int]) -> dict[tuple[int, int], float]:
        """{(product id, lot id): quantity} in stock at the place and below it."""
        tagged = SQL(
            """quant.product_id = ANY(%s) OR quant.product_id IN (
               SELECT product_id FROM lot_rfid_tag WHERE company_id = %s)""",
            *(list(product_ids), count.company_id.id),
        )
        self.env.cr.execute(
            SQL(
                """SELECT quant.product_id, coalesce(quant.lot_id, 0), sum(quant.quantity)
                     FROM stock_quant quant
                     JOIN stock_location place ON place.id = quant.location_id
                    WHERE place.parent_path LIKE %s AND quant.quantity > 0
                      AND quant.company_id = %s AND (%s)
                    GROUP BY 1, 2""",
                f"{count.location_id.parent_path}%",
                count.company_id.id,
                tagged if count.scope == "tagged" else SQL("TRUE"),
            )
        )
        return {(product, lot): float(total) for product, lot, total in self.env.cr.fetchall()}

    @api.model
    def _elsewhere(self, count, keys: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """{(product id, lot id): where it should be} of what is in stock at other places."""
        if not keys:
            return {}
        products, lots = map(list, zip(*keys, strict=True))
        self.env.cr.execute(
            SQL(
                """SELECT quant.product_id, wanted.lot_id, place.complete_name,
                          sum(quant.quantity)
                     FROM unnest(%s, %s) AS wanted (product_id, lot_id)
                     JOIN stock_quant quant ON quant.product_id = wanted.product_id
                      AND coalesce(quant.lot_id, 0) = wanted.lot_id
                     JOIN stock_location place ON place.id = quant.location_id
                    WHERE place.usage IN ('internal', 'transit') AND quant.quantity > 0
                      AND place.parent_path NOT LIKE %s AND quant.company_id = %s
                    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3""",
                *(products, lots, f"{count.location_id.parent_path}%", count.company_id.id),
            )
        )
        places = defaultdict(list)
        for product, lot, name, quantity in self.env.cr.fetchall():
            places[product, lot].append(f"{name} ({quantity:g})")
        return {
            key: self.env._("Known at %s", ", ".join(names[:_SHOWN]))
            for key, names in places.items()
        }

    @api.model
    def _warnings(self, count, lot_ids: set[int]) -> dict[int, str]:
        """{lot id: why it may not be used}, as the gate says it for any use."""
        gate, terms = self.env["lot.gate"], self.env["lot.gate"]._default_terms()
        found = {}
        for lot in self.env["stock.lot"].browse(lot_ids):
            code = gate._refusal(terms, lot)
            if code:
                found[lot.id] = gate._reason(lot, code, terms, count.company_id)
        return found

    # -- writing -------------------------------------------------------------------------------

    @api.model
    def _write(self, count, rows: list[tuple]) -> None:
        lines = self.env["lot.rfid.count.line"]
        self.env.cr.execute(SQL("DELETE FROM lot_rfid_count_line WHERE count_id = %s", count.id))
        rows.sort(key=lambda row: (_ORDER[row[0]], row[1] or 0, row[2] or 0, row[3] or ""))
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """INSERT INTO lot_rfid_count_line
                          (count_id, company_id, sequence, kind, product_id, lot_id, identity,
                           expected, counted, note, warning)
                   SELECT %s, %s, row.n, row.kind, row.product_id, row.lot_id, row.identity,
                          row.expected, row.counted, row.note, row.warning
                     FROM unnest(%s::varchar[], %s::int4[], %s::int4[], %s::varchar[],
                                 %s::numeric[], %s::numeric[], %s::varchar[], %s::varchar[])
                          WITH ORDINALITY AS row (kind, product_id, lot_id, identity, expected,
                                                  counted, note, warning, n)""",
                *(count.id, count.company_id.id, *columns),
            )
        )
        lines.invalidate_model(flush=False)
        count.invalidate_recordset(["line_ids"], flush=False)
        kinds = [row[0] for row in rows]
        count.write(
            {kind: kinds.count(kind) for kind in _ORDER}
            | {
                "warned": sum(1 for row in rows if row[7]),
                "state": "compared",
                "compared_at": fields.Datetime.now(),
            }
        )
