from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .stock_lot_status import listed


class Meeting(NamedTuple):
    """Two lots, as (product, lot, name), that a rule keeps apart and that come together."""

    rule: models.BaseModel
    place: models.BaseModel
    one: tuple
    other: tuple
    document: models.BaseModel | None


class LotSeparation(models.AbstractModel):
    """Keeps lots apart that must not come together: asked for a warning before the goods move, and
    as a hard stop when they have."""

    _name = "lot.separation"
    _description = "Batch separation"

    @api.model
    def _check(self, lines) -> None:
        """Stop these move lines where lots come together that a rule keeps apart, and note on the
        documents where it only warns.

        :raise UserError: names the lots, the place and the rule
        """
        meetings = self._meetings(lines)
        blocked = [meeting for meeting in meetings if meeting.rule.action == "block"]
        if blocked:
            raise UserError(
                self.env._(
                    "These lots must be kept apart:\n%(lots)s\n\nPut one of them elsewhere.",
                    lots=self._text(blocked),
                )
            )
        by_document = defaultdict(list)
        for meeting in meetings:
            if meeting.document:
                by_document[meeting.document].append(meeting)
        for document, found in by_document.items():
            text = self.env._(
                "Lots that should be kept apart came together:\n%s", self._text(found)
            )
            document.message_post(body=plaintext2html(text))

    @api.model
    def _warnings(self, lines) -> str:
        """What whoever validates these move lines should know; nothing where all is well. What is
        blocked is left to the stop."""
        found = [meeting for meeting in self._meetings(lines) if meeting.rule.action == "warn"]
        return self._text(found)

    @api.model
    def _text(self, meetings: list[Meeting]) -> str:
        rows = [
            self.env._(
                "- %(one)s and %(other)s in %(place)s: %(rule)s",
                one=f"{meeting.one[2]} ({meeting.one[0].display_name})",
                other=f"{meeting.other[2]} ({meeting.other[0].display_name})",
                place=meeting.place.display_name,
                rule=meeting.rule.name,
            )
            for meeting in meetings
        ]
        return listed(self.env, dict.fromkeys(rows), 20, "\n")

    # -- what comes together -----------------------------------------------------------------

    @api.model
    def _meetings(self, lines) -> list[Meeting]:
        found = []
        # sudo: what lies in a place does not depend on what its mover may read
        for company, same in lines.sudo().grouped("company_id").items():
            rules = self.env["lot.separation.rule"]._rules(company)
            same = same.filtered(self._is_kept) if rules else same
            for scope in ("in_production", "in_package", "in_location"):
                asked = rules.filtered(scope)
                if asked and same:
                    found += getattr(self, f"_meet_{scope}")(asked, same)
        return found

    @api.model
    def _is_kept(self, line) -> bool:
        """Is this the arrival of a lot? A count only says what lies there already, and a lot under
        a new number is the same goods."""
        move = line.move_id
        return bool(
            (line.lot_id or line.lot_name)
            and line.quantity
            and not move.is_inventory
            and not move.lot_operation_id
        )

    @api.model
    def _meet_in_production(self, rules, lines) -> list[Meeting]:
        used = lines.filtered("move_id.raw_material_production_id")
        found = []
        for order, same in used.grouped(
            lambda line: line.move_id.raw_material_production_id
        ).items():
            # In this order alone: what was used already, and what is used now.
            before = order.move_raw_ids.move_line_ids.filtered(
                lambda line: line.state == "done" and line.lot_id and line.quantity
            )
            place = order.location_src_id
            found += self._meet(rules, order, place, same, self._items(before))
        return found

    @api.model
    def _meet_in_package(self, rules, lines) -> list[Meeting]:
        packed = lines.filtered(
            lambda line: line.result_package_id and line.result_package_id != line.package_id
        )
        return self._meet_in_field(rules, packed, "result_package_id", "package_id")

    @api.model
    def _meet_in_location(self, rules, lines) -> list[Meeting]:
        moved = lines.filtered(
            lambda line: (
                line.location_dest_id.usage in ("internal", "transit")
                and line.location_dest_id != line.location_id
            )
        )
        return self._meet_in_field(rules, moved, "location_dest_id", "location_id")

    @api.model
    def _meet_in_field(self, rules, lines, target: str, field: str) -> list[Meeting]:
        """Lines whose `target` is one place, with what lies there: quants by their `field`."""
        rules = rules.filtered(
            lambda rule: any(rule._counts_in(place) for place in lines.location_dest_id)
        )
        if not lines or not rules:
            return []
        present = defaultdict(list)
        # sudo: goods meet whatever lies there, also what their mover may not read
        rows = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                Domain(field, "in", lines[target].ids)
                & Domain("lot_id", "!=", False)
                & Domain("quantity", ">", 0)
                & Domain.OR(self._rival_domain(rule, lines) for rule in rules),
                [field, "lot_id"],
            )
        )
        for place, lot in rows:
            present[place].append((lot.product_id, lot, lot.name))
        found = []
        for place, same in lines.grouped(target).items():
            found += self._meet(rules, place, same[:1].location_dest_id, same, present[place])
        return found

    @api.model
    def _rival_domain(self, rule, lines) -> Domain:
        """Which quants may matter to a rule when these lines arrive."""
        domain = Domain.TRUE
        if rule.categ_id:
            domain &= Domain("product_id.categ_id", "child_of", rule.categ_id.id)
        if rule.criterion == "lot":
            domain &= Domain("product_id", "in", lines.product_id.ids)
        return domain

    @api.model
    def _meet(self, rules, place, location, lines, present: list[tuple]) -> list[Meeting]:
        arriving = self._items(lines)
        document = lines[:1].move_id._lot_document()
        return [
            Meeting(rule, place, *pair, document)
            for rule in rules
            if rule._counts_in(location)
            for pair in rule._meetings(arriving, present)
        ]

    @api.model
    def _items(self, lines) -> list[tuple]:
        return list(
            dict.fromkeys(
                (line.product_id, line.lot_id, line.lot_id.name or line.lot_name) for line in lines
            )
        )
