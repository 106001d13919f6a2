from odoo import fields, models


class LotOperation(models.Model):
    """Lots that are put to one that has stock: what was in it went into the mixture as well, under
    the code that it had (21 CFR 1.1350(a)(1))."""

    _inherit = "lot.operation"

    fsma_held = fields.Json(
        "Held before",
        readonly=True,
        copy=False,
        help="What the lot that others were put to held, and its traceability lot code",
    )

    def _transfer(self, taken: list[tuple], given: list[tuple]) -> None:
        if self.kind == "merge":
            self._fsma_keep_held({lot for _quant, lot, _quantity in given})
        return super()._transfer(taken, given)

    def _fsma_keep_held(self, targets: set) -> None:
        """Keep what these lots hold: afterwards nobody can tell it from what is put to it."""
        # Codes that this transaction gives are given before another is.
        self.env["lot.fsma.recorder"]._flush()
        # sudo: a record follows from what is done, whatever stock its user may see
        held = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("lot_id", "in", [lot.id for lot in targets]),
                    ("company_id", "=", self.company_id.id),
                    ("location_id.usage", "in", ("internal", "transit")),
                ],
                ["lot_id"],
                ["quantity:sum"],
            )
        )
        self.fsma_held = {
            # JSON has no numbers for keys.
            str(lot.id): {"quantity": quantity, "code_id": lot.fsma_code_id.id}
            for lot, quantity in held
            if lot.product_id.uom_id.compare(quantity, 0) > 0
        } or False

    def _fsma_held(self, lot) -> dict:
        """{"quantity", "code_id"} of what this lot held when others were put to it; empty when it
        held nothing."""
        return (self.fsma_held or {}).get(str(lot.id), {})
