import time
from datetime import timedelta
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

_PREFIX = "_health_"
_READERS = ("lot_traceability.group_administrator", "base.group_system")
# The seal runs each minute.
_SEALED_WITHIN = timedelta(minutes=15)
_LATE = timedelta(hours=1)
# Once may be a lost connection.
_FAILURES = 3


class Check(NamedTuple):
    """What one check found: whether it is well, a sentence, and numbers."""

    ok: bool
    text: str
    figures: dict[str, float] = {}


class LotHealth(models.AbstractModel):
    """Is the installation well? Asked by whatever watches servers.

    A check is a method `_health_<code>` that gives a `Check`; modules add theirs by inheritance. It
    runs with all rights, and asks little: it is called several times a minute.
    """

    _name = "lot.health"
    _description = "Health of the installation"

    @api.model
    def report(self) -> dict[str, Any]:
        """How the installation is.

        :return: {"status": "ok" or "failing", "checks": {code: {"ok": bool, "text": sentence,
            …numbers of the check}}}
        :raise AccessError: for who administers neither traceability nor Odoo
        """
        if not self._may_read():
            raise AccessError(
                self.env._("The health of the installation is told to administrators.")
            )
        # sudo: checks look at jobs and tables that administrators of traceability may not read
        return self.sudo()._report()

    @api.model
    def _may_read(self) -> bool:
        return self.env.su or any(self.env.user.has_group(group) for group in _READERS)

    @api.model
    def _report(self) -> dict[str, Any]:
        checks = self._checks()
        return {
            "status": "ok" if all(check.ok for check in checks.values()) else "failing",
            "checks": {
                code: {"ok": check.ok, "text": check.text, **check.figures}
                for code, check in checks.items()
            },
        }

    @api.model
    def _checks(self) -> dict[str, Check]:
        codes = sorted(
            name.removeprefix(_PREFIX) for name in dir(type(self)) if name.startswith(_PREFIX)
        )
        found = {code: getattr(self, _PREFIX + code)() for code in codes}
        return {code: check for code, check in found.items() if check}

    # -- checks ------------------------------------------------------------------------------

    @api.model
    def _health_database(self) -> Check:
        began = time.perf_counter()
        self.env.cr.execute("SELECT 1")
        took = round(time.perf_counter() - began, 6)
        return Check(True, self.env._("The database answers."), {"seconds": took})

    @api.model
    def _health_seal(self) -> Check:
        """Whether the audit log is sealed in time."""
        count, waits = self._unsealed()
        figures = {"unsealed": count, "oldest_seconds": waits}
        if waits <= _SEALED_WITHIN.total_seconds():
            return Check(True, self.env._("The audit log is sealed in time."), figures)
        text = self.env._(
            "%(count)s events of the audit log wait to be sealed, the oldest for %(minutes)s "
            "minutes: see whether scheduled actions run.",
            count=count,
            minutes=round(waits / 60),
        )
        return Check(False, text, figures)

    @api.model
    def _unsealed(self) -> tuple[int, float]:
        """How many events wait to be sealed, and for how many seconds the oldest does."""
        self.env.cr.execute(
            SQL(
                """SELECT (SELECT COUNT(*) FROM lot_audit_pending),
                          COALESCE((SELECT EXTRACT(EPOCH FROM
                                           (clock_timestamp() AT TIME ZONE 'UTC') - event.at)
                             FROM lot_audit_event event
                            WHERE event.id = (SELECT MIN(event_id) FROM lot_audit_pending)), 0)
                          ::float8"""
            )
        )
        count, waits = self.env.cr.fetchone()
        return count, max(round(waits, 1), 0.0)

    @api.model
    def _health_log(self) -> Check | None:
        """What the last verification of the audit log found; nothing before the first one."""
        last = self.env["lot.audit.verification"].search([], order="id desc", limit=1)
        if not last:
            return None
        if last.valid:
            return Check(True, self.env._("The audit log verified."), {"findings": last.findings})
        text = self.env._("The audit log does not verify: open Audit, Verifications.")
        return Check(False, text, {"findings": last.findings})

    @api.model
    def _health_archives(self) -> Check | None:
        """Whether an archive of the audit log was found changed or gone."""
        archives = self.env["lot.audit.archive"]
        checked = archives.search_count([("checked_on", "!=", False)])
        if not checked:
            return None
        wrong = archives.search([("checked_on", "!=", False), ("checked_valid", "=", False)])
        figures = {"archives": checked, "wrong": len(wrong)}
        if not wrong:
            return Check(True, self.env._("The archives of the audit log verified."), figures)
        text = self.env._(
            "Archives of the audit log do not verify: %s.", ", ".join(wrong.mapped("file_name"))
        )
        return Check(False, text, figures)

    @api.model
    def _health_jobs(self) -> Check:
        """Whether our scheduled actions run, and do not fail."""
        now = fields.Datetime.now()
        jobs = self._jobs()
        late = [job for job in jobs if now - job.nextcall > _LATE]
        failing = [job for job in jobs if job.failure_count >= _FAILURES]
        figures = {"jobs": len(jobs), "late": len(late), "failing": len(failing)}
        if not late and not failing:
            return Check(True, self.env._("The scheduled actions run."), figures)
        names = dict.fromkeys(job.cron_name for job in [*late, *failing])
        text = self.env._(
            "Scheduled actions are late or fail: %s. See the server's log.", "; ".join(names)
        )
        return Check(False, text, figures)

    @api.model
    def _jobs(self):
        """Our scheduled actions that are switched on."""
        known = self.env["ir.model.data"].search_fetch(
            [("model", "=", "ir.cron"), ("module", "=like", "lot\\_traceability%")], ["res_id"]
        )
        return self.env["ir.cron"].search([("id", "in", known.mapped("res_id"))])

    @api.model
    def _health_backup(self) -> Check | None:
        """What is wrong with the backups, where a program that makes them tells of them."""
        if "lot.backup.place" not in self.env:
            return None
        places = self.env["lot.backup.place"].search([("active", "=", True)])
        if not places:
            return None
        ended = [place.last_backup_id.ended for place in places if place.last_backup_id]
        age = {}
        if ended:
            age["age_seconds"] = round((fields.Datetime.now() - max(ended)).total_seconds())
        problems = [place.problems for place in places if place.problems]
        if problems:
            return Check(False, " ".join(problems).replace("\n", " "), age)
        return Check(True, self.env._("The backups are as they should be."), age)
