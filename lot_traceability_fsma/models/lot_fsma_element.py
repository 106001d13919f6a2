from odoo import api, fields, models
from odoo.tools import ormcache

from ..tools.events import EVENTS, Circumstances, elements, every_element


class LotFsmaElement(models.Model):
    """How a key data element is named on screens and in files; data, so that its wording can be
    put right and translated."""

    _name = "lot.fsma.element"
    _description = "Key data element"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    section = fields.Char("Sections", readonly=True, help="Of 21 CFR part 1 subpart S")
    kind = fields.Char(readonly=True)
    sequence = fields.Integer(readonly=True)

    _code_unique = models.Constraint("UNIQUE(code)", "This element is on the list already.")

    @api.model
    def _load_elements(self) -> None:
        """One record for each element of the pure rules; wordings that were changed stay."""
        sections: dict[str, list[str]] = {}
        everything = Circumstances(raw=True, applies=frozenset({"sprouts"}))
        for kind in EVENTS:
            for of in (everything, Circumstances(exempt=True)):
                for element in elements(kind, of):
                    known = sections.setdefault(element.code, [])
                    if element.section not in known:
                        known.append(element.section)
        self._load_records(
            [
                {
                    "xml_id": f"lot_traceability_fsma.element_{element.code}",
                    "noupdate": True,
                    "values": {
                        "code": element.code,
                        "name": element.label,
                        "section": ", ".join(sections[element.code]),
                        "kind": element.kind,
                        "sequence": sequence,
                    },
                }
                for sequence, element in enumerate(every_element().values())
            ]
        )

    @api.model
    def _names(self) -> dict[str, str]:
        """{code: name in the user's language}"""
        return self._names_in(self.env.lang or "en_US")

    @api.model
    @ormcache("lang")
    def _names_in(self, lang: str) -> dict[str, str]:
        # sudo: names of elements are no secret
        found = self.sudo().with_context(lang=lang).search([("code", "!=", False)])
        return {element.code: element.name for element in found}

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)
