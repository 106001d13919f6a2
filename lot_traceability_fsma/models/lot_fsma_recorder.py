from collections.abc import Collection, Iterable

from odoo import api, models
from odoo.tools import float_compare

PENDING = "lot_traceability_fsma.pending"


def _when(lines) -> tuple:
    return min(lines.mapped("date")), min(lines.ids)


class LotGenealogyUpkeep(models.AbstractModel):
    """What tells the genealogy that goods moved tells it the events as well."""

    _inherit = "lot.genealogy.upkeep"

    @api.model
    def _mark_done(self, line_ids: Iterable[int]) -> None:
        line_ids = list(line_ids)
        result = super()._mark_done(line_ids)
        self.env["lot.fsma.recorder"]._pending()["lines"].update(line_ids)
        return result

    @api.model
    def _mark_changed(self, line_ids: Collection[int]) -> None:
        line_ids = list(line_ids)
        result = super()._mark_changed(line_ids)
        self.env["lot.fsma.recorder"]._mark_changed(line_ids)
        return result

    @api.model
    def _mark_gone(self) -> None:
        result = super()._mark_gone()
        pending = self.env.cr.precommit.data.get(PENDING)
        if pending:
            pending["gone"] = True
        return result


class LotFsmaRecorder(models.AbstractModel):
    """Records critical tracking events by themselves: once a transaction, set-based, in the
    transaction of the transfer or order that they tell of.

    What an event says is derived from the done lines of its document, by `lot.fsma.transfer` and
    `lot.fsma.made`. A document that changes after it was done gives its events a new version.
    """

    _name = "lot.fsma.recorder"
    _description = "Recording of critical tracking events"

    @api.model
    def _pending(self) -> dict:
        """What this transaction has moved, and which documents it has changed."""
        data = self.env.cr.precommit.data
        if PENDING not in data:
            data[PENDING] = {"lines": set(), "pickings": set(), "orders": set(), "gone": False}
            self.env.cr.precommit.add(self._flush)
        return data[PENDING]

    @api.model
    def _mark_changed(self, line_ids: Collection[int]) -> None:
        """Done lines are about to change, or to go: their documents are looked at again."""
        pending = self._pending()
        changed = [line_id for line_id in line_ids if line_id not in pending["lines"]]
        if not changed:
            return
        pending["lines"].update(changed)
        # sudo: whoever may not read an order changes its events all the same
        lines = self.env["stock.move.line"].sudo().browse(changed)
        pending["pickings"].update(lines.picking_id.ids)
        moves = lines.move_id
        pending["orders"].update((moves.production_id | moves.raw_material_production_id).ids)

    # -- writing ---------------------------------------------------------------------------------

    @api.model
    def _flush(self) -> None:
        """Record what this transaction has moved."""
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        # What went into a lot is read from the genealogy.
        self.env["lot.genealogy.upkeep"]._flush_pending()
        # sudo: records follow from what was done, whoever did it
        recorder = self.sudo()
        lines = recorder.env["stock.move.line"].browse(sorted(pending["lines"]))
        if pending["gone"]:
            lines = lines.exists()
        pickings = recorder.env["stock.picking"].browse(pending["pickings"])
        orders = recorder.env["mrp.production"].browse(pending["orders"])
        lines |= (pickings.move_line_ids | orders.move_finished_ids.move_line_ids)._done()
        lines = lines._done()._fsma_traced()
        vals_list = []
        if lines:
            for model, together in recorder._in_turn(lines):
                vals_list += recorder.env[model]._derive(together)
        if vals_list or pickings or orders:
            whole = not pickings and not orders and recorder._whole(lines, pending["lines"])
            recorder._reconcile(vals_list, pickings, orders, whole)

    @api.model
    def _in_turn(self, lines) -> list[tuple]:
        """[(what derives events of them, lines)] in the order in which it happened: what one
        document gives a code, the next passes on. One entry where there is one kind of document.
        """
        made = self.env["lot.fsma.made"]
        documents: dict[models.BaseModel, models.BaseModel] = {}
        for line in lines:
            # What goes into an order is told with what comes out of it.
            if line.location_dest_id.usage != "production":
                document = made._document(line) or line.picking_id or line.move_id
                documents[document] = documents.get(document, line.browse()) | line
        turns: list[tuple] = []
        for together in sorted(documents.values(), key=_when):
            made_here = together[0].location_id.usage == "production"
            model = "lot.fsma.made" if made_here else "lot.fsma.transfer"
            if turns and turns[-1][0] == model:
                turns[-1] = (model, turns[-1][1] | together)
            else:
                turns.append((model, together))
        return turns

    @api.model
    def _whole(self, lines, line_ids: set[int]) -> bool:
        """Have the documents of these lines been done just now, in one go? Then they have no
        events yet, and need not be asked for them."""
        moves = lines.picking_id.move_ids | lines.move_id.production_id.move_finished_ids
        return all(line.id in line_ids for line in moves.move_line_ids._done())

    @api.model
    def _reconcile(self, vals_list: list[dict], pickings, orders, whole: bool = False) -> None:
        """Register what is new, and give a new version to what is otherwise than it was.

        :param pickings: transfers that have changed: what they no longer say did not take place
        :param orders: the same of manufacturing orders
        :param whole: whether none of the documents can have an event yet
        """
        known = {} if whole else self._known(vals_list, pickings, orders)
        new = []
        for vals in vals_list:
            event = known.pop(self._key(vals), None)
            if event is None:
                new.append(vals)
            elif self._differs(event, vals):
                self._supersede(
                    event, {name: vals.get(name) for name in ("quantity", "date")}, vals
                )
        self.env["lot.fsma.event"]._add(new)
        for event in known.values():
            if not event.void and (event.picking_id in pickings or event.production_id in orders):
                self._supersede(event, {"void": True, "quantity": 0}, {})

    @api.model
    def _supersede(self, event, values: dict, vals: dict) -> None:
        if vals.get("input_ids"):
            values["input_ids"] = vals["input_ids"]
        if vals:
            values["void"] = False
        event._correct(values, self.env._("Its document was changed after it was done."))

    @api.model
    def _known(self, vals_list: list[dict], pickings, orders) -> dict[tuple, models.BaseModel]:
        """The current events of these documents, by `_key`. One query."""
        picking_ids = {*pickings.ids, *(vals.get("picking_id") for vals in vals_list)} - {None}
        order_ids = {*orders.ids, *(vals.get("production_id") for vals in vals_list)} - {None}
        if not picking_ids and not order_ids:
            return {}
        found = self.env["lot.fsma.event"].search(
            [
                ("replaced_by_id", "=", False),
                "|",
                ("picking_id", "in", sorted(picking_ids)),
                ("production_id", "in", sorted(order_ids)),
            ]
        )
        return {
            (event.kind, event.picking_id.id, event.production_id.id, event.lot_id.id): event
            for event in found
        }

    @api.model
    def _key(self, vals: dict) -> tuple:
        """A document tells of one event of each kind and lot."""
        return (
            vals["kind"],
            vals.get("picking_id") or False,
            vals.get("production_id") or False,
            vals["lot_id"],
        )

    @api.model
    def _differs(self, event, vals: dict) -> bool:
        """Does the document say other quantities now?"""
        if event.void or self._other(event.quantity, vals["quantity"]):
            return True
        before = {row.lot_id.id: row.quantity for row in event.input_ids}
        after = {row.get("lot_id") or False: row["quantity"] for row in vals.get("input_ids") or ()}
        return before.keys() != after.keys() or any(
            self._other(before[lot_id], after[lot_id]) for lot_id in after
        )

    @api.model
    def _other(self, one: float, other: float) -> bool:
        return float_compare(one, other, precision_digits=4) != 0
