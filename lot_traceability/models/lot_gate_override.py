from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError


class LotGateOverride(models.Model):
    """Quality lets a lot that the gate refuses pass on one document, for a reason. Made once,
    never changed: what it allowed has happened."""

    _name = "lot.gate.override"
    _description = "Lot let pass"
    _inherit = ["lot.signable"]
    _order = "id desc"

    lot_id = fields.Many2one("stock.lot", required=True, index=True, ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id")
    refused_for = fields.Char("Refused because", required=True)
    reason = fields.Char("Let pass because", required=True)
    user_id = fields.Many2one(
        "res.users", "By", required=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    date = fields.Datetime("On", required=True, default=fields.Datetime.now)
    res_model = fields.Char("Kind of document", required=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", required=True)
    document_name = fields.Char("Document name", required=True)
    company_id = fields.Many2one("res.company", required=True, index=True)

    _document = models.Index("(res_model, res_id)")

    @api.model
    def _lots(self, document) -> list[int]:
        """Lots that may pass on a document.

        :param document: a transfer, a manufacturing order, a repair…
        """
        if not document.ids:
            return []
        # sudo: the permission counts for whoever moves the goods
        found = self.sudo().search(
            [("res_model", "=", document._name), ("res_id", "in", document.ids)]
        )
        return found.lot_id.ids

    @api.model
    def _lots_by_document(self, documents) -> dict:
        """As `_lots` for many documents of any models, those without left out.

        :return: {document: ids of lots}
        """
        by_model = defaultdict(dict)
        for document in documents:
            by_model[document._name][document.id] = document
        found: dict = {}
        for model, known in by_model.items():
            # sudo: the permission counts for whoever moves the goods
            for document_id, lot_id in self.sudo()._read_group(
                [("res_model", "=", model), ("res_id", "in", list(known))], ["res_id", "lot_id"]
            ):
                found.setdefault(known[document_id], []).append(lot_id.id)
        return found

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not (vals.get("reason") or "").strip():
                raise UserError(self.env._("Say why these lots may pass: the reason is kept."))
            if not self.env.su:
                # Who lets pass, and when, is noted and not said.
                vals |= {"user_id": self.env.uid, "date": fields.Datetime.now()}
            document = self.env[vals["res_model"]].browse(vals["res_id"])
            values = {"reason": vals["reason"]}
            self.env["lot.signing"]._demand("override", document, values)
        overrides = super().create(vals_list)
        for override in overrides:
            self.env["lot.audit.event"]._record(
                "override",
                lot=override.lot_id,
                company=override.company_id,
                document=self.env[override.res_model].browse(override.res_id),
                data={"refused_for": override.refused_for},
                why=override.reason,
            )
        return overrides

    def _signature_facts(self):
        return super()._signature_facts() | {
            "lot_id": {"id": self.lot_id.id, "name": self.lot_id.name},
            "product_id": {"id": self.product_id.id, "name": self.product_id.display_name},
            "refused_for": self.refused_for,
            "reason": self.reason,
            "user_id": {"id": self.user_id.id, "name": self.user_id.name},
            "date": f"{fields.Datetime.to_string(self.date)} UTC",
            "res_model": self.res_model,
            "res_id": {"id": self.res_id, "name": self.document_name},
        }

    def _signature_place(self):
        document = self.env[self.res_model].browse(self.res_id)
        return {"lot": self.lot_id, "document": document, "company": self.company_id}

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env._("What let a lot pass is evidence and cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What let a lot pass is evidence and cannot be deleted."))
