from odoo import api, fields, models


class LotOperationWizard(models.TransientModel):
    """Whoever puts lots of different codes together is told before what becomes of the codes."""

    _inherit = "lot.operation.wizard"

    fsma_warning = fields.Char(compute="_compute_fsma_warning")

    @api.depends("kind", "lot_ids", "new_name")
    def _compute_fsma_warning(self):
        for wizard in self:
            mixed = wizard.kind == "merge" and wizard._fsma_is_mixed()
            wizard.fsma_warning = mixed and self.env._(
                "These lots have different traceability lot codes. Put together they get a new "
                "one, and a transformation is recorded (21 CFR 1.1350). Print new labels: the "
                "codes on the old ones no longer stand for these goods."
            )

    def _fsma_is_mixed(self) -> bool:
        """Does more than one traceability lot code go into the mixture?"""
        product = self.product_id
        # sudo: who changes lots need not be allowed to read how the product is traced
        if not product or product.sudo().fsma_stage == "raw":
            return False
        if not (product.sudo().fsma_listed or self.env.company.fsma_record_all):
            return False
        lots = self.lot_ids
        name = (self.new_name or "").strip()
        if name:
            lots |= lots.search(
                [
                    ("name", "=", name),
                    ("product_id", "=", product.id),
                    ("company_id", "in", [False, *lots.company_id.ids]),
                ],
                limit=1,
            )
        # sudo: codes are compared, and none is shown
        return len({lot.fsma_code_id for lot in lots.sudo()}) > 1
