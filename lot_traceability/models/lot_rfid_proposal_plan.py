from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

OPEN = ("waiting", "confirmed", "assigned")
# Where nothing of ours is counted.
_OUTSIDE = ("supplier", "customer", "production", "inventory")


class Part(NamedTuple):
    """A quantity of a lot at one place, which the load takes from there."""

    line: models.BaseModel
    product: models.BaseModel
    lot: models.BaseModel
    quantity: float
    location: models.BaseModel
    package: models.BaseModel
    owner: models.BaseModel
    whole: bool
    """The package goes along."""


class LotRfidProposal(models.Model):
    """What a load would move, and what speaks against it."""

    _inherit = "lot.rfid.proposal"

    def _judge(self) -> None:
        """Find the transfer that each load is, and say what is unclear or forbidden."""
        for proposal in self:
            parts, problems = proposal._parts()
            picking, problem = proposal._expected(parts)
            # sudo: what is found out of a load is written by the system alone; its lines as well
            proposal.sudo().write(
                {"expected_picking_id": picking.id, "chosen": proposal.chosen, "problem": problem}
            )
            problems |= proposal._unexpected(parts, problems)
            problems |= proposal._refused(parts, problems)
            for line in proposal.line_ids:
                code, text = problems.get(line, (False, False))
                # sudo: as above
                line.sudo().write({"problem": code, "problem_text": text})

    # -- what is there -------------------------------------------------------------------------

    def _parts(self) -> tuple[list[Part], dict]:
        """The quantities that the load takes, by the places that they lie at.

        :return: (parts, {line: (problem, text)} of the lines of which there are none)
        """
        self.ensure_one()
        problems = {
            line: ("unknown", line.reason or self.env._("The tag names no lot."))
            for line in self.line_ids
            if line.reason
        }
        lines = self.line_ids.filtered(lambda line: line not in problems)
        packed = lines.filtered("package_id")
        parts, contained = self._whole_packages(packed, problems)
        loose = lines - packed
        stock = {} if self.location_id.usage in _OUTSIDE else self._stock(loose, packed)
        for line in loose:
            # Cases whose pallet was seen as well are part of that.
            wanted = line.quantity - contained[line.product_id, line.lot_id]
            if line.product_id.uom_id.compare(wanted, 0) <= 0:
                continue
            found, problem = self._take(line, wanted, stock)
            parts += found
            if problem:
                problems[line] = problem
        return parts, problems

    def _whole_packages(self, lines, problems: dict) -> tuple[list[Part], dict]:
        """Parts of the packages that were seen, and how much of each lot is in them."""
        parts, contained = [], defaultdict(float)
        inside = self.location_id.usage not in _OUTSIDE
        for line in lines:
            quants = line.package_id.contained_quant_ids.filtered(lambda quant: quant.quantity > 0)
            here = quants.filtered(lambda quant: self._at_source(quant.location_id))
            if not quants or (inside and here != quants):
                places = ", ".join(quants.location_id.mapped("display_name"))
                text = self.env._("Package %s is empty here.", line.package_id.name)
                if places:
                    text = self.env._(
                        "Package %(package)s is at %(places)s.",
                        package=line.package_id.name,
                        places=places,
                    )
                problems[line] = ("elsewhere", text)
                continue
            for quant in quants:
                contained[quant.product_id, quant.lot_id] += quant.quantity
                parts.append(
                    Part(
                        line,
                        quant.product_id,
                        quant.lot_id,
                        quant.quantity,
                        quant.location_id,
                        quant.package_id,
                        quant.owner_id,
                        whole=True,
                    )
                )
        return parts, contained

    def _at_source(self, place) -> bool:
        return (place.parent_path or "").startswith(self.location_id.parent_path)

    def _stock(self, lines, packed) -> dict:
        """{(product, lot): quants at the place where the load came from}, in one query."""
        domain = Domain("location_id", "child_of", self.location_id.id)
        domain &= Domain("quantity", ">", 0) & Domain("product_id", "in", lines.product_id.ids)
        seen = packed.package_id
        if seen:
            domain &= Domain("package_id", "not in", (seen | seen.all_children_package_ids).ids)
        quants = self.env["stock.quant"].search(domain)
        return quants.grouped(lambda quant: (quant.product_id, quant.lot_id))

    def _take(self, line, wanted: float, stock: dict) -> tuple[list[Part], tuple | None]:
        """Take a quantity of a line from where it lies, where that is certain."""
        none = self.env["stock.package"], self.env["res.partner"]
        if self.location_id.usage in _OUTSIDE:
            return [
                Part(
                    line,
                    line.product_id,
                    line.lot_id,
                    wanted,
                    self.location_id,
                    *none,
                    whole=False,
                )
            ], None
        quants = stock.get((line.product_id, line.lot_id), self.env["stock.quant"])
        total, unit = sum(quants.mapped("quantity")), line.product_id.uom_id
        if unit.compare(total, wanted) < 0:
            return [], ("elsewhere", self._elsewhere_text(line, wanted, total))
        if len(quants) > 1 and unit.compare(total, wanted) > 0:
            places = sorted(set(quants.location_id.mapped("display_name")))
            text = self.env._(
                "It lies in several places or packages (%s): prepare the transfer and choose "
                "there.",
                ", ".join(places),
            )
            return [], ("places", text)
        return [
            Part(
                line,
                line.product_id,
                line.lot_id,
                min(wanted, quant.quantity),
                quant.location_id,
                quant.package_id,
                quant.owner_id,
                whole=False,
            )
            for quant in quants
        ], None

    def _elsewhere_text(self, line, wanted: float, total: float) -> str:
        unit = line.product_id.uom_id.name
        others = self.env["stock.quant"].search(
            [
                ("product_id", "=", line.product_id.id),
                ("lot_id", "=", line.lot_id.id),
                ("quantity", ">", 0),
                ("location_id.usage", "in", ("internal", "transit")),
                "!",
                ("location_id", "child_of", self.location_id.id),
            ]
        )
        known = ", ".join(sorted(set(others.location_id.mapped("display_name"))))
        text = self.env._(
            "%(wanted)g %(unit)s passed, but %(total)g are in %(place)s.",
            wanted=wanted,
            unit=unit,
            total=total,
            place=self.location_id.display_name,
        )
        return (
            self.env._("%(text)s More is at %(known)s.", text=text, known=known) if known else text
        )

    # -- as what it is expected ----------------------------------------------------------------

    def _expected(self, parts: list[Part]) -> tuple:
        """The one open transfer that expects these goods.

        :return: (transfer or none, what is unclear or false)
        """
        chosen = self.expected_picking_id
        if self.chosen and (not chosen or chosen.state in OPEN):
            return chosen, not chosen and self._leaves_text()
        fitting = self._fitting(parts)
        if len(fitting) > 1:
            lots = {part.lot for part in parts if part.lot}
            reserving = fitting.filtered(lambda one: lots <= set(one.move_line_ids.lot_id))
            fitting = reserving if len(reserving) == 1 else fitting
        if len(fitting) == 1:
            return fitting, False
        if fitting:
            names = ", ".join(fitting[:5].mapped("name"))
            return self.env["stock.picking"], self.env._(
                "Several open transfers expect these goods: %s. Choose one.", names
            )
        return self.env["stock.picking"], self._leaves_text()

    def _leaves_text(self) -> str | bool:
        """Goods that come or leave belong to an order: that is never made up."""
        if {self.location_id.usage, self.location_dest_id.usage} & set(_OUTSIDE):
            return self.env._("No open transfer expects these goods. Choose one, or dismiss them.")
        return False

    def _fitting(self, parts: list[Part]):
        """Open transfers between these places that expect as much of each product."""
        wanted = defaultdict(float)
        for part in parts:
            wanted[part.product] += part.quantity
        if not wanted:
            return self.env["stock.picking"]
        pickings = self.env["stock.picking"].search(
            [
                ("picking_type_id", "=", self.reader_id._operation_type().id),
                ("state", "in", OPEN),
                ("move_ids.product_id", "in", [product.id for product in wanted]),
            ]
        )
        return pickings.filtered(
            lambda picking: (
                _related(picking.location_id, self.location_id)
                and _related(picking.location_dest_id, self.location_dest_id)
                and all(
                    product.uom_id.compare(self._demand(picking, product), quantity) >= 0
                    for product, quantity in wanted.items()
                )
            )
        )

    @api.model
    def _demand(self, picking, product) -> float:
        moves = picking.move_ids.filtered(
            lambda move: move.product_id == product and move.state not in ("done", "cancel")
        )
        return sum(moves.mapped("product_qty"))

    # -- what may not be -----------------------------------------------------------------------

    def _unexpected(self, parts: list[Part], problems: dict) -> dict:
        """Goods that the transfer does not ask for, or not so many of."""
        picking = self.expected_picking_id
        if not picking:
            return {}
        wanted, lines = defaultdict(float), defaultdict(self.line_ids.browse)
        for part in parts:
            wanted[part.product] += part.quantity
            lines[part.product] |= part.line
        found = {}
        for product, quantity in wanted.items():
            demand = self._demand(picking, product)
            if product.uom_id.compare(demand, quantity) >= 0:
                continue
            text = self.env._(
                "%(picking)s expects %(demand)g %(unit)s of %(product)s, and %(quantity)g passed.",
                picking=picking.name,
                demand=demand,
                unit=product.uom_id.name,
                product=product.display_name,
                quantity=quantity,
            )
            found |= {line: ("unexpected", text) for line in lines[product] if line not in problems}
        return found

    def _refused(self, parts: list[Part], problems: dict) -> dict:
        """Lots that the gate does not let go this way."""
        gate = self.env["lot.gate"]
        document = self.expected_picking_id or self.env["stock.picking"].new(
            {"picking_type_id": self.reader_id._operation_type().id}
        )
        planned = self.env["stock.move.line"]
        judged = {}
        for part in parts:
            if part.lot and part.line not in problems:
                line = gate._line_for(
                    document, part.product, part.lot, part.location, self.location_dest_id
                )
                judged[line.id] = part.line
                planned += line
        texts = defaultdict(list)
        for line, lot, code, terms in gate._refusals(planned, leaves=True):
            reason = gate._reason(lot, code, terms, line.company_id)
            texts[judged[line.id]].append(f"{lot.name}: {reason}")
        return {line: ("refused", "; ".join(dict.fromkeys(rows))) for line, rows in texts.items()}


def _related(one, other) -> bool:
    """Is one of two places in the other?"""
    paths = (one.parent_path or "", other.parent_path or "")
    return paths[0].startswith(paths[1]) or paths[1].startswith(paths[0])
