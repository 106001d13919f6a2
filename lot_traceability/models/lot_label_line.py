from odoo import api, fields, models


class LotLabelLine(models.Model):
    """How many labels a print made of one lot, package or place."""

    _name = "lot.label.line"
    _description = "Printed label"
    _order = "id desc"
    _rec_name = "res_name"

    job_id = fields.Many2one(
        "lot.label.job", "Print", required=True, readonly=True, ondelete="cascade", index="btree"
    )
    design_id = fields.Many2one(related="job_id.design_id")
    kind = fields.Selection(related="job_id.kind", store=True)
    res_model = fields.Char("Kind of record", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char("Of", required=True, readonly=True)
    copies = fields.Integer("Labels", required=True, readonly=True)
    again = fields.Boolean(readonly=True)
    reason = fields.Char(related="job_id.reason")
    document = fields.Char(related="job_id.document")
    company_id = fields.Many2one(related="job_id.company_id", store=True, index="btree")

    _record = models.Index("(res_model, res_id)")

    @api.model
    def _printed_before(self, design, labels) -> set:
        """The records among these that have had such a label."""
        if not labels:
            return set()
        model = labels[0].record._name
        # sudo: a print by somebody of another company was a print as well
        lines = self.sudo().search_fetch(
            [
                ("res_model", "=", model),
                ("res_id", "in", [label.record.id for label in labels]),
                ("kind", "=", design.kind),
            ],
            ["res_id"],
        )
        printed = set(lines.mapped("res_id"))
        return {label.record for label in labels if label.record.id in printed}

    @api.model
    def _totals(self, model: str, ids: list[int]) -> dict[int, int]:
        """{id: labels} of records of one model."""
        return dict(
            self._read_group(
                [("res_model", "=", model), ("res_id", "in", ids)], ["res_id"], ["copies:sum"]
            )
        )

    @api.model
    def _action_of(self, record) -> dict:
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_label_line_action"
        )
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return action | {"domain": domain}
