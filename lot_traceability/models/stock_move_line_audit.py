from typing import Any

from odoo import api, models

from .lot_audit_tables import LINE_COLUMNS, through_odoo
from .lot_columns import column, rows

# Lines that moved goods in this transaction and were not told of yet.
MOVED = "lot_traceability.audit.moved"
# What a correction of a done line may touch.
_CORRECTED = {*LINE_COLUMNS, "product_uom_id", "date", "quant_id", "package_id"} | {
    "result_package_id"
}


class StockMoveLine(models.Model):
    """Each line that moves goods is told, as it is in the end of the transaction; and each
    correction of one that has moved them."""

    _inherit = "stock.move.line"

    def _after_done(self):
        result = super()._after_done()
        self._note_moved()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines._done()
        if done:
            done._note_moved()
        return lines

    def write(self, vals):
        told = self.browse()
        if _CORRECTED & vals.keys():
            told = self._told()
        before = told._audited() if told else {}
        result = super().write(vals)
        if told:
            told._tell_corrected(before, told._audited())
        return result

    def unlink(self):
        if not self or not self._done():
            return super().unlink()
        told = self._told()
        if told:
            told._tell_corrected(told._audited(), {})
        moved = self.env.cr.precommit.data.get(MOVED, {})
        for line_id in self.ids:
            moved.pop(line_id, None)
        with through_odoo(self, "delete"):
            return super().unlink()

    def _write_multi(self, vals_list):
        """Lines that were done before; those that are on their way cost nothing."""
        known = self._fields["state"]._get_cache(self.env)
        for line_id, vals in zip(self._ids, vals_list, strict=True):
            # What only now becomes done was not guarded yet.
            if "state" in vals or known.get(line_id, "done") != "done":
                continue
            if any(name in vals for name in LINE_COLUMNS):
                with through_odoo(self):
                    return super()._write_multi(vals_list)
        return super()._write_multi(vals_list)

    def _told(self) -> "StockMoveLine":
        """Those of these lines that are done, and of which the log tells already."""
        moved = self.env.cr.precommit.data.get(MOVED, {})
        return self._done().filtered(lambda line: line.id not in moved)

    def _note_moved(self) -> None:
        events = self.env["lot.audit.event"]
        # Noted where all events wait: what is flushed first tells of these, too. Who moved them is
        # known now; whoever flushes may be somebody else.
        events._waiting()
        moved = self.env.cr.precommit.data.setdefault(MOVED, {})
        moved.update(dict.fromkeys(self.ids, events._actor()))

    @api.model
    def _tell_moved(self) -> None:
        moved = self.env.cr.precommit.data.pop(MOVED, None)
        if not moved:
            return
        record = self.env["lot.audit.event"]._record
        lines = self.browse(moved)
        told = lines._audited()
        for (_move, source, target), same in lines._by_way().items():
            uses = (source.usage, target.usage)
            kind = "moved"
            if "production" in uses:
                kind = "produced" if uses[0] == "production" else "consumed"
            details = same._audit_details()
            for line in same:
                record(kind, **details[line.id], data=told[line.id], actor=moved[line.id])

    def _tell_corrected(self, before: dict[int, dict], after: dict[int, dict]) -> None:
        record = self.env["lot.audit.event"]._record
        details = self._audit_details()
        for line in self:
            old, new = before[line.id], after.get(line.id, {})
            changes = {
                name: [old.get(name), new.get(name)]
                for name in {**old, **new}
                if old.get(name) != new.get(name)
            }
            if changes:
                record("corrected", **details[line.id], changes=changes, data=new)

    def _audit_details(self) -> dict[int, dict[str, Any]]:
        """Of each of these lines where in the log its events belong."""
        documents: dict = {}
        result = {}
        for line in self:
            move = line.move_id
            if move not in documents:
                document = move._lot_document()
                name = document.display_name if document else line.reference or ""
                documents[move] = (document, name)
            document, name = documents[move]
            result[line.id] = {
                "record": {"model": self._name, "id": line.id, "name": name},
                "lot": line.lot_id,
                "product": line.product_id,
                "company": line.company_id,
                "document": document,
            }
        return result

    def _audited(self) -> dict[int, dict[str, Any]]:
        """What these lines say of the movement, as JSON values; the quantity in the product's
        unit, the time in UTC."""
        named: dict = {}

        def name(record, field):
            key = (record._name, record.id)
            if key not in named:
                named[key] = record[field]
            return named[key]

        # sudo: the log names what the user moves, whether or not its name may be read
        lines = self.sudo()
        lots = dict(zip(lines.lot_id._ids, column(lines.lot_id, "name"), strict=True))
        own = rows(lines, "lot_id", "quantity_product_uom", "date", "result_package_id", "owner_id")
        result = {}
        for line, (lot_id, quantity, date, package, owner) in zip(lines, own, strict=True):
            source, target = line.location_id, line.location_dest_id
            found = {
                "lot": lot_id and {"id": lot_id, "name": lots[lot_id]},
                "quantity": f"{quantity or 0.0:.10g}",
                "unit": name(line.product_id.uom_id, "name"),
                "from": {"id": source.id, "name": name(source, "complete_name")},
                "to": {"id": target.id, "name": name(target, "complete_name")},
                "date": date and date.isoformat(" ", "seconds"),
                "package": package and name(line.result_package_id, "name"),
                "owner": owner and name(line.owner_id, "name"),
                "partner": name(line.picking_id.partner_id, "name"),
            }
            result[line.id] = {key: value for key, value in found.items() if value}
        return result
