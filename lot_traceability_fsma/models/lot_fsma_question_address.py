from collections.abc import Mapping
from typing import Any

from odoo import api, fields, models

from ..tools import places
from .lot_fsma_address import PARTS
from .lot_fsma_question_page import _text


class LotFsmaQuestion(models.Model):
    """A supplier is asked for its own address where the location description lacks something, and
    proposes it on the page."""

    _inherit = "lot.fsma.question"

    address_ids = fields.One2many(
        "lot.fsma.address", "question_id", "Addresses proposed", readonly=True
    )

    @api.depends("partner_id.fsma_place_missing", "address_ids.state")
    def _compute_complete(self):
        result = super()._compute_complete()
        for question in self:
            question.complete = question.complete and not question._address_gaps()
        return result

    @api.model
    def _may_ask(self, picking, asked):
        return super()._may_ask(picking, asked) or bool(places.gaps(picking.partner_id._place()))

    def _address_gaps(self) -> list[str]:
        """What the supplier's own location description lacks and nobody has proposed."""
        self.ensure_one()
        # sudo: the supplier's own address, told to whoever holds its link
        question = self.sudo()
        waiting = question.address_ids.filtered(lambda one: one.state == "proposed")
        known = {**question.partner_id._place(), **(waiting[:1].told or {})}
        return [part for part in places.gaps(known) if part in PARTS]

    def _address_gaps_text(self) -> str:
        """What it lacks, by name in the language of whoever is asked; empty for nothing."""
        labels = self.env["res.partner"]._place_labels()
        return ", ".join(labels[part] for part in self._address_gaps())

    def _page_values(self):
        values = super()._page_values()
        # sudo: as above
        place = self.sudo().partner_id._place()
        gaps = self._address_gaps()
        return {
            **values,
            "own": {part: place.get(part) or "" for part in PARTS} if gaps else {},
            "own_gaps": self._address_gaps_text(),
            "country_label": self.env["res.partner"]._place_labels()["country"],
        }

    def _read_address(self, form: Mapping[str, str]) -> dict[str, str]:
        """The parts of its own address that the supplier typed and that are other than known."""
        if not self._address_gaps():
            return {}
        # sudo: as above
        place = self.sudo().partner_id._place()
        typed = {part: _text(form, f"own-{part}") for part in PARTS}
        return {
            part: text for part, text in typed.items() if text and text != (place.get(part) or "")
        }

    def _nothing_told(self, facts, form):
        return super()._nothing_told(facts, form) and not self._read_address(form)

    def _take_address(self, told: dict[str, Any], person: str) -> None:
        """Keep what the supplier proposes as its address, and have one of us look at it.

        :param told: as `_read_address` gives it
        """
        if not told:
            return
        # sudo: nobody is logged in; the link says who may answer, and for what
        question = self.sudo()
        place = question.partner_id._place()
        question.env["lot.fsma.address"].create(
            {
                "question_id": question.id,
                "partner_id": question.partner_id.id,
                "person": person,
                "given_on": fields.Datetime.now(),
                "told": told,
                "before": {part: place[part] for part in PARTS if place.get(part)},
            }
        )
        question._tell(self.env._("Supplier proposed its address"), person=person, told=told)
        question.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Look at the address that %s proposes", person),
            user_id=(question.user_id or question.create_uid).id,
        )
