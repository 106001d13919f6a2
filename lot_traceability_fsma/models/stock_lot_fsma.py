from collections.abc import Mapping
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .lot_fsma_event_learn import TOLD_TO_LOT

# What a receipt can tell of its lot, besides what it tells without this module.
ORIGINS = (
    "fsma_farm_id",
    "fsma_area_id",
    "fsma_harvester_id",
    "fsma_cooler_id",
    "fsma_cooling_date",
    "fsma_catch_area",
)


class StockLot(models.Model):
    """What the rule wants to know of a lot and Odoo cannot: told once, where the goods arrive, and
    taken over into every event."""

    _inherit = "stock.lot"

    fsma_code_id = fields.Many2one(
        "lot.fsma.code",
        "Traceability lot code",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        tracking=True,
    )
    fsma_farm_id = fields.Many2one(
        "res.partner", "Farm", ondelete="restrict", prefetch="lot_details"
    )
    fsma_area_id = fields.Many2one(
        "lot.fsma.area",
        "Field or container",
        ondelete="restrict",
        domain="[('farm_id', '=', fsma_farm_id)]",
        prefetch="lot_details",
    )
    fsma_harvester_id = fields.Many2one(
        "res.partner", "Harvester", ondelete="restrict", prefetch="lot_details"
    )
    fsma_cooler_id = fields.Many2one(
        "res.partner", "Cooled at", ondelete="restrict", prefetch="lot_details"
    )
    fsma_cooling_date = fields.Date("Cooled on", prefetch="lot_details")
    fsma_catch_area = fields.Char(
        "Areas of the catch",
        help="FAO major fishing areas, NMFS ocean geographic codes or another recognised standard",
        prefetch="lot_details",
    )
    fsma_details = fields.Json("Elements of the seeds", prefetch="lot_details")

    fsma_code_told = fields.Char(
        "Code as told",
        compute="_compute_fsma_code_told",
        compute_sudo=True,
        help="The traceability lot code, or what a receipt that is being done tells of it",
    )

    def _compute_fsma_code_told(self):
        # A receipt asks before its codes are written.
        lines = self.env["stock.move.line"].search([("lot_id", "in", self.ids)])
        told = {line.lot_id: line._fsma_given()[0] for line in lines if line._fsma_given()[0]}
        for lot in self:
            lot.fsma_code_told = lot.fsma_code_id.code or told.get(lot, False)

    def _shared_facts(self) -> dict:
        values = super()._shared_facts()
        for name in ORIGINS:
            known = {lot[name] for lot in self}
            value = known.pop()
            if value and not known:
                values[name] = value.id if isinstance(value, models.BaseModel) else value
        return values

    def _fsma_keep(self, told: Mapping[str, Any], details: Mapping[str, str]) -> None:
        """Keep what was learnt of these lots where they say nothing of it yet.

        :param told: {name of a form: value}, names as in `TOLD_TO_LOT`
        :param details: elements of seeds
        """
        for lot in self:
            values = {
                field: told[name]
                for name, field in TOLD_TO_LOT.items()
                if told.get(name) and not lot[field]
            }
            known = lot.fsma_details or {}
            if details and not details.keys() <= known.keys():
                values["fsma_details"] = {**details, **known}
            if values:
                # sudo: what was told of an event belongs to its lot
                lot.sudo().write(values)

    def _fsma_learn(self, told: Mapping[str, Any], reason: str, partner=None):
        """Keep what was learnt of this lot, and give a version to each event that lacks it: of
        the lot itself and of what it went into.

        :param told: as `_learn` of events takes it, and `area_id`
        :param reason: why, in words
        :param partner: whose word it is
        :return: the events, as they count now
        """
        self.ensure_one()
        self._fsma_keep(told, {})
        # sudo: events follow from what is known, whoever tells it
        events = self.env["lot.fsma.event"].sudo()
        found = events.search(
            [
                ("replaced_by_id", "=", False),
                ("void", "=", False),
                ("missing", "!=", False),
                "|",
                ("lot_id", "=", self.id),
                ("input_ids.lot_id", "=", self.id),
            ],
            order="id",
        )
        return found._learn(told, reason, lot=self, partner=partner)

    @api.constrains("harvest_date", "fsma_cooling_date")
    def _check_fsma_cooling(self):
        for lot in self:
            cooled, harvested = lot.fsma_cooling_date, lot.harvest_date
            if cooled and harvested and cooled < harvested:
                raise ValidationError(
                    self.env._(
                        "Lot %s cannot have been cooled before it was harvested. Correct one of "
                        "the two days.",
                        lot.name,
                    )
                )
