from odoo import api, models
from odoo.exceptions import UserError

# Attachments that are a record of the rule, by their model and the field that they are in.
FILES = {
    "lot.fsma.request": "attachment_id",
    "lot.fsma.agreement": "attachment_ids",
    "lot.fsma.exemption": "attachment_ids",
}


class StockLot(models.Model):
    _inherit = "stock.lot"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_events(self):
        # sudo: records are kept, whoever may read them
        events = self.env["lot.fsma.event"].sudo()
        told = events.search([("lot_id", "in", self.ids)], limit=1).lot_id
        if not told:
            # sudo: as above
            used = self.env["lot.fsma.event.input"].sudo()
            told = used.search([("lot_id", "in", self.ids)], limit=1).lot_id
        if told:
            raise UserError(
                self.env._(
                    "Lot %s is told of by critical tracking events, which are kept for at least "
                    "two years (21 CFR 1.1455): it cannot be deleted. Archive its product instead.",
                    told.name,
                )
            )


class LotFsmaCode(models.Model):
    _inherit = "lot.fsma.code"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        # sudo: as for lots
        events = self.env["lot.fsma.event"].sudo()
        told = events.search([("code_id", "in", self.ids)], limit=1).code_id
        # sudo: as for lots
        used = self.env["lot.fsma.event.input"].sudo()
        told = told or used.search([("code_id", "in", self.ids)], limit=1).code_id
        told = told or self.lot_ids[:1].fsma_code_id
        if told:
            raise UserError(
                self.env._(
                    "The traceability lot code %s belongs to goods that are traced: it is kept "
                    "for at least two years (21 CFR 1.1455).",
                    told.code,
                )
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_events(self):
        # sudo: as for lots
        places = self.env["lot.fsma.place"].sudo()
        told = places.search([("partner_id", "in", self.ids)], limit=1).partner_id
        if told:
            raise UserError(
                self.env._(
                    "%s is a location in critical tracking events, which are kept for at least "
                    "two years (21 CFR 1.1455). Archive the contact instead.",
                    told.display_name,
                )
            )


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_events(self):
        # sudo: as for lots
        events = self.env["lot.fsma.event"].sudo()
        told = events.search([("product_id", "in", self.ids)], limit=1).product_id
        if told:
            raise UserError(
                self.env._(
                    "%s is told of by critical tracking events, which are kept for at least two "
                    "years (21 CFR 1.1455). Archive the product instead.",
                    told.display_name,
                )
            )


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept_files(self):
        for model, name in FILES.items():
            # sudo: as for lots
            holders = self.env[model].sudo().with_context(active_test=False)
            if holders.search_count([(name, "in", self.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "This file is a record under FSMA 204: it is kept as long as the record "
                        "that it belongs to."
                    )
                )
