"""What a recall is reported with, and the one file of evidence: sections that are the same on paper
and in a workbook."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property

from odoo.addons.lot_traceability.report.audit_rows import AuditRows
from odoo.addons.lot_traceability.report.section import Section
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from .recall_tables import RecallTables

KINDS = ("status", "termination", "rfr", "device", "brcgs", "evidence")


class RecallReport:
    """One report of a recall, in the language and the time zone of its environment's user.

    :param kind: one of `KINDS`
    """

    on_lot = False
    files = None

    def __init__(self, recall, kind: str) -> None:
        self.recall = recall
        self.env = recall.env
        self.code = kind
        self.with_log = kind == "evidence"
        self.tables = RecallTables(recall)
        domain = Domain("res_model", "=", recall._name) & Domain("res_id", "=", recall.id)
        self.events = AuditRows(self.env, domain, self.title())

    def kind(self) -> str:
        """What kind of document it is."""
        _ = self.env._
        return {
            "status": _("Recall status report (21 CFR 7.53)"),
            "termination": _("Request to end the recall (21 CFR 7.55)"),
            "rfr": _("Reportable Food Registry data sheet"),
            "device": _("Report of correction or removal (21 CFR 806.10)"),
            "brcgs": _("Incident summary for the certification body"),
            "evidence": _("Evidence of the recall"),
        }[self.code]

    def title(self) -> str:
        """Of which recall it is."""
        return self.recall.display_name

    def log_title(self) -> str:
        """Stands over the events."""
        return self.env._("The log of this recall")

    def sections(self) -> Iterator[Section]:
        """The parts of this report."""
        yield from getattr(self, f"_{self.code}")()

    # -- the reports ---------------------------------------------------------------------------

    def _status(self) -> Iterator[Section]:
        """21 CFR 7.53(b): consignees notified, when and how; who answered and what they had; who
        has not; what came back; effectiveness checks; when it is to be complete."""
        yield self._case()
        yield self._progress()
        yield self.tables.consignees()
        yield self.tables.silent()
        yield self.tables.quantities()
        yield self.tables.checks()

    def _termination(self) -> Iterator[Section]:
        """21 CFR 7.55: that all reasonable efforts were made, the latest status, and what was done
        with the goods."""
        _ = self.env._
        recall = self.recall
        yield self._case()
        yield Section(
            _("Why the recall can end"),
            pairs=self._filled(
                [
                    (_("Accounted for"), self._share(recall.accounted_percent)),
                    (_("Recovered of what customers had"), self._share(recall.recovered_percent)),
                    (_("Still open"), "\n".join(recall._open_points()) or _("Nothing")),
                    (_("Cause"), recall.cause_text),
                ]
            ),
        )
        yield self._progress()
        yield self.tables.dispositions()
        yield self.tables.silent()
        yield self.tables.balance()
        yield self.tables.checks()
        yield self.tables.actions()

    def _rfr(self) -> Iterator[Section]:
        """21 USC 350f(e): what the registry asks for within 24 hours."""
        _ = self.env._
        recall = self.recall
        company = recall.company_id
        yield Section(
            _("Report"),
            pairs=self._filled(
                [
                    (_("Facility registration number"), company.recall_registration),
                    (_("Date the food was determined to be reportable"), self._when("decided_on")),
                    (_("Unique number of the authority"), recall.authority_reference),
                    (_("Report due by"), self._due(24)),
                    (_("Extent and nature of the adulteration"), self._nature()),
                    (_("Result of the investigation"), recall.cause_text),
                    (_("Disposition of the food"), self.tables.disposition_text()),
                    (_("Contact"), self._contact()),
                ]
            ),
        )
        yield self.tables.products()
        yield self.tables.sources()
        yield self.tables.consignees()

    def _device(self) -> Iterator[Section]:
        """21 CFR 806.10(c): the items of a report, within ten working days."""
        _ = self.env._
        recall = self.recall
        company = recall.company_id
        yield Section(
            _("Report"),
            pairs=self._filled(
                [
                    (_("Establishment registration number"), company.recall_registration),
                    (_("Correction or removal"), self._kind_text()),
                    (_("Manufacturer"), self._address(company.partner_id)),
                    (_("Contact"), self._contact()),
                    (_("Intended use"), recall.intended_use),
                    (_("Marketing status"), recall.marketing_status),
                    (_("Event, and action taken"), self._nature()),
                    (_("Illness or injury"), recall.complaint_text),
                    (_("Initiated on"), self._when("decided_on")),
                ]
            ),
        )
        yield self.tables.products()
        yield self.tables.consignees()
        yield self.tables.communications()

    def _brcgs(self) -> Iterator[Section]:
        """What a certification body wants to know of an incident, within three working days."""
        _ = self.env._
        yield self._case()
        yield self._timing()
        yield Section(
            _("Cause and prevention"), pairs=self._filled([(_("Cause"), self.recall.cause_text)])
        )
        yield self.tables.actions()
        yield self.tables.quantities()
        yield self.tables.balance()

    def _evidence(self) -> Iterator[Section]:
        yield self._case()
        yield self._timing()
        yield self._progress()
        yield self._scope()
        yield self.tables.lots()
        yield self.tables.stopped()
        yield self.tables.communications()
        yield self.tables.consignees()
        yield self.tables.deliveries()
        yield self.tables.checks()
        yield self.tables.dispositions()
        yield self.tables.balance()
        yield self.tables.costs()
        yield self.tables.actions()
        yield self.tables.signatures()
        yield Section(self.env._("The audit log and its receipt"), pairs=self.events.facts())

    # -- parts ---------------------------------------------------------------------------------

    def _case(self) -> Section:
        _ = self.env._
        recall = self.recall
        return Section(
            _("The case"),
            pairs=self._filled(
                [
                    (_("Number"), recall.name),
                    (_("What is wrong"), recall.title),
                    (_("Kind"), self._kind_text()),
                    (_("State"), self._label("state")),
                    (_("Firm"), self._address(recall.company_id.partner_id)),
                    (_("Class"), recall.class_name),
                    (_("Meaning of the class"), recall.class_text),
                    (_("Hazard"), recall.hazard),
                    (_("Reason"), recall.reason),
                    (_("Found by"), self._label("found_by")),
                    (_("Evaluation of the risk"), recall.hazard_assessment),
                    (_("Depth"), self._label("depth")),
                    (_("Public warning"), recall.publicity),
                    (_("Authority"), recall.authority_id.name),
                    (_("Their reference"), recall.authority_reference),
                    (_("Contact"), self._contact()),
                ]
            ),
        )

    def _progress(self) -> Section:
        _ = self.env._
        recall, told = self.recall, self.tables.told
        return Section(
            _("Progress"),
            pairs=self._filled(
                [
                    (_("Lots affected"), str(recall.scope_id.lot_count)),
                    (_("Consignees"), str(len(self.tables.all_consignees))),
                    (_("Told"), str(told("told_on"))),
                    (_("Answered"), str(told("answered_on"))),
                    (_("Not answered"), str(len(self.tables.waiting))),
                    (_("Accounted for"), self._share(recall.accounted_percent)),
                    (_("Recovered of what customers had"), self._share(recall.recovered_percent)),
                    (_("Reconciled on"), self._when("reconciled_on")),
                    (_("Expected to be complete on"), self._day("expected_end")),
                ]
            ),
        )

    def _timing(self) -> Section:
        _ = self.env._
        recall = self.recall
        names = ("started_on", "decided_on", "stopped_on", "told_on", "reconciled_on", "closed_on")
        pairs = []
        for name in names:
            if recall[name]:
                minutes = int((recall[name] - recall.started_on).total_seconds() // 60)
                after = _("%s minutes after the start", minutes) if minutes else ""
                text = ", ".join(filter(None, (self._when(name), after)))
                pairs.append((recall._signature_label(name), text))
        return Section(_("The clock"), pairs=pairs)

    def _scope(self) -> Section:
        _ = self.env._
        pairs = []
        for scope in self.recall.scope_ids.sorted("version"):
            text = _(
                "%(count)s lots, frozen by %(who)s on %(when)s, digest %(digest)s (%(valid)s)",
                count=scope.lot_count,
                who=scope.frozen_by_id.name or "–",
                when=format_datetime(self.env, scope.frozen_on) if scope.frozen_on else "–",
                digest=scope.digest or "–",
                valid=_("unchanged") if scope.digest_valid else _("NOT as it was frozen"),
            )
            pairs.append((scope.display_name, text))
            if scope.warnings:
                pairs.append((_("Doubts"), scope.warnings))
        return Section(_("Scope"), pairs=pairs)

    # -- texts ---------------------------------------------------------------------------------

    def _filled(self, pairs) -> list[tuple[str, str]]:
        """What is asked for and not known is shown as open, not left out."""
        return [(label, value or self.env._("(not stated)")) for label, value in pairs]

    @cached_property
    def _labels(self) -> dict[str, dict]:
        names = ("kind", "state", "found_by", "depth", "goods")
        return {
            name: dict(self.recall._fields[name]._description_selection(self.env)) for name in names
        }

    def _label(self, name: str) -> str:
        return self._labels[name].get(self.recall[name], "")

    def _kind_text(self) -> str:
        return self._label("kind")

    def _when(self, name: str) -> str:
        value = self.recall[name]
        return format_datetime(self.env, value) if value else ""

    def _day(self, name: str) -> str:
        value = self.recall[name]
        return format_date(self.env, value) if value else ""

    def _share(self, value: float) -> str:
        return f"{value:.2f} %" if self.recall.reconciled_on else ""

    def _nature(self) -> str:
        recall = self.recall
        return "\n".join(filter(None, (recall.hazard, recall.reason, recall.hazard_assessment)))

    def _contact(self) -> str:
        user, company = self.recall.manager_id, self.recall.company_id
        reached_by = (user.phone or company.phone, user.email or company.email)
        return ", ".join(filter(None, (user.name, *reached_by)))

    def _address(self, partner) -> str:
        lines = [partner.name, *(partner._display_address() or "").splitlines(), partner.phone]
        return ", ".join(dict.fromkeys(line.strip() for line in lines if line and line.strip()))

    def _due(self, hours: int) -> str:
        decided = self.recall.decided_on
        if not decided:
            return ""
        return format_datetime(self.env, decided + timedelta(hours=hours))
