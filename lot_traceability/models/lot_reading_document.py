from odoo import fields, models


class LotReadingDocument(models.AbstractModel):
    """A document at which lots are measured."""

    _name = "lot.reading.document"
    _description = "Document with readings of lots"

    reading_count = fields.Integer(
        "Readings", compute="_compute_reading_count", groups="lot_traceability.group_reader"
    )

    def _reading_link(self) -> str:
        """The field of a reading that names this document."""
        raise NotImplementedError

    def _reading_lots(self):
        """The lots that may be measured here."""
        raise NotImplementedError

    def _reading_step(self) -> str:
        """The step at which limits are looked up."""
        raise NotImplementedError

    def _compute_reading_count(self):
        link = self._reading_link()
        counts = dict(
            self.env["lot.measurement"]._read_group([(link, "in", self.ids)], [link], ["__count"])
        )
        for document in self:
            document.reading_count = counts.get(document._origin, 0)

    def action_readings(self) -> dict:
        """Open the readings taken at this document, to see them and to enter new ones.

        :return: the window action of their list
        """
        self.ensure_one()
        lots = self._reading_lots()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lot_traceability.lot_measurement_action"
            ),
            "domain": [(self._reading_link(), "=", self.id)],
            "context": {
                f"default_{self._reading_link()}": self.id,
                "default_lot_id": lots.id if len(lots) == 1 else False,
                "default_step": self._reading_step(),
                "default_company_id": self.company_id.id,
                "reading_lot_ids": lots.ids,
            },
        }
