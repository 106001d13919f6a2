"""The tables of a recall's reports."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from odoo.addons.lot_traceability.report.section import Cell, Section

from ..tools.recall_wording import ENDED
from .recall_goods import RecallGoods


class RecallTables(RecallGoods):
    """Each method gives one section; quantities are in the product's unit."""

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

    # -- what was done -----------------------------------------------------------------------

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
