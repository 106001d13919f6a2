from collections.abc import Mapping
from typing import Any

from odoo import fields, models

from .lot_fsma_event_values import ORIGIN, PLACES

# What is told of goods, under the names of forms: the column of an event, and the field of a lot
# that keeps it, so that it is not asked again.
COLUMNS = {
    "farm_id": "farm_place_id",
    "harvester_id": "harvester_place_id",
    "cooler_id": "cooling_place_id",
    "field_name": "field_name",
    "container_name": "container_name",
    "harvest_date": "harvest_date",
    "harvest_end_date": "harvest_end_date",
    "cooling_date": "cooling_date",
    "received_date": "received_date",
    "catch_area": "catch_area",
    "commodity": "commodity",
    "species": "species",
    "packaging": "packaging",
    "document_type": "document_type",
    "document_number": "document_number",
}
TOLD_TO_LOT = {
    "farm_id": "fsma_farm_id",
    "harvester_id": "fsma_harvester_id",
    "cooler_id": "fsma_cooler_id",
    "area_id": "fsma_area_id",
    "cooling_date": "fsma_cooling_date",
    "catch_area": "fsma_catch_area",
    "harvest_date": "harvest_date",
    "harvest_end_date": "harvest_end_date",
}
_CONTACTS = ("farm_id", "harvester_id", "cooler_id")
# Of the origin, what a kind of event has no place for is not put into it.
_WITHOUT_ORIGIN = ("shipping", "receiving")
_ONLY = {
    "catch_area": ("first_receiving",),
    "species": ("first_receiving",),
    "harvest_end_date": ("first_receiving",),
}


