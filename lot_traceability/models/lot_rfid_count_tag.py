from odoo import fields, models


class LotRfidCountTag(models.Model):
    """A tag that was read in a count."""

    _name = "lot.rfid.count.tag"
    _description = "Tag of an RFID count"
    _order = "id"
    _rec_name = "identity"
    _log_access = False

    count_id = fields.Many2one("lot.rfid.count", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    identity = fields.Char("Tag", required=True, readonly=True)
    epc = fields.Char("EPC", readonly=True)
    scheme = fields.Char(readonly=True)
    gtin = fields.Char("GTIN", readonly=True)
    serial = fields.Char(readonly=True)
    lot_name = fields.Char("Lot on the tag", readonly=True)
    sscc = fields.Char("SSCC", readonly=True)
    problem = fields.Char(readonly=True)
    last_at = fields.Datetime("Read", readonly=True)
    reads = fields.Integer(readonly=True)

    _once = models.UniqueIndex("(count_id, identity)")
