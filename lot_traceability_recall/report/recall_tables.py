"""The tables of a recall's reports."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from odoo.addons.lot_traceability.report.section import Cell, Section
from odoo.tools import format_date, format_datetime

from ..tools.recall_wording import ENDED


class RecallTables:
    """Each method gives one section; quantities are in the product's unit."""

    def __init__(self, recall) -> None:
        self.recall = recall
        self.env = recall.env

    # -- consignees ----------------------------------------------------------------------------

    @cached_property
    def all_consignees(self):
        """Whoever received affected goods."""
        return self.recall.consignee_ids.sorted(lambda one: (one.partner_id.display_name, one.id))

    @cached_property
    def waiting(self):
        """Those of them of whom an answer is still awaited."""
        return self.all_consignees.filtered(lambda one: one.state not in ENDED)

    def told(self, name: str) -> int:
        """How many have this date."""
        return len(self.all_consignees.filtered(name))

    @cached_property
    def _lines(self) -> dict[int, list]:
        found: dict[int, list] = defaultdict(list)
        lines = self.env["lot.recall.consignee.lot"].search([("recall_id", "=", self.recall.id)])
        for line in lines:
            found[line.consignee_id.id].append(line)
        return found

    @staticmethod
    def _by_unit(lines: list) -> list[tuple[str, list]]:
        """[(unit, lines)]; one without lines where a consignee has none."""
        found: dict[str, list] = {}
        for line in lines:
            found.setdefault(line.uom_id.name, []).append(line)
        return sorted(found.items()) or [("", [])]

    def consignees(self) -> Section:
        """Who was told when and how, and what they have answered."""
        _ = self.env._
        states = self._words("lot.recall.consignee", "state")

        def rows() -> Iterator[list[Cell]]:
            for one in self.all_consignees:
                partner = one.partner_id
                # A row for each unit: what is counted and what is weighed have no sum.
                for unit, lines in self._by_unit(self._lines[one.id]):
                    yield [
                        partner.display_name,
                        self._address(partner),
                        one.contact_name or "",
                        one.phone or "",
                        one.email or "",
                        self._when(one.told_on),
                        self._channels.get(one.id, ""),
                        states[one.state],
                        self._when(one.answered_on),
                        ", ".join(sorted({line.lot_name for line in lines if line.lot_name})),
                        *(
                            sum(line[name] for line in lines)
                            for name in ("net", "found", "sent_back", "destroyed")
                        ),
                        unit,
                    ]

        return Section(
            _("Consignees"),
            columns=[
                (_("Consignee"), 26),
                (_("Address"), 26),
                (_("Contact"), 16),
                (_("Phone"), 14),
                (_("Mail"), 24),
                (_("Told on"), 13),
                (_("How"), 9),
                (_("State"), 12),
                (_("Answered on"), 13),
                (_("Lots"), 20),
                (_("Received"), 12),
                (_("Found in stock"), 10),
                (_("Sent back"), 10),
                (_("Destroyed"), 11),
                (_("Unit"), 8),
            ],
            rows=rows,
            empty=_("Nobody received anything of it."),
        )

    @cached_property
    def _channels(self) -> dict[int, str]:
        """{consignee: how it was told}"""
        words = self._words("lot.recall.notice", "channel")
        found: dict[int, list[str]] = defaultdict(list)
        notices = self.env["lot.recall.notice"].search([("recall_id", "=", self.recall.id)])
        for notice in notices.filtered(lambda one: one.state == "sent"):
            found[notice.consignee_id.id].append(words[notice.channel])
        return {key: ", ".join(dict.fromkeys(names)) for key, names in found.items()}

    def silent(self) -> Section:
        """Who has not answered."""
        _ = self.env._
        states = self._words("lot.recall.consignee", "state")
        return Section(
            _("Consignees that have not answered"),
            columns=[(_("Consignee"), 34), (_("Phone"), 18), (_("Told on"), 18), (_("State"), 16)],
            rows=lambda: (
                [
                    one.partner_id.display_name,
                    one.phone or "",
                    self._when(one.told_on),
                    states[one.state],
                ]
                for one in self.waiting
            ),
            empty=_("All consignees have answered."),
        )

    def communications(self) -> Section:
        """What was sent to whom."""
        _ = self.env._
        columns = [(_("Consignee"), 30), (_("How"), 12), (_("To"), 30), (_("State"), 12)]
        columns += [(_("Time"), 18)]
        empty = _("Nothing was sent.")
        notices = self.env["lot.recall.notice"].search([("recall_id", "=", self.recall.id)])
        channels, states = (self._words("lot.recall.notice", n) for n in ("channel", "state"))
        return Section(
            _("Communications"),
            columns=columns,
            rows=lambda: (
                [
                    one.consignee_id.display_name,
                    channels[one.channel],
                    one.address or "",
                    states[one.state],
                    self._when(one.sent_on),
                ]
                for one in notices
            ),
            empty=empty,
        )

    def deliveries(self) -> Section:
        """Each delivery of an affected lot."""
        _ = self.env._
        return Section(
            _("Deliveries"),
            columns=[
                (_("Time"), 22),
                (_("Document"), 16),
                (_("Consignee"), 30),
                (_("Product"), 30),
                (_("Lot"), 18),
                (_("Shipped"), 9),
                (_("Returned"), 9),
                (_("Certainty"), 10),
            ],
            rows=self._delivery_rows,
            empty=_("Nothing was delivered."),
        )

    def _delivery_rows(self) -> Iterator[list[Cell]]:
        certainty = self._words("lot.recall.delivery", "certainty")
        # sudo: who got what is for whoever may read the recall
        for row in self.recall.sudo().scope_id.delivery_ids:
            yield [
                self._when(row.date),
                row.document or "",
                row.partner_id.display_name or self.env._("(over the counter)"),
                row.product_id.display_name or "",
                row.lot_id.name or "",
                row.quantity,
                row.returned,
                certainty.get(row.certainty, ""),
            ]

    # -- lots ----------------------------------------------------------------------------------

    @cached_property
    def _taken(self):
        return self.recall.scope_id.line_ids.filtered(lambda line: line.decision != "excluded")

    def lots(self) -> Section:
        """The lots of the scope, those that were left out as well."""
        _ = self.env._
        sides, decisions, sure = (
            self._words("lot.recall.lot", name) for name in ("side", "decision", "certainty")
        )
        return Section(
            _("Affected lots"),
            columns=[
                (_("Product"), 30),
                (_("Lot"), 18),
                (_("Why"), 16),
                (_("Certainty"), 10),
                (_("In stock"), 9),
                (_("Shipped"), 9),
                (_("Returned"), 9),
                (_("Status"), 12),
                (_("Decision"), 10),
                (_("Reason"), 26),
            ],
            rows=lambda: (
                [
                    line.product_id.display_name,
                    line.lot_name or "",
                    sides.get(line.side, ""),
                    sure.get(line.certainty, ""),
                    line.on_hand,
                    line.shipped,
                    line.returned,
                    line.status_id.name or "",
                    decisions[line.decision],
                    line.reason or "",
                ]
                for line in self.recall.scope_id.line_ids
            ),
            empty=_("No scope was frozen."),
        )

    def products(self) -> Section:
        """Product, codes and quantities, as an authority asks for them."""
        _ = self.env._

        def rows() -> Iterator[list[Cell]]:
            for line in self._taken:
                lot, product = line.lot_id, line.product_id
                yield [
                    product.display_name,
                    product.barcode or "",
                    line.lot_name or "",
                    lot.supplier_lot or "",
                    self._day(lot.production_date),
                    self._day(lot.expiration_date),
                    line.on_hand + line.shipped,
                    line.shipped,
                    product.uom_id.name,
                ]

        return Section(
            _("Products and codes"),
            columns=[
                (_("Product"), 30),
                (_("GTIN"), 15),
                (_("Lot"), 18),
                (_("Supplier's lot number"), 16),
                (_("Made on"), 12),
                (_("Use by"), 12),
                (_("Amount"), 10),
                (_("Distributed"), 10),
                (_("Unit"), 8),
            ],
            rows=rows,
            empty=_("No scope was frozen."),
        )

    def sources(self) -> Section:
        """From whom the suspect lots came."""
        _ = self.env._
        suspects = self.recall.scope_id.lot_ids
        return Section(
            _("Immediate previous sources"),
            columns=[(_("Supplier"), 34), (_("Lot"), 20), (_("Supplier's lot number"), 20)],
            rows=lambda: (
                [lot.supplier_id.display_name or "", lot.name, lot.supplier_lot or ""]
                for lot in suspects
            ),
            empty=_("No suspect lot is named."),
        )

    def stopped(self) -> Section:
        """What the stop met."""
        _ = self.env._
        kinds = self._words("lot.recall.freed", "kind")
        return Section(
            _("Stopped documents, and goods on the road"),
            columns=[
                (_("What"), 20),
                (_("Document"), 18),
                (_("Lots"), 26),
                (_("Quantity"), 10),
                (_("Partner"), 26),
                (_("Carrier"), 16),
                (_("Settled"), 10),
                (_("Note"), 20),
            ],
            rows=lambda: (
                [
                    kinds[row.kind],
                    row.document or "",
                    row.lot_names or "",
                    row.quantity,
                    row.partner_id.display_name or "",
                    row.carrier or "",
                    _("Yes") if row.settled or row.kind == "reservation" else _("No"),
                    row.note or "",
                ]
                for row in self.recall.freed_ids
            ),
            empty=_("Nothing was reserved or on the road."),
        )

    # -- where it is -----------------------------------------------------------------------------

    def quantities(self) -> Section:
        """Returned and corrected, by unit."""
        _ = self.env._
        totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        names = {
            "shipped": _("Shipped"),
            "returned": _("Returned"),
            "set_aside": _("Set aside at consignees"),
            "destroyed": _("Destroyed at consignees"),
            "consumed": _("With consumers"),
            "unanswered": _("Without an answer"),
        }
        for row in self.recall.balance_ids:
            for name in names:
                totals[row.uom_id.name][name] += row[name]
        return Section(
            _("Quantities by unit"),
            columns=[(_("Unit"), 12), *((label, 16) for label in names.values())],
            rows=lambda: (
                [unit, *(round(sums[name], 3) for name in names)] for unit, sums in totals.items()
            ),
            empty=_("The recall was not reconciled yet."),
        )

    def balance(self) -> Section:
        """The mass balance of each lot."""
        _ = self.env._
        names = ("made", "on_hand", "used", "scrapped", "sent_back", "shipped", "returned")
        names += ("left_before",)
        names += ("set_aside", "destroyed", "consumed", "unanswered", "explained", "gap")
        rows = self.recall.balance_ids
        labels = [rows._fields[name].get_description(self.env, ["string"]) for name in names]
        return Section(
            _("Mass balance"),
            columns=[
                (_("Product"), 24),
                (_("Lot"), 16),
                *((label["string"], 8) for label in labels),
                (_("Explanation"), 20),
            ],
            rows=lambda: (
                [
                    row.product_id.display_name,
                    row.lot_name or "",
                    *(round(row[name], 3) for name in names),
                    row.explanation or "",
                ]
                for row in rows
            ),
            empty=_("The recall was not reconciled yet."),
        )

    def dispositions(self) -> Section:
        """What was done with the goods."""
        _ = self.env._
        columns = [(_("Lot"), 20), (_("Quantity"), 10), (_("What"), 16), (_("Done on"), 16)]
        columns += [(_("Decided by"), 18), (_("Witness"), 18)]
        empty = _("Nothing was decided of the goods yet.")
        rows = self.env["lot.recall.disposition"].search(
            [("recall_id", "=", self.recall.id), ("cancelled", "=", False)]
        )
        kinds = self._words("lot.recall.disposition", "kind")
        return Section(
            _("Disposition"),
            columns=columns,
            rows=lambda: (
                [
                    row.lot_id.name,
                    row.quantity,
                    kinds[row.kind],
                    self._when(row.done_on),
                    row.decided_by_id.name or "",
                    row.witness_id.name or row.witness_name or "",
                ]
                for row in rows
            ),
            empty=empty,
        )

    def disposition_text(self) -> str:
        """The same in one line."""
        section = self.dispositions()
        return "; ".join(f"{row[0]}: {row[1]:g} {row[2]}" for row in section.rows())

    def checks(self) -> Section:
        """Effectiveness checks and what they found."""
        _ = self.env._
        columns = [(_("Consignee"), 32), (_("How"), 12), (_("Done on"), 16), (_("By"), 18)]
        columns += [(_("Outcome"), 16), (_("Note"), 26)]
        empty = _("No effectiveness check was drawn.")
        rows = self.env["lot.recall.check"].search([("recall_id", "=", self.recall.id)])
        ways, outcomes = (self._words("lot.recall.check", name) for name in ("method", "outcome"))
        return Section(
            _("Effectiveness checks"),
            columns=columns,
            rows=lambda: (
                [
                    row.consignee_id.display_name,
                    ways.get(row.method, ""),
                    self._when(row.done_on),
                    row.done_by_id.name or "",
                    outcomes.get(row.outcome) or _("Not done yet"),
                    row.note or "",
                ]
                for row in rows
            ),
            empty=empty,
        )

    def costs(self) -> Section:
        """What it has cost, by kind."""
        _ = self.env._
        columns = [(_("Kind"), 30), (_("Amount"), 14), (_("Currency"), 10)]
        found = self.recall.costs()
        names = self._words("account.analytic.line", "recall_cost_kind")
        return Section(
            _("Costs"),
            columns=columns,
            rows=lambda: (
                [names.get(kind, kind), amount, found["currency"]]
                for kind, amount in found["kinds"].items()
            ),
            empty=_("No cost was noted."),
        )

    def actions(self) -> Section:
        """Corrective actions with owner and date."""
        _ = self.env._
        states = self._words("lot.corrective.action", "state")
        return Section(
            _("Corrective actions"),
            columns=[
                (_("Deviation"), 26),
                (_("Cause"), 26),
                (_("What was done"), 26),
                (_("Owner"), 16),
                (_("Until"), 12),
                (_("State"), 10),
            ],
            rows=lambda: (
                [
                    one.name,
                    one.cause or "",
                    one.action or "",
                    one.owner_id.name,
                    self._day(one.deadline),
                    states[one.state],
                ]
                for one in self.recall.corrective_action_ids
            ),
            empty=_("No corrective action was demanded."),
        )

    def signatures(self) -> Section:
        """What was signed, by whom and with what meaning."""
        _ = self.env._
        signatures = self.env["lot.signature"].search(
            [("res_model", "=", self.recall._name), ("res_id", "=", self.recall.id)]
        )
        return Section(
            _("Signatures"),
            columns=[(_("Step"), 24), (_("Name"), 24), (_("Meaning"), 16), (_("Time"), 22)],
            rows=lambda: (
                [one.step_name, one.signer, one.meaning, self._when(one.signed_on)]
                for one in signatures
            ),
            empty=_("Nothing was signed."),
        )

    # -- texts ---------------------------------------------------------------------------------

    def _words(self, model: str, name: str) -> dict[str, str]:
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    def _when(self, value) -> str:
        return format_datetime(self.env, value) if value else ""

    def _day(self, value) -> str:
        return format_date(self.env, value) if value else ""

    def _address(self, partner) -> str:
        parts = (partner.street, partner.city, partner.state_id.code, partner.zip)
        country = partner.country_id.name
        return ", ".join(filter(None, (*parts, country)))
