import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import farm_map, places
from .fsma_numbers import is_gln


class ResPartner(models.Model):
    """Contacts as the rule sees them: places, farms, vessels, consumers."""

    _inherit = "res.partner"

    fsma_gln = fields.Char("Global location number (GLN)", index="btree_not_null")
    fsma_ffrn = fields.Char("Food facility registration number", index="btree_not_null")
    fsma_ggn = fields.Char("GLOBALG.A.P. number (GGN)", index="btree_not_null")
    fsma_url = fields.Char(
        "Web address for look-up", help="Where the FDA finds the location of this place"
    )
    fsma_recipient = fields.Selection(
        [("business", "A business"), ("consumer", "A consumer")],
        "Under FSMA 204",
        help="What goes to consumers is no shipping under the rule. Empty: a person without a "
        "company is a consumer.",
    )
    fsma_donation = fields.Boolean(
        "Receives donated food", help="Food given away as surplus is no shipping under the rule"
    )
    fsma_farm = fields.Boolean("Farm", help="What it sends was harvested there")
    fsma_vessel = fields.Boolean(
        "Fishing vessel",
        help="Seafood received from it is received on land for the first time: it is given its "
        "traceability lot code here",
    )
    fsma_source_id = fields.Many2one(
        "res.partner",
        "Its goods are coded at",
        ondelete="restrict",
        help="The place that gives the traceability lot code to what this supplier sends, unless "
        "the receipt tells otherwise. A grower or maker gives it himself.",
    )
    fsma_area_ids = fields.One2many("lot.fsma.area", "farm_id", "Fields and containers")
    fsma_place_missing = fields.Char(
        "Location lacks", compute="_compute_fsma_place_missing", compute_sudo=True
    )

    fsma_farm_plan = fields.Binary(
        "Plan of the farm",
        compute="_compute_fsma_farm_plan",
        help="Its fields and containers to scale, north up, as far as their coordinates are known",
    )

    @api.depends(
        "fsma_area_ids.name",
        "fsma_area_ids.latitude",
        "fsma_area_ids.longitude",
        "fsma_area_ids.outline",
    )
    def _compute_fsma_farm_plan(self):
        for farm in self:
            plan = farm_map.draw(area._on_map() for area in farm.fsma_area_ids)
            farm.fsma_farm_plan = plan and base64.b64encode(farm_map.svg(plan).encode())

    @api.constrains("fsma_gln", "fsma_ffrn", "fsma_ggn", "fsma_url")
    def _check_fsma_numbers(self):
        rules = (
            ("fsma_gln", is_gln, self.env._("13 digits, the last of them the check digit")),
            ("fsma_ffrn", places.is_facility_number, self.env._("11 digits")),
            ("fsma_ggn", places.is_ggn, self.env._("13 digits")),
            ("fsma_url", places.is_web_address, self.env._("an address with https://")),
        )
        for partner in self:
            for name, fits, words in rules:
                value = partner[name]
                if value and not fits(value):
                    raise ValidationError(
                        self.env._(
                            "%(partner)s: %(field)s “%(value)s” is not right; it is %(rule)s.",
                            partner=partner.display_name,
                            field=self._fields[name]._description_string(self.env),
                            value=value,
                            rule=words,
                        )
                    )

    @api.depends(
        "name",
        "phone",
        "street",
        "street2",
        "city",
        "zip",
        "state_id.code",
        "country_id.code",
        "partner_latitude",
        "partner_longitude",
        "commercial_partner_id.name",
        "commercial_partner_id.phone",
    )
    def _compute_fsma_place_missing(self):
        labels = self._place_labels()
        for partner in self:
            gaps = places.gaps(partner._place())
            partner.fsma_place_missing = ", ".join(labels[key] for key in gaps)

    @api.model
    def _place_labels(self) -> dict[str, str]:
        """How the parts of a location are named, in the user's language."""
        place = self.env["lot.fsma.place"]
        return {key: place._fields[key]._description_string(self.env) for key in places.KEYS}

    def _place(self) -> dict:
        """The location description of this contact as it is now: {key: text or number}, keys as
        in `tools.places.KEYS`, without those that are not known."""
        self.ensure_one()
        firm = self.commercial_partner_id
        place = {
            "name": firm.name or self.name,
            "phone": self.phone or firm.phone,
            "street": ", ".join(filter(None, (self.street, self.street2))),
            "city": self.city,
            "state": self.state_id._fsma_code(self.state_id.id),
            "zip": self.zip,
            "country": self.country_id._fsma_code(self.country_id.id),
            "latitude": self.partner_latitude,
            "longitude": self.partner_longitude,
            "gln": self.fsma_gln,
            "ffrn": self.fsma_ffrn,
            "ggn": self.fsma_ggn,
            "url": self.fsma_url,
        }
        return {key: value for key, value in place.items() if value}

    def _is_consumer(self) -> bool:
        """Whoever buys for himself, as far as it is known."""
        self.ensure_one()
        firm = self.commercial_partner_id
        told = self.fsma_recipient or firm.fsma_recipient
        if told:
            return told == "consumer"
        return not firm.is_company and firm == self
