from odoo import api, models


class StockPicking(models.Model):
    """A receipt asks what the rule wants to know of its lots before it is validated."""

    _inherit = "stock.picking"

    def _pre_action_done_hook(self):
        return self.env["lot.fsma.ask"]._ask(self) or super()._pre_action_done_hook()


class MrpProduction(models.Model):
    """An order that packs a raw commodity for the first time asks where it comes from."""

    _inherit = "mrp.production"

    def pre_button_mark_done(self) -> dict | bool:
        """Ask for what is missing before core asks its own questions.

        :return: the dialog to show first, or what core returns
        """
        return self.env["lot.fsma.ask"]._ask(self) or super().pre_button_mark_done()


class LotScanTransfer(models.AbstractModel):
    """On a device, what a label does not tell waits: nobody types addresses with gloves on."""

    _inherit = "lot.scan.transfer"

    @api.model
    def _answer_lot_fsma_ask(self, picking, action, data):
        return self._dialog(action).action_later()


class LotScanFlowProduce(models.AbstractModel):
    _inherit = "lot.scan.flow.produce"

    @api.model
    def _answer_question(self, asked, command):
        if isinstance(asked, dict) and asked.get("res_model") == "lot.fsma.ask":
            context = asked.get("context") or {}
            dialog = self.env["lot.fsma.ask"].with_context(**context).browse(asked["res_id"])
            return dialog.action_later()
        return super()._answer_question(asked, command)
