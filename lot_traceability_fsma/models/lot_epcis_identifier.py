from odoo import fields, models


class LotEpcisIdentifier(models.Model):
    """What an EPCIS event names, in one notation each: the way from a code to its events."""

    _name = "lot.epcis.identifier"
    _description = "Identifier in an EPCIS event"
    _log_access = False
    _rec_name = "epc"
    _order = "id"

    event_id = fields.Many2one(
        "lot.epcis.event", required=True, readonly=True, index=True, ondelete="cascade"
    )
    role = fields.Char(required=True, readonly=True, help="Where in the event it stands")
    epc = fields.Char("Identifier", required=True, readonly=True)

    # The pattern class serves equality as well as patterns with a fixed beginning.
    _epc = models.Index("(epc text_pattern_ops, event_id DESC)")
