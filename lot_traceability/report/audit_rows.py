"""The events of an export: what stands in each column, the same in each kind of file, and what an
export says of itself. Read in batches, so that memory does not grow with their number."""

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any, NamedTuple

from odoo import release
from odoo.api import Environment
from odoo.fields import Domain
from odoo.modules import Manifest
from odoo.tools import SQL

from ..models.lot_audit_text import AuditText
from ..tools.audit_format import Receipt, time_text
from .trace_columns import COUNT, MOMENT, Column

BATCH = 5_000


class AuditRow(NamedTuple):
    """One event: `at` is UTC, `block` the number of the block that it is sealed in, or 0."""

    id: int
    at: datetime
    event: dict[str, Any]
    block: int


class AuditRows:
    """The events that a domain picks and the user may read, in the language and the time zone of
    the environment's user."""

    def __init__(
        self, env: Environment, domain: Domain, title: str, by_period: bool = False
    ) -> None:
        self.env = env
        self.domain = domain
        #: Whether nothing but a period was asked for.
        self.by_period = by_period
        #: What was asked for, in words.
        self.title = title
        self.text = AuditText(env)
        self.run_at = datetime.now(timezone.utc).astimezone(env.tz)
        self.events = env["lot.audit.event"]
        self.count: int = self.events.search_count(domain)
        self.receipt: Receipt | None = env["lot.audit.block"]._receipt()

    def rows(self, limit: int = 0) -> Iterator[AuditRow]:
        """The events, oldest first; at most `limit`, where given."""
        last, left = 0, limit or self.count
        while left > 0:
            batch = self._batch(last, min(BATCH, left))
            if not batch:
                return
            blocks = self.events._block_numbers([row[0] for row in batch])
            for number, at, body in batch:
                yield AuditRow(number, at, self.text.parse(body), blocks.get(number, 0))
            last, left = batch[-1][0], left - len(batch)

    def ids(self) -> Iterator[int]:
        """The numbers of the events, ascending."""
        last = 0
        while batch := self._batch(last, 20 * BATCH, ("id",)):
            yield from (row[0] for row in batch)
            last = batch[-1][0]

    def _batch(self, after: int, size: int, names=("id", "at", "body")) -> list[tuple]:
        """The next rows; the search applies the rights of the user."""
        domain = self.domain & Domain("id", ">", after)
        query = self.events._search(domain, order="id", limit=size)
        return self.env.execute_query(query.select(*map(SQL.identifier, names)))

    def columns(self) -> list[Column]:
        """The columns of a table of events; each reads an `AuditRow`."""
        _, text = self.env._, self.text
        return [
            Column(_("Event"), lambda row: row.id, COUNT, 10),
            Column(_("Time"), lambda row: row.at, MOMENT, 19),
            Column(_("Exact time (UTC)"), lambda row: time_text(row.at), width=28, printed=False),
            Column(_("Kind"), lambda row: text.kinds.get(row.event.get("kind", ""), ""), width=18),
            Column(_("What happened"), lambda row: text.sentence(row.event), width=60),
            Column(_("User"), lambda row: text.who(row.event), width=22, printed=False),
            Column(_("From where"), lambda row: text.origin(row.event), width=24),
            Column(_("Lot"), lambda row: text.value(row.event.get("lot")), width=20, printed=False),
            Column(
                _("Product"),
                lambda row: text.value(row.event.get("product")),
                width=30,
                printed=False,
            ),
            Column(
                _("Document"),
                lambda row: text.value(row.event.get("document")),
                width=20,
                printed=False,
            ),
            Column(_("Before and after"), self.changed, width=50),
            Column(_("Reason"), lambda row: row.event.get("why") or "", width=30, printed=False),
            Column(_("Block"), lambda row: row.block or None, COUNT, 8),
        ]

    def local(self, when: datetime) -> datetime:
        """A time of the log in the user's zone, without naming it."""
        return when.replace(tzinfo=timezone.utc).astimezone(self.env.tz).replace(tzinfo=None)

    def changed(self, row: AuditRow) -> str:
        """Each field that changed, with its value before and after, on a line of its own."""
        return "\n".join(
            f"{change['label']}: {change['before'] or '–'} → {change['after'] or '–'}"
            for change in self.text.changes(row.event)
        )

    def facts(self) -> list[tuple[str, str]]:
        """[(label, value)] of who exported what, when, and how it is sealed."""
        _ = self.env._
        user = self.env.user
        version = Manifest.for_addon("lot_traceability")["version"]
        facts = [
            (_("Events of"), self.title),
            (_("Number of events"), f"{self.count:,}"),
            (_("Exported by"), f"{user.name} ({user.login})"),
            (_("Exported at"), f"{self.run_at:%Y-%m-%d %H:%M:%S} {self.env.tz}"),
            (_("Times"), _("All times in this file are in the zone %s.", self.env.tz)),
            (_("Companies"), ", ".join(self.env.companies.mapped("name"))),
            (_("Database"), self.env.cr.dbname),
            (_("Software"), f"Odoo {release.version}, lot_traceability {version}"),
        ]
        receipt = self.receipt
        if not receipt:
            sealed = _("Nothing of the log is sealed yet.")
            return [*facts, (_("Receipt"), sealed)]
        return [
            *facts,
            (_("Log"), receipt.log),
            (
                _("Last sealed block"),
                _("%(number)s, sealed at %(time)s", number=receipt.number, time=receipt.sealed_at),
            ),
            (_("Digest of that block"), receipt.digest),
            (_("Seal of that block"), receipt.seal or _("No key is configured.")),
            (_("Tree hash of the log"), receipt.tree),
            (
                _("How to check"),
                _(
                    "The JSON lines export of the same events has a proof for each of them, which "
                    "the verifier checks against this receipt, without Odoo."
                ),
            ),
        ]
