from datetime import date, timedelta
from typing import IO

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..report.audit_csv import write_csv
from ..report.audit_jsonl import write_jsonl
from ..report.audit_pdf import write_pdf
from ..report.audit_rows import AuditRows
from ..report.audit_xlsx import write_xlsx
from ..tools.lot_calendar import day_start
from .lot_audit_event import KINDS
from .lot_audit_text import AuditText

WRITERS = {"xlsx": write_xlsx, "csv": write_csv, "jsonl": write_jsonl, "pdf": write_pdf}
MAX_NAMED = 5


class LotAuditExport(models.AbstractModel):
    """Events of the audit log as a file, for an auditor or an authority. That it was made is an
    event itself."""

    _name = "lot.audit.export"
    _description = "Export of the audit log"

    @api.model
    def _write_export(
        self,
        domain: Domain,
        file_format: str,
        target: IO[bytes],
        title: str,
        *,
        by_period: bool = False,
        lot=None,
        product=None,
    ) -> int:
        """Write the events that a domain picks, and that the user may read.

        :param domain: of `lot.audit.event`
        :param file_format: "xlsx", "csv", "jsonl" or "pdf"
        :param target: a file open for writing bytes
        :param title: what was asked for, in words
        :param by_period: whether nothing but a period was asked for
        :param lot: the lot that it is about, where it is one
        :return: the number of events written
        :raise AccessError: without the right to read the log
        :raise UserError: for an unknown format
        """
        events = self.env["lot.audit.event"]
        events.check_access("read")
        if file_format not in WRITERS:
            raise UserError(self._unknown_format())
        rows = AuditRows(self.env, domain, title, by_period)
        count = WRITERS[file_format](rows, target)
        events._record_read(
            "exported",
            lot=lot,
            product=product,
            data={"count": count, "format": file_format, "what": title},
        )
        return count

    @api.model
    def _write_selection(
        self,
        file_format: str,
        target: IO[bytes],
        lot_ids: list[int],
        product_ids: list[int],
        user_ids: list[int],
        kinds: list[str],
        since: date | None,
        until: date | None,
    ) -> int:
        """Write what was asked for by ids, kinds and days; the days are those of the user.

        :return: the number of events written
        :raise UserError: for a kind that there is none of, or a period that ends before it begins
        """
        known = dict(KINDS)
        unknown = [kind for kind in kinds if kind not in known]
        if unknown:
            raise UserError(
                self.env._(
                    "%(kind)s is no kind of event. Choose among these: %(kinds)s.",
                    kind=unknown[0],
                    kinds=", ".join(known),
                )
            )
        if since and until and until < since:
            raise UserError(self.env._("The period ends before it begins. Change one of the days."))
        zone = str(self.env.tz)
        lots = self.env["stock.lot"].browse(lot_ids).exists()
        products = self.env["product.product"].browse(product_ids).exists()
        users = self.env["res.users"].browse(user_ids).exists()
        if (len(lots), len(products), len(users)) != tuple(
            map(len, map(set, (lot_ids, product_ids, user_ids)))
        ):
            raise UserError(
                self.env._("What was asked for does not exist any more. Choose it again.")
            )
        domain, title, by_period = self._selection(
            lots,
            products,
            users,
            kinds,
            since and day_start(since, zone),
            until and day_start(until + timedelta(days=1), zone),
        )
        return self._write_export(
            domain,
            file_format,
            target,
            title,
            by_period=by_period,
            lot=lots if len(lots) == 1 else None,
            product=products if len(products) == 1 else None,
        )

    @api.model
    def _unknown_format(self) -> str:
        return self.env._("The audit log is exported as xlsx, csv, jsonl or pdf.")

    @api.model
    def _selection(
        self, lots=None, products=None, users=None, kinds=(), since=None, until=None
    ) -> tuple[Domain, str, bool]:
        """What to export.

        :param lots: of `stock.lot`, where it is about lots
        :param kinds: kinds of events
        :param since: the first moment (UTC) of a period; `until`: the first one after it
        :return: (domain, the same in words, whether it is nothing but a period)
        """
        _ = self.env._
        domain, words = Domain.TRUE, []
        for name, label, records in (
            ("lot_id", _("Lots"), lots),
            ("product_id", _("Products"), products),
            ("user_id", _("Users"), users),
        ):
            if records:
                domain &= Domain(name, "in", records.ids)
                words.append(f"{label}: {self._named(records)}")
        if kinds:
            labels = dict(
                self.env["lot.audit.event"]._fields["kind"]._description_selection(self.env)
            )
            domain &= Domain("kind", "in", list(kinds))
            words.append(f"{_('Kinds')}: {', '.join(labels.get(kind, kind) for kind in kinds)}")
        by_period = not words
        if since:
            domain &= Domain("at", ">=", since)
            words.append(_("from %s", self._local(since)))
        if until:
            domain &= Domain("at", "<", until)
            words.append(_("until %s", self._local(until)))
        return domain, "; ".join(words) or _("The whole log"), by_period

    @api.model
    def _local(self, moment) -> str:
        return AuditText(self.env).moment(moment)

    @api.model
    def _named(self, records) -> str:
        names = ", ".join(records[:MAX_NAMED].mapped("display_name"))
        rest = len(records) - MAX_NAMED
        return (
            self.env._("%(names)s and %(rest)s more", names=names, rest=rest) if rest > 0 else names
        )
