from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.lot_label_design import FORMATS


class LotLabelWizard(models.TransientModel):
    """Asks what to print, and shows the first label as it will be."""

    _name = "lot.label.wizard"
    _description = "Print labels"

    res_model = fields.Char(required=True)
    res_ids = fields.Json(required=True)
    allowed_design_ids = fields.Many2many(
        "lot.label.design", compute="_compute_allowed_design_ids", string="Possible labels"
    )
    design_id = fields.Many2one(
        "lot.label.design",
        "Label",
        required=True,
        domain="[('id', 'in', allowed_design_ids)]",
    )
    per_unit = fields.Boolean("One for each unit")
    copies = fields.Integer(required=True, default=1)
    quantity = fields.Float(
        "Quantity on the label", help="Empty: that of the document, where there is one"
    )
    printer_id = fields.Many2one(
        "lot.label.printer",
        compute="_compute_printer_id",
        store=True,
        readonly=False,
        help="Empty: a file to download",
    )
    file_format = fields.Selection(
        FORMATS, "Format", compute="_compute_file_format", store=True, readonly=False
    )
    on_sheet = fields.Boolean(related="design_id.on_sheet")
    first = fields.Integer(
        "Start at", default=1, help="The first place on the sheet that still has a label, from 1"
    )
    label_count = fields.Integer("Number of labels", compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    warning = fields.Char(compute="_compute_preview")
    problem = fields.Char(compute="_compute_preview")
    is_again = fields.Boolean(compute="_compute_preview")
    reason = fields.Char("Why again")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        model, ids = context.get("active_model"), context.get("active_ids") or []
        designs = self.env["lot.label.design"]
        if model not in designs._label_sources() or not ids:
            raise UserError(self.env._("Choose lots, packages, places or documents first."))
        found = designs._designs_for(self.env[model].browse(ids[:1]))
        if not found:
            raise UserError(
                self.env._("There is no label design for this. Ask an administrator to make one.")
            )
        values |= {"res_model": model, "res_ids": ids}
        values.setdefault("design_id", found[0]["id"])
        return values

    def _records(self):
        return self.env[self.res_model].browse(self.res_ids or [])

    @api.depends("res_model", "res_ids")
    def _compute_allowed_design_ids(self):
        designs = self.env["lot.label.design"]
        for wizard in self:
            found = designs._designs_for(wizard._records()[:1]) if wizard.res_model else []
            wizard.allowed_design_ids = designs.browse(design["id"] for design in found)

    @api.depends("design_id")
    def _compute_printer_id(self):
        for wizard in self:
            wizard.printer_id = wizard.design_id.printer_id

    @api.depends("design_id", "printer_id")
    def _compute_file_format(self):
        for wizard in self:
            wizard.file_format = wizard.printer_id.language or wizard.design_id.file_format

    def _number_of_copies(self) -> int:
        return 0 if self.per_unit else max(self.copies, 1)

    @api.depends(
        "design_id", "copies", "per_unit", "quantity", "printer_id", "file_format", "res_ids"
    )
    def _compute_preview(self):
        for wizard in self:
            wizard.label_count, wizard.preview = 0, False
            wizard.warning, wizard.problem, wizard.is_again = False, False, False
            if not wizard.design_id or not wizard.res_model:
                continue
            design = wizard.design_id._origin
            labels = design._labels(
                wizard._records(), wizard._number_of_copies(), max(wizard.quantity, 0.0)
            )
            wizard.label_count = sum(label.copies for label in labels)
            if not labels:
                wizard.problem = self.env._("Nothing of what you have chosen has such a label.")
                continue
            wizard.is_again = bool(self.env["lot.label.line"]._printed_before(design, labels))
            dpi = wizard.printer_id.dpi_number or 300
            try:
                page, warning = design._page(labels[0], dpi)
            except UserError as error:
                wizard.problem = str(error)
                continue
            if design._lacks_font(page, wizard.file_format or design.file_format):
                warning = self.env._(
                    "This server has no font for some of the writing. Install one, such as "
                    "fonts-noto-cjk, or print as PDF."
                )
            wizard.warning = warning
            wizard.preview = design._shown(page)

    def action_print(self) -> dict:
        """Print the labels.

        :return: what fetches the file, or a message that it goes to the printer
        :raise UserError: it cannot be printed, or a reason is missing
        """
        self.ensure_one()
        answer = self.env["lot.label.design"]._print(
            self._records(),
            self.design_id,
            self._number_of_copies(),
            self.printer_id,
            self.reason or "",
            self.file_format or "",
            quantity=self.quantity,
            first=self.first,
        )
        job = self.env["lot.label.job"].browse(answer["job_id"])
        if answer["state"] == "queued":
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": answer["message"],
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        if self.printer_id:
            return job._report_action() | {"close_on_report_download": True}
        return job.action_download() | {"close": True}
