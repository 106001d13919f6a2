from odoo import api, models
from odoo.addons.lot_traceability.tools import lot_label
from odoo.addons.lot_traceability.tools.gs1 import ElementString
from odoo.fields import Domain

# Where the goods were made or packed, else the place that the label names: that is who gave the
# code. Whom they were bought from (412), go to (410, 413) or are paid to (415) is not.
_SOURCES = ("416", "414")


class StockMoveLine(models.Model):
    """A GS1 label on goods that arrive tells their traceability lot code, and often who gave it."""

    _inherit = "stock.move.line"

    @api.model
    def _label_values(self, text, product, source, company=None):
        told = super()._label_values(text, product, source, company)
        if told and source.usage == "supplier":
            company = company or self.env.company
            label, _error = lot_label.read(text, today=self.env["lot.calendar"]._today(company))
            told.update(self._fsma_label_values(label, product, company))
        return told

    @api.model
    def _fsma_label_values(self, label: ElementString, product, company) -> dict:
        """Code and source that a label tells, as values of a line; empty where the goods have no
        traceability lot code.

        A number of a place that nobody has is kept as it stands there: it leads to the source.
        """
        # sudo: who receives goods need not be allowed to read how the product is traced
        product = product.sudo()
        traced = product.fsma_listed or company.fsma_record_all
        if not traced or product.fsma_stage == "raw":
            return {}
        serial = product.tracking == "serial"
        batch = (label.serial or label.lot) if serial else (label.lot or label.serial)
        told = {}
        if batch:
            # The trade's code is the item's number and its lot, as the codes that are given here.
            key = "21" if batch == label.serial and batch != label.lot else "10"
            told["fsma_code"] = f"(01){label.gtin}({key}){batch}" if label.gtin else batch
        gln = label.value(*_SOURCES)
        if gln:
            # 254 is the place within the location of 414.
            extension = label.gln_extension if gln == label.gln else None
            partner = self._fsma_partner_of_gln(gln, extension, company)
            told["fsma_source_id"] = partner.id
            if extension:
                # No contact says it.
                gln = f"(414){gln}(254){extension}"
            told["fsma_source_reference"] = gln if extension or not partner else False
        return told

    @api.model
    def _fsma_partner_of_gln(self, gln: str, extension: str | None, company):
        """The contact, or the address of our own place, with this number; none where it is
        nobody's, or of several firms."""
        own = self.env["lot.trace"]._locations_of_gln(
            gln, extension, Domain("company_id", "=", company.id)
        )
        found = own[:1]._fsma_address() if own else self.env["res.partner"]
        if not found:
            found = found.search(
                Domain("fsma_gln", "=", gln) & Domain("company_id", "in", (company.id, False))
            )
        firms = found.commercial_partner_id
        return (found & firms)[:1] or found[:1] if len(firms) == 1 else firms.browse()
