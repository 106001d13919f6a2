from odoo import api, fields, models

from .lot_recall_disposition_do import REWORK


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    recall_disposition_id = fields.Many2one(
        "lot.recall.disposition", index="btree_not_null", ondelete="restrict", copy=False
    )


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    recall_disposition_id = fields.Many2one(
        "lot.recall.disposition", index="btree_not_null", ondelete="restrict"
    )
    recall_id = fields.Many2one(related="recall_disposition_id.recall_id", string="Recall")


class LotGateOverride(models.Model):
    _inherit = "lot.gate.override"

    @api.model_create_multi
    def create(self, vals_list):
        overrides = super().create(vals_list)
        orders = overrides.filtered(lambda one: one.res_model == "mrp.production").mapped("res_id")
        # sudo: the call of a rework is answered, whoever lets its lot pass
        found = self.env["mrp.production"].sudo().browse(orders).recall_disposition_id
        found.activity_feedback([REWORK])
        return overrides


class StockPicking(models.Model):
    _inherit = "stock.picking"

    recall_disposition_id = fields.Many2one(
        "lot.recall.disposition", index="btree_not_null", ondelete="restrict"
    )


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _after_done(self):
        result = super()._after_done()
        lots = self.filtered("lot_id")
        counted = lots.filtered(lambda line: line.move_id.is_inventory)
        scrapped = (lots - counted).filtered(lambda line: line.location_dest_usage == "inventory")
        # sudo: whoever scraps or counts need not know of recalls; theirs are the lines as well
        recalls = self.env["lot.recall"].sudo()
        if scrapped:
            recalls._take_scrapped(scrapped.sudo())
        if counted:
            recalls._take_counted(counted.sudo())
        return result
