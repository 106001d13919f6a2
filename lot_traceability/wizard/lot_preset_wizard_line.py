from odoo import fields, models

NEW, SAME, THEIRS, GONE, NOWHERE = "new", "same", "theirs", "gone", "nowhere"


class LotPresetWizardLine(models.TransientModel):
    _name = "lot.preset.wizard.line"
    _description = "Setting that is proposed"

    wizard_id = fields.Many2one("lot.preset.wizard", required=True, ondelete="cascade")
    line_id = fields.Many2one("lot.preset.line", readonly=True)
    setting_id = fields.Many2one("lot.preset.setting", readonly=True)
    area = fields.Char(readonly=True)
    name = fields.Char("What it sets", readonly=True)
    now = fields.Char(readonly=True)
    then = fields.Char(readonly=True)
    shown = fields.Char("As it was shown", readonly=True)
    why = fields.Text(readonly=True)
    rule = fields.Char(readonly=True)
    state = fields.Selection(
        [
            (NEW, "To be set"),
            (SAME, "As it should be"),
            (THEIRS, "Changed by your firm"),
            (GONE, "Not needed any more"),
            (NOWHERE, "Nothing to set"),
        ],
        readonly=True,
    )
    tick = fields.Boolean("Set")
