from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from odoo import api, fields, models

from ..tools.events import every_element
from .fsma_numbers import is_gln

# Elements that are a place: the name under which it is learnt.
PLACES = {
    "farm": "farm_id",
    "harvester": "harvester_id",
    "cooling_location": "cooler_id",
    "tlc_source": "source_id",
}
TYPED = ("name", "phone", "street", "city", "state", "zip", "country")
_MOST = 200
# Nothing that is still shipped was harvested before.
_OLDEST = timedelta(days=5 * 366)


class LotFsmaQuestion(models.Model):
    """What the page for suppliers shows, and what it takes."""

    _inherit = "lot.fsma.question"

    def _page_values(self) -> dict[str, Any]:
        """What the page shows: of this shipment alone, and addresses of this supplier alone."""
        self.ensure_one()
        names = self.env["lot.fsma.element"]._names()
        return {
            "question": self,
            "company": self.company_id,
            "lines": self.line_ids,
            "asked": {line.id: line._lacks() for line in self.line_ids},
            "names": names,
            "kinds": {code: element.kind for code, element in every_element().items()},
            "places": self._known_places(),
            "labels": self._labels(),
            "countries": self.env["res.country"].search([("code", "!=", False)]),
            "today": fields.Date.context_today(self),
        }

    def _labels(self) -> dict[str, str]:
        """How the parts of a place are named, but for the country."""
        labels = self.env["res.partner"]._place_labels()
        return {name: labels[name] for name in TYPED if name != "country"}

    def _known_places(self):
        """The supplier's own addresses; no other's."""
        firm = self.partner_id.commercial_partner_id
        return (self.partner_id | firm | firm.child_ids.filtered("street")).sorted(
            lambda one: (one != self.partner_id, one.display_name)
        )

    # -- taking ----------------------------------------------------------------------------------

    def _read_answer(self, form: Mapping[str, str]) -> tuple[dict, list[str]]:
        """What was typed, and what is wrong with it.

        :param form: {field of the page: text}
        :return: ({line: {code: value}}, sentences). A place is {"id"} or what `TYPED` names.
        """
        errors, facts = [], {}
        if not _text(form, "person"):
            errors.append(self.env._("Tell us your name."))
        for line in self.line_ids:
            told = {}
            for code in line._lacks():
                value = self._read_element(line, code, form, errors)
                if value:
                    told[code] = value
            told.update(self._read_more(line, form, errors))
            facts[line] = told
        if form.get("same"):
            self._share(facts)
        for line, told in facts.items():
            cooled, harvested = told.get("cooling_date"), told.get("harvest_date")
            if cooled and cooled < (harvested or line.lot_id.harvest_date or date.min):
                errors.append(
                    self.env._(
                        "Lot %s: it cannot have been cooled before it was harvested.",
                        line.lot_id.name,
                    )
                )
        if not errors and self._nothing_told(facts, form):
            errors.append(self.env._("Fill in at least one field."))
        return facts, errors

    def _nothing_told(self, facts: Mapping, form: Mapping[str, str]) -> bool:
        return not any(facts.values())

    def _read_element(self, line, code: str, form: Mapping[str, str], errors: list[str]):
        key = f"{code}-{line.id}"
        if code in PLACES:
            return self._read_place(line, code, form, errors)
        if every_element()[code].kind == "date":
            return self._read_day(line, code, form, errors)
        return _text(form, key)

    def _read_more(self, line, form: Mapping[str, str], errors: list[str]) -> dict[str, Any]:
        """What goes with an element that is asked: the day with the place where it was cooled, a
        number instead of the source of a code."""
        told, lacks = {}, line._lacks()
        if "cooling_location" in lacks:
            day = self._read_day(line, "cooling_date", form, errors)
            if day:
                told["cooling_date"] = day
        if "tlc_source" in lacks:
            reference = _text(form, f"source_reference-{line.id}")
            if reference.isdecimal() and len(reference) == 13 and not is_gln(reference):
                errors.append(
                    self.env._(
                        "Lot %(lot)s: the check digit of “%(number)s” is not right. Type the "
                        "number once more.",
                        lot=line.lot_id.name,
                        number=reference,
                    )
                )
            elif reference:
                told["source_reference"] = reference
        return told

    def _read_day(self, line, code: str, form: Mapping[str, str], errors: list[str]):
        text = _text(form, f"{code}-{line.id}")
        if not text:
            return None
        today = fields.Date.context_today(self)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        # A day ahead of us where they are is a day.
        if not day or not today - _OLDEST <= day <= today + timedelta(days=1):
            errors.append(
                self.env._(
                    "Lot %(lot)s: “%(day)s” is no day until today. Choose the right one.",
                    lot=line.lot_id.name,
                    day=text,
                )
            )
            return None
        return day

    def _read_place(self, line, code: str, form: Mapping[str, str], errors: list[str]):
        key = f"{code}-{line.id}"
        typed = {name: _text(form, f"{key}-{name}") for name in TYPED}
        if any(typed[name] for name in TYPED if name != "country"):
            needed = ("name", "phone") if code == "harvester" else TYPED[:4]
            if all(typed[name] for name in needed):
                return typed
            errors.append(
                self.env._(
                    "Lot %(lot)s, %(element)s: a place needs at least a name, a phone number, a "
                    "street and a city; of a harvester name and phone are enough.",
                    lot=line.lot_id.name,
                    element=self.env["lot.fsma.element"]._names().get(code, code),
                )
            )
            return None
        chosen = form.get(key, "")
        number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else 0
        return {"id": number} if number in self._known_places().ids else None

    @api.model
    def _share(self, facts: dict) -> None:
        """What was told of the first lot is true of the others, where they say nothing; codes are
        each lot's own."""
        if not facts:
            return
        first, *others = facts
        for line in others:
            asked = {*line._codes(), "cooling_date", "source_reference"}
            for code, value in facts[first].items():
                if code != "tlc" and code in asked:
                    facts[line].setdefault(code, value)

    def _take_answer(
        self, facts: dict, person: str, address: Mapping[str, str] | None = None
    ) -> models.BaseModel:
        """Keep an answer, and give the events that lacked it their new versions, marked as the
        supplier's word.

        :param facts: as `_read_answer` gives it
        :param address: what was told of the supplier's own address; kept with the answer
        :return: the answer
        """
        self.ensure_one()
        names = self.env["lot.fsma.element"]._names()
        kept = {
            line.lot_id.name: {
                names.get(code, code): _plain(value, self) for code, value in told.items()
            }
            for line, told in facts.items()
            if told
        }
        if address:
            labels = self.env["res.partner"]._place_labels()
            kept[self.partner_id.display_name] = {
                labels[part]: text for part, text in address.items()
            }
        # sudo: nobody is logged in; the link says who may answer, and for what
        question = self.sudo()
        answer = question.env["lot.fsma.answer"].create(
            {
                "question_id": question.id,
                "given_on": fields.Datetime.now(),
                "person": person,
                "told": kept,
            }
        )
        reason = self.env._(
            "Told by %(person)s of %(supplier)s on the page for suppliers",
            person=person,
            supplier=question.partner_id.display_name,
        )
        for line, told in facts.items():
            if told:
                learnt = question._as_learnt(line, told)
                # sudo: who answers has no account; the link is the credential
                line.sudo().lot_id._fsma_learn(learnt, reason, partner=question.partner_id)
        question.write({"state": "answered", "answered_on": fields.Datetime.now()})
        question._tell(self.env._("Supplier answered"), person=person, told=kept)
        question.message_post(
            body=self.env._("%s has answered.", person), author_id=question.partner_id.id
        )
        return answer

    def _as_learnt(self, line, told: Mapping[str, Any]) -> dict[str, Any]:
        """As `_fsma_learn` takes it: contacts for places, areas for names of fields."""
        learnt = {}
        for code, value in told.items():
            learnt[PLACES.get(code, code)] = self._contact(code, value) if code in PLACES else value
        lot = line.sudo().lot_id  # sudo: as above, the lot that the question is about
        farm = learnt.get("farm_id") or lot.fsma_farm_id.id
        if farm and not learnt.get("harvester_id") and not lot.fsma_harvester_id:
            # A farm mostly harvests itself; who does it otherwise says so.
            learnt["harvester_id"] = farm
        name = told.get("field_name") or told.get("container_name")
        if name and farm:
            learnt["area_id"] = self._area(farm, name, "field" if "field_name" in told else "other")
        return learnt

    def _contact(self, code: str, place: Mapping[str, Any]) -> int:
        """The contact of a place that was told: a known one, else a new one under the supplier."""
        if "id" in place:
            return place["id"]
        firm = self.partner_id.commercial_partner_id
        known = self.env["res.partner"].search(
            [
                ("parent_id", "=", firm.id),
                ("name", "=ilike", place["name"]),
                ("street", "=ilike", place["street"] or False),
            ],
            limit=1,
        )
        if known:
            return known.id
        country = self.env["res.country"].search([("code", "=", place["country"].upper())], limit=1)
        state = self.env["res.country.state"].search(
            [
                ("country_id", "=", country.id),
                "|",
                ("code", "=ilike", place["state"]),
                ("name", "=ilike", place["state"]),
            ],
            limit=1,
        )
        return (
            self.env["res.partner"]
            .create(
                {
                    **{name: place[name] for name in ("name", "phone", "street", "city", "zip")},
                    "state_id": state.id,
                    "country_id": country.id,
                    "parent_id": firm.id,
                    "is_company": True,
                    "type": "other",
                    "company_id": firm.company_id.id,
                    "fsma_farm": code == "farm",
                }
            )
            .id
        )

    def _area(self, farm: int, name: str, kind: str) -> int:
        areas = self.env["lot.fsma.area"]
        known = areas.search(
            [
                ("farm_id", "=", farm),
                ("name", "=ilike", name),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )
        values = {"farm_id": farm, "name": name, "kind": kind, "company_id": self.company_id.id}
        return (known or areas.create(values)).id


def _text(form: Mapping[str, str], name: str) -> str:
    return " ".join((form.get(name) or "").replace("\x00", "").split())[:_MOST]


def _plain(value: Any, question) -> str:
    """A value as a person reads it in the record of what was told."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        if "id" in value:
            # sudo: one of the places that the page offered; only such a number is taken
            return question.env["res.partner"].sudo().browse(value["id"]).display_name
        return ", ".join(filter(None, value.values()))
    return value
