from odoo import models
from odoo.exceptions import UserError


class LotTraceDocument(models.AbstractModel):
    """A document whose lots can be traced with one button."""

    _name = "lot.trace.document"
    _description = "Document with lots to trace"

    def action_trace_lots(self) -> dict:
        """Open the trace of all lots of these documents.

        :return: the client action of the trace page
        :raise UserError: when the documents have no lots
        """
        _kind, lots_of = self.env["lot.trace"]._document_lots()[self._name]
        lots = lots_of(self)
        if not lots:
            raise UserError(
                self.env._("There are no lots here to trace yet: they come with the moved goods.")
            )
        return lots.action_trace()
