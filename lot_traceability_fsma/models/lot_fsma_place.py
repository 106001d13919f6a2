from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import places

# What this transaction knows of rows that never change.
_KNOWN = "lot_traceability_fsma.places"


class LotFsmaPlace(models.Model):
    """A location description as it was when an event was recorded (21 CFR 1.1310).

    Rows are never changed: when a partner moves, the next event gets another row. Events of one
    place share it, so that a year of them exports without reading addresses again.
    """

    _name = "lot.fsma.place"
    _description = "Location description"
    _log_access = False
    _order = "name, id"

    partner_id = fields.Many2one("res.partner", readonly=True, index=True, ondelete="restrict")
    digest = fields.Char(required=True, readonly=True)
    display_text = fields.Char("Location", readonly=True)
    name = fields.Char("Business name", readonly=True)
    phone = fields.Char(readonly=True)
    street = fields.Char("Physical address", readonly=True)
    city = fields.Char(readonly=True)
    state = fields.Char(readonly=True)
    zip = fields.Char("Zip or postal code", readonly=True)
    country = fields.Char(readonly=True, help="Code of the country, ISO 3166-1")
    latitude = fields.Float(digits=(10, 7), readonly=True)
    longitude = fields.Float(digits=(10, 7), readonly=True)
    gln = fields.Char("Global location number", readonly=True)
    ffrn = fields.Char("Food facility registration number", readonly=True)
    ggn = fields.Char("GLOBALG.A.P. number", readonly=True)
    url = fields.Char("Web address for look-up", readonly=True)
    missing = fields.Char("Not known", readonly=True, help="Parts of the description, by commas")

    _digest_unique = models.UniqueIndex("(digest)")

    @api.depends("display_text")
    def _compute_display_name(self):
        for place in self:
            place.display_name = place.display_text or ""

    @api.model
    def _of(self, partners) -> dict[int, int]:
        """The place of each of these partners as it is now: {partner id: place id}. One query,
        and one more for those that are new."""
        # sudo: where goods go is recorded, whoever may read the address
        snapshots = {partner.id: partner._place() for partner in partners.sudo()}
        keys = {one: f"{one}:{places.digest(place)}" for one, place in snapshots.items()}
        if not keys:
            return {}
        known = dict(
            self.env.execute_query(
                SQL(
                    "SELECT digest, id FROM lot_fsma_place WHERE digest = ANY(%s)",
                    list(keys.values()),
                )
            )
        )
        new = [one for one, key in keys.items() if key not in known]
        if new:
            known.update(self._insert([(one, keys[one], snapshots[one]) for one in new]))
        found = {one: known[key] for one, key in keys.items()}
        memory = self.env.cr.cache.setdefault(_KNOWN, {})
        memory.update({found[one]: snapshots[one] for one in found})
        return found

    @api.model
    def _keep(self, told: list[tuple]) -> list[int]:
        """The places of descriptions that others have told: of each (partner id or False,
        description) its id."""
        rows = [
            (partner or None, f"{partner or 0}:{places.digest(place)}", place)
            for partner, place in told
        ]
        # The same description may be told twice.
        unique = {digest: (partner, digest, place) for partner, digest, place in rows}
        known = dict(self._insert(list(unique.values()))) if unique else {}
        return [known[digest] for _partner, digest, _place in rows]

    @api.model
    def _insert(self, rows: list[tuple]) -> list[tuple]:
        """(digest, id) of places that were not known. Two people may be the first: the second is
        told to try again by PostgreSQL, and Odoo does."""
        columns = ("partner_id", "digest", "display_text", "missing", *places.KEYS)
        values = [
            (
                partner,
                digest,
                places.text(place),
                ",".join(places.gaps(place)),
                *(place.get(key) or None for key in places.KEYS),
            )
            for partner, digest, place in rows
        ]
        return self.env.execute_query(
            SQL(
                "INSERT INTO lot_fsma_place (%s) VALUES %s "
                "ON CONFLICT (digest) DO UPDATE SET digest = EXCLUDED.digest RETURNING digest, id",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
            )
        )

    @api.model
    def _snapshots(self, ids) -> dict[int, dict]:
        """The descriptions of places as the pure tools take them, by id."""
        memory = self.env.cr.cache.setdefault(_KNOWN, {})
        # sudo: a place is read with the event that names it
        for place in self.sudo().browse(one for one in ids if one not in memory):
            memory[place.id] = {key: place[key] for key in places.KEYS if place[key]}
        return {one: memory[one] for one in ids}

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super  # only `_of` may
        raise UserError(self._refused())

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self._refused())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self._refused())

    @api.model
    def _refused(self) -> str:
        return self.env._(
            "Locations of recorded events stay as they were. Change the contact: the next event "
            "takes its new address."
        )
