from odoo import fields, models


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


class StockPicking(models.Model):
    _inherit = "stock.picking"

    recall_disposition_id = fields.Many2one(
        "lot.recall.disposition", index="btree_not_null", ondelete="restrict"
    )


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _after_done(self):
        result = super()._after_done()
        scrapped = self.filtered(
            lambda line: (
                line.location_dest_usage == "inventory"
                and line.lot_id
                and not line.move_id.is_inventory
            )
        )
        if scrapped:
            # sudo: whoever scraps need not know of recalls
            self.env["lot.recall"].sudo()._take_scrapped(scrapped.sudo())
        return result
