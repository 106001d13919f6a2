from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .lot_preset import one_line

AREAS = [
    ("numbering", "Lot numbers"),
    ("data", "Required data"),
    ("status", "Statuses and quarantine"),
    ("stock", "Which lots go first"),
    ("expiry", "Expiry stages"),
    ("label", "Labels"),
    ("signature", "Signatures"),
    ("review", "Audit log"),
    ("retention", "Retention"),
]
KINDS = [
    ("company", "Setting of the company"),
    ("scheme", "Numbering scheme"),
    ("demand", "Demanded data"),
    ("status", "Lot status"),
    ("operation", "Setting of operations"),
    ("removal", "Removal strategy"),
    ("stages", "Expiry stages"),
    ("label", "Labels printed by themselves"),
    ("signature", "Step that is signed"),
    ("retention", "Retention of the audit log"),
]


class LotPresetLine(models.Model):
    """One setting of a preset.

    `kind` says how it is read and written (`lot.preset.target`), `key` which one of its kind it
    is, `value` what it becomes. Another module adds kinds with `selection_add` and three methods
    of `lot.preset.target`, and lines to the presets that are there.
    """

    _name = "lot.preset.line"
    _description = "Setting of an industry preset"
    _order = "preset_id, area_order, sequence, id"

    preset_id = fields.Many2one("lot.preset", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=50)
    area = fields.Selection(AREAS, required=True)
    area_order = fields.Integer(compute="_compute_area_order", store=True)
    name = fields.Char("What it sets", required=True, translate=True)
    kind = fields.Selection(KINDS, required=True)
    key = fields.Char(help="Which setting of its kind")
    value = fields.Json("Becomes")
    why = fields.Text(required=True, translate=True)
    rule = fields.Char(
        required=True, translate=True, help="The section of the rule, or that it is practice"
    )

    _once = models.UniqueIndex(
        "(preset_id, kind, COALESCE(key, ''))", "The preset has this setting already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([one_line(vals, ("name", "why", "rule")) for vals in vals_list])

    def write(self, vals):
        return super().write(one_line(vals, ("name", "why", "rule")))

    @api.depends("area")
    def _compute_area_order(self):
        order = {name: place for place, (name, _label) in enumerate(self._fields["area"].selection)}
        for line in self:
            line.area_order = order.get(line.area, len(order))

    @api.constrains("kind", "key", "value")
    def _check_kind(self):
        targets = self.env["lot.preset.target"]
        for line in self:
            if not all(hasattr(targets, f"_{step}_{line.kind}") for step in ("read", "write")):
                raise ValidationError(
                    self.env._("Nothing knows how to set “%s”. Choose another kind.", line.kind)
                )

    def _area(self) -> str:
        self.ensure_one()
        return dict(self._fields["area"]._description_selection(self.env))[self.area]