class LotFsmaEvent(models.Model):
    """Learning what an event lacks: each time a new version, only of what was not known."""

    _inherit = "lot.fsma.event"

    told_by_id = fields.Many2one(
        "res.partner",
        "Told by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The business partner whose word this version is",
    )

    # What is to be done is found without reading what is complete.
    _lacking = models.Index(
        "(company_id, date) WHERE replaced_by_id IS NULL AND missing IS NOT NULL"
    )

    def action_fill_in(self) -> dict:
        """Open the form that fills in what these events lack, all at once.

        :return: the action of the form
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fill in together"),
            "res_model": "lot.fsma.fill",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_event_ids": [fields.Command.set(self._latest().ids)]},
        }

    def _latest(self):
        """The versions of these events that count now."""
        found = self
        while found.replaced_by_id:
            found = found.filtered(lambda event: not event.replaced_by_id) | found.replaced_by_id
        return found

    def _learn(
        self, told: Mapping[str, Any], reason: str, lot=None, partner=None, anew: bool = False
    ):
        """Give each of these events a version with what it did not say yet.

        :param told: {name of a form: value}, names as in `COLUMNS`, contacts as ids; and `tlc`,
            `source_id`, `source_reference` of the code
        :param reason: why, in words
        :param lot: of which it is told: then only the rows of that lot learn it; else all rows
        :param partner: whose word it is
        :param anew: take addresses and descriptions as they are now where they lacked something
        :return: those that counted before, or their new versions
        """
        learnt = self.browse()
        for one in self:
            event = one._latest()
            values = event._lacked(told, lot)
            if anew:
                event._read_anew(values)
            code = event._code_learnt(told, lot)
            values.update(code)
            if values:
                author = {"told_by_id": partner.id} if partner else {}
                event = event._correct({**values, **author}, reason)
                if code:
                    event._pass_on_code(reason)
            learnt |= event
        return learnt._latest()

    def _lacked(self, told: Mapping[str, Any], lot) -> dict[str, Any]:
        """The columns of what is told and this event does not say."""
        known = self._columns()
        rows = known["input_ids"] if self._asks_origin() else []
        found = {
            COLUMNS[name]: value
            for name, value in self._placed(told).items()
            if value and name in COLUMNS and self.kind in _ONLY.get(name, (self.kind,))
        }
        # Taken with an origin in `_correct`: nobody else's rows are touched.
        for row in rows:
            if lot and row["lot_id"] != lot.id:
                continue
            row.update({name: found[name] for name in ORIGIN if found.get(name) and not row[name]})
        values = {name: value for name, value in found.items() if not known[name]}
        if not self._asks_origin() or (rows and lot and self.lot_id != lot):
            values = {name: value for name, value in values.items() if name not in ORIGIN}
        if rows and rows != self._columns()["input_ids"]:
            values["input_ids"] = rows
        return values

    def _asks_origin(self) -> bool:
        """Does this event tell where a raw commodity comes from?"""
        return self.kind not in _WITHOUT_ORIGIN and (
            self.kind != "transformation" or self.raw_input
        )

    def _placed(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """As told, with places for contacts."""
        # sudo: where goods come from is recorded, whoever may read the address
        partners = self.env["res.partner"].sudo()
        partners = partners.browse(told[name] for name in _CONTACTS if told.get(name))
        places = self.env["lot.fsma.place"]._of(partners)
        return {
            name: places.get(value) if name in _CONTACTS else value for name, value in told.items()
        }

    def _read_anew(self, values: dict[str, Any]) -> None:
        """Addresses and descriptions that lacked something, as they are now."""
        lacking = set(filter(None, (self.missing or "").split(",")))
        for code, column in PLACES.items():
            # sudo: as above
            partner = self.sudo()[column].partner_id
            if code in lacking and partner:
                place = self.env["lot.fsma.place"]._of(partner)[partner.id]
                if place != self[column].id:
                    values.setdefault(column, place)
        described = ("product_description", "packaging")
        if "product_description" in lacking and self.product_id:
            now = self.product_id._fsma_told()
            if now["packaging"]:
                values.update({name: now[name] for name in described})
        if "input_product_description" in lacking:
            rows = values.get("input_ids") or self._columns()["input_ids"]
            for row in rows:
                now = self.env["product.product"].browse(row["product_id"])._fsma_told()
                if not row["packaging"] and now["packaging"]:
                    row.update({name: now[name] for name in described})
                    values["input_ids"] = rows

    def _code_learnt(self, told: Mapping[str, Any], lot) -> dict[str, Any]:
        """The code or its source, where this event lacks it and it is told."""
        lacking = (self.missing or "").split(",")
        if (
            self.kind not in ("receiving", "shipping")
            or not self.lot_id
            or (lot and lot != self.lot_id)
        ):
            return {}
        code = self.tlc or (told.get("tlc") or "").strip()
        # sudo: the source of a code is recorded, whoever may read contacts
        source = self.env["res.partner"].sudo().browse(told.get("source_id") or ())
        reference = (told.get("source_reference") or "").strip()
        new_code = "tlc" in lacking and code
        new_source = "tlc_source" in lacking and code and (source or reference)
        if not new_code and not new_source:
            return {}
        # sudo: what is known of the code stays, whoever tells the rest
        before = self.sudo().code_id
        source = source or before.source_partner_id
        reference = reference or before.reference or ""
        found = before._told_otherwise(self.lot_id, code, source, reference)
        places = self.env["lot.fsma.place"]._of(source)
        return {
            "code_id": found.id,
            "tlc": found.code,
            "source_place_id": places.get(source.id, False),
            "source_reference": found.reference,
        }

    def _tell_lots(self, told: Mapping[str, Any], details: Mapping[str, str]) -> None:
        """What was learnt goes to the lots that say nothing of it yet.

        :param told: {name of a form: value}, names as in `TOLD_TO_LOT`
        :param details: elements of seeds
        """
        lots = self.input_ids.lot_id if self.input_ids else self.lot_id
        lots._fsma_keep(told, {})
        if self.sprouts and details:
            # sudo: what is known of seeds is known of whatever grows of them, whoever told it
            used = self.sudo().production_id.move_raw_ids.move_line_ids.lot_id
            seeds = used.filtered("fsma_is_seed")
            # Of several lots of seeds nobody said which one it is true of.
            if len(seeds) <= 1:
                (seeds or used | lots)._fsma_keep({}, details)
