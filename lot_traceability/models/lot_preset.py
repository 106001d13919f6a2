from odoo import api, fields, models


def one_line(vals: dict, names: tuple[str, ...]) -> dict:
    """The values, these texts of them without the line breaks of a data file."""
    return {
        name: " ".join(value.split()) if name in names and isinstance(value, str) else value
        for name, value in vals.items()
    }


class LotPreset(models.Model):
    """What a firm of an industry sets up first, each setting with the rule behind it. The records
    come with the modules; what a firm chooses of them it chooses in `lot.preset.wizard`."""

    _name = "lot.preset"
    _description = "Industry preset"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How programs name this preset")
    sequence = fields.Integer(default=50)
    description = fields.Text(translate=True)
    line_ids = fields.One2many("lot.preset.line", "preset_id", "Settings")

    _code_unique = models.Constraint("UNIQUE(code)", "Another preset has this code already.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([one_line(vals, ("name", "description")) for vals in vals_list])

    def write(self, vals):
        return super().write(one_line(vals, ("name", "description")))

    @api.model
    def is_offered(self) -> bool:
        """Whether the user should be asked to choose an industry for the current company: nobody
        has yet, nobody said no, and the user may.

        :return: True or False
        """
        company = self.env.company
        return bool(
            self.env.user.has_group("lot_traceability.group_administrator")
            # sudo: two facts of the user's own company
            and not company.sudo().lot_preset_id
            # sudo: as above
            and not company.sudo().lot_preset_declined
        )

    @api.model
    def decline(self) -> bool:
        """Ask no more whether an industry should be chosen for the current company.

        :return: True
        :raise AccessError: without the role Administrator
        """
        self.env["lot.preset.wizard"].check_access("create")
        # sudo: of the company this one field, which the role is for
        self.env.company.sudo().lot_preset_declined = True
        return True
