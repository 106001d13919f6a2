from typing import Any

from odoo import api, fields, models
from odoo.fields import Command


class LotRecallDestroy(models.TransientModel):
    """Asks for certificate and witness, once for all goods that go the same way."""

    _name = "lot.recall.destroy"
    _description = "Destroy recalled goods"

    disposition_ids = fields.Many2many("lot.recall.disposition", readonly=True)
    summary = fields.Text(compute="_compute_summary")
    witness_id = fields.Many2one("res.partner", help="A contact who saw it")
    witness_name = fields.Char("Name of the witness", help="Where the witness is no contact")
    attachment_ids = fields.Many2many("ir.attachment", string="Certificate")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        for command in values.get("disposition_ids") or []:
            known = self.env["lot.recall.disposition"].browse(command[2] or [])
            values |= {
                "witness_id": known.witness_id[:1].id,
                "witness_name": next(filter(None, known.mapped("witness_name")), False),
                "attachment_ids": [Command.set(known.attachment_ids.ids)],
            }
        return {name: value for name, value in values.items() if name in fields_list}

    @api.depends("disposition_ids")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = "\n".join(one._goods_text() for one in wizard.disposition_ids)

    def action_destroy(self) -> bool | dict[str, Any]:
        """Destroy the goods; where the firm has that signed, ask for the signature.

        :return: True, or the action that opens the dialog of the signature
        :raise UserError: without certificate or witness
        """
        self.ensure_one()
        self.disposition_ids.write(
            {
                "witness_id": self.witness_id.id,
                "witness_name": self.witness_name,
                "attachment_ids": [Command.set(self.attachment_ids.ids)],
            }
        )
        return self.disposition_ids._destroy_or_ask()
