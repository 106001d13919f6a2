"""The tables of a recall's reports that are about goods."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from odoo.addons.lot_traceability.report.section import Cell, Section

from .recall_texts import RecallTexts


class RecallGoods(RecallTexts):
    """Lots, quantities and what became of them; quantities are in the product's unit."""

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
