from odoo import models


class LotOperation(models.Model):
    """Goods that are relabelled or merged keep their tags: these are on the new lot then."""

    _inherit = "lot.operation"

    def _transfer(self, taken: list[tuple], given: list[tuple]) -> None:
        result = super()._transfer(taken, given)
        targets = {lot for _quant, lot, _quantity in given}
        if len(targets) == 1:
            self._move_tags({quant.lot_id for quant, _quantity in taken} - targets, targets.pop())
        return result

    def _move_tags(self, sources: set, target) -> None:
        """Of a lot of which stock is left nobody knows which tags went along: they stay."""
        for lot in sources:
            left = self.env["stock.quant"].search_count(
                [
                    ("lot_id", "=", lot.id),
                    ("location_id.usage", "in", ("internal", "transit")),
                    ("quantity", ">", 0),
                ],
                limit=1,
            )
            if not left:
                # sudo: whoever renames a lot need not be one who registers tags
                tags = self.env["lot.rfid.tag"].sudo().search([("lot_id", "=", lot.id)])
                tags.write({"lot_id": target.id})
