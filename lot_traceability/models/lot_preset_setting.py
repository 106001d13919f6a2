from typing import Any

from odoo import fields, models


class LotPresetSetting(models.Model):
    """What a preset has set in a company, and what was there before. Thereby it is known later
    what people have changed since, and what another industry does not need any more."""

    _name = "lot.preset.setting"
    _description = "Setting that a preset has made"
    _order = "company_id, id"
    _rec_name = "name"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    preset_id = fields.Many2one("lot.preset", required=True, ondelete="cascade")
    area = fields.Char(required=True)
    name = fields.Char("What it set", required=True)
    kind = fields.Char(required=True)
    key = fields.Char()
    # In {"is": …}: of a bare null nothing is kept.
    value = fields.Json("As it was set")
    before = fields.Json("As it was before")

    _once = models.UniqueIndex("(company_id, kind, COALESCE(key, ''))", "This is noted already.")

    def _made(self) -> Any:
        """What the preset has set."""
        return self.value["is"]

    def _was(self) -> Any:
        """What was there before."""
        return self.before["is"]
