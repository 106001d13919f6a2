from odoo import api, models


class LotScanFlowReceive(models.AbstractModel):
    """On a handheld the label tells the traceability lot code and its source, which nobody types
    with gloves on."""

    _inherit = "lot.scan.flow.receive"

    @api.model
    def _facts_of(self, command, arrival):
        facts = super()._facts_of(command, arrival)
        reading, picking = arrival.reading, arrival.picking
        if not reading or not reading.elements or picking.location_id.usage != "supplier":
            return facts
        told = self.env["stock.move.line"]._fsma_label_values(
            reading.elements, arrival.product, picking.company_id
        )
        return {**facts, **{name: value for name, value in told.items() if value}}

    @api.model
    def _text_of_received(self, arrival, quarantine):
        text = super()._text_of_received(arrival, quarantine)
        gln = arrival.facts.get("fsma_source_reference")
        if not gln or arrival.facts.get("fsma_source_id"):
            return text
        return self.env._(
            "%(text)s No contact has the location number %(gln)s: it is kept as the reference of "
            "the code's source.",
            text=text,
            gln=gln,
        )
