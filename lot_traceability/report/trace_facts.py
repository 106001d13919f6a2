"""What an export says about itself: who ran it, when, on what data, and how sure it is."""

from datetime import datetime, timezone

from odoo import release
from odoo.modules import Manifest

from ..tools.trace_digest import trace_digest
from ..tools.trace_tables import totals
from .trace_columns import TraceTables

MAX_NAMED = 30


class TraceFacts:
    """The facts of one run of an export, in the language of its user."""

    def __init__(self, tables: TraceTables) -> None:
        self.env = tables.env
        self.trace = tables.trace
        self.digest = trace_digest(tables.trace)
        self.run_at = datetime.now(timezone.utc).astimezone(self.env.tz)
        self._tables = tables

    def zone(self) -> str:
        """The user's time zone, as the headers of dates name it."""
        return str(self.env.tz)

    def origin(self) -> str:
        """The traced lots: name, product and the supplier's own number."""
        _ = self.env._
        started = set(self.trace["origin"])
        parts = []
        for row in self.trace["lots"]:
            if row["id"] in started:
                known = [row["product"]]
                if row["supplier_lot"]:
                    known.append(_("supplier's lot %s", row["supplier_lot"]))
                parts.append(f"{row['name']} ({', '.join(known)})")
        rest = len(parts) - MAX_NAMED
        if rest > 0:
            parts[MAX_NAMED:] = [_("and %s more, marked as traced in the list of lots", rest)]
        return "; ".join(parts)

    def completeness(self) -> str:
        """The statement on whether the trace is complete; the warnings say why it is not."""
        _ = self.env._
        if self.trace["complete"] and not self.trace["warnings"]:
            return _(
                "Complete: each link of this trace is recorded, and nothing was found to doubt it."
            )
        if self.trace["complete"]:
            return _("Complete, with the remarks that follow.")
        return _("Not complete, or not certain in every point, for the reasons that follow.")

    def run(self) -> list[tuple[str, str]]:
        """[(label, value)] of who, when and on what data."""
        _ = self.env._
        user = self.env.user
        directions = {
            "both": _("Upstream and downstream"),
            "upstream": _("Upstream"),
            "downstream": _("Downstream"),
        }
        depth = self.trace["max_depth"]
        version = Manifest.for_addon("lot_traceability")["version"]
        languages = dict(self.env["res.lang"].get_installed())
        return [
            (_("Traced lots"), self.origin()),
            (_("Direction"), directions[self.trace["direction"]]),
            (_("Generations"), _("At most %s", depth) if depth > 0 else _("All")),
            (_("Run by"), f"{user.name} ({user.login})"),
            (_("Run at"), f"{self.run_at:%Y-%m-%d %H:%M:%S} {self.zone()} ({self._offset()})"),
            (_("Times"), _("All times in this file are in the zone %s.", self.zone())),
            (_("Companies"), ", ".join(self.env.companies.mapped("name"))),
            (_("Database"), self.env.cr.dbname),
            (_("Software"), f"Odoo {release.version}, lot_traceability {version}"),
            (_("Language"), languages.get(self.env.lang or "en_US", self.env.lang or "en_US")),
            (
                _("Records read"),
                _(
                    "lots: %(lots)s, links: %(links)s, receipts: %(receipts)s, "
                    "deliveries: %(deliveries)s",
                    lots=len(self.trace["lots"]),
                    links=len(self.trace["edges"]),
                    receipts=len(self.trace["receipts"]),
                    deliveries=len(self.trace["deliveries"]),
                ),
            ),
            (_("Content hash (SHA-256)"), self.digest),
        ]

    def figures(self) -> list[tuple[str, float, str]]:
        """[(label, value, unit)] of the key figures; the unit of a count is empty."""
        _ = self.env._
        sums = totals(self.trace)
        lines: list[tuple[str, float, str]] = [
            (_("Affected lots"), sums["affected_lots"], ""),
            (_("Upstream lots"), sums["upstream_lots"], ""),
            (_("Lots linked only by goods that left before"), sums["before_lots"], ""),
            (_("Lots reached only through inferred links"), sums["inferred_lots"], ""),
            (_("Suppliers"), sums["suppliers"], ""),
            (_("Customers"), sums["customers"], ""),
            (_("Deliveries"), sums["deliveries"], ""),
            (_("Deliveries that left before"), sums["before_deliveries"], ""),
        ]
        for label, key, column in (
            (_("Received"), "received", "quantity"),
            (_("Delivered"), "delivered", "quantity"),
            (_("Returned by customers"), "delivered", "returned"),
            (_("Delivered, net of returns"), "delivered", "net"),
            (_("On hand of the affected lots"), "on_hand", "quantity"),
            (_("Scrapped"), "scrapped", "quantity"),
        ):
            lines += [(label, line[column], line["uom"]) for line in sums[key]]
        return lines + self.env["lot.trace"]._more_figures(self.trace)

    def _offset(self) -> str:
        offset = f"{self.run_at:%z}"
        return f"UTC{offset[:3]}:{offset[3:5]}"
