from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..tools import lot_sparing

# Context key: the move for which quants are chosen, for the lots that its document has already.
GATHER_FOR = "lot_gather_for"


class StockQuant(models.Model):
    """Among lots of the same day, those that keep the order on few lots.

    Days before the one on which the quantity is reached are taken whole, days after it are not
    touched: only this one day leaves a choice.
    """

    _inherit = "stock.quant"

    def _spare_lots(self, product, quantity: float, domain: Domain, behind: bool, owed):
        """These quants, those of the deciding day in the order that spares lots.

        :param self: quants with a free quantity, in the order of their removal
        :param domain: which quants these were chosen from
        :param behind: there may be others that come after them
        :param owed: quants that have promised more than they have
        """
        decides = self._deciding(product, quantity)
        if not decides.removal_date:
            return self
        company = decides.location_id.company_id or self.env.company
        if not company.lot_sparing:
            return self
        calendar = self.env["lot.calendar"]
        day = calendar._day(decides.removal_date, company)
        start = calendar._day_start(day, company)
        end = calendar._day_start(day + timedelta(days=1), company)
        earlier = self.filtered(lambda quant: quant.removal_date and quant.removal_date < start)
        missing = quantity - sum(quant.quantity - quant.reserved_quantity for quant in earlier)
        on_day = Domain("removal_date", ">=", start) & Domain("removal_date", "<", end)
        last = self[-1:].removal_date
        cut = behind and last and last < end
        if cut:
            # The day may be long: what is free of its lots is summed up before quants are read.
            free = self._free_by_lot(domain & on_day)
        else:
            same = self.filtered_domain(on_day)
            free = same._free_of_each()
        for quant in owed:
            if quant.lot_id.id in free:
                free[quant.lot_id.id] += quant.quantity - quant.reserved_quantity
        if len(free) < 2 or product.uom_id.compare(sum(free.values()), missing) <= 0:
            return self
        chosen = lot_sparing.few_lots(free, missing, self._lots_of_document(product))
        if cut:
            order = self._get_removal_strategy_order("fefo")
            same = self.search(domain & on_day & Domain("lot_id", "in", chosen), order=order)
        place = {lot: number for number, lot in enumerate(chosen)}
        taken = same.filtered(lambda quant: quant.lot_id.id in place)
        taken = taken.sorted(lambda quant: place[quant.lot_id.id])
        return earlier + taken + (self - earlier - taken)

    def _deciding(self, product, quantity: float):
        """The quant with which the quantity is reached; none when it never is."""
        missing = quantity
        for quant in self:
            missing -= quant.quantity - quant.reserved_quantity
            if product.uom_id.compare(missing, 0) <= 0:
                return quant
        return self.browse()

    def _free_of_each(self) -> dict[int, float]:
        free = defaultdict(float)
        for quant in self:
            free[quant.lot_id.id] += quant.quantity - quant.reserved_quantity
        return free

    @api.model
    def _free_by_lot(self, domain: Domain) -> dict[int, float]:
        rows = self._read_group(
            domain, ["lot_id"], ["quantity:sum", "reserved_quantity:sum"], order="lot_id"
        )
        return {lot.id: quantity - reserved for lot, quantity, reserved in rows}

    @api.model
    def _lots_of_document(self, product) -> set[int]:
        """Lots of this product that the move at hand, or its document, has already."""
        move = self.env["stock.move"].browse(self.env.context.get(GATHER_FOR))
        document = move._lot_document() if move else None
        lines = self.env["lot.gate"]._lines_of(document) if document else move.move_line_ids
        return set(lines.filtered(lambda line: line.product_id == product).lot_id.ids)
