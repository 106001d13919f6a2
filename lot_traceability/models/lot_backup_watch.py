import shutil
from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.tools import config

# Thresholds: the parameter, and what counts without it.
_MINUTES = ("lot_traceability.backup_archive_minutes", 15)
_PERCENT = ("lot_traceability.backup_free_percent", 10)
_SILENT = ("lot_traceability.backup_silent_minutes", 60)


class LotBackupWatch(models.AbstractModel):
    """What is wrong with the copies of this database, told while there is time to mend it."""

    _name = "lot.backup.watch"
    _description = "Watch over backups"

    @api.model
    def _limit(self, known: tuple[str, int]) -> int:
        name, usual = known
        # sudo: how long is waited is no secret
        text = self.env["ir.config_parameter"].sudo().get_param(name, "")
        return int(text) if text.isdecimal() and int(text) else usual

    @api.model
    def _archiver(self) -> dict[str, Any]:
        """What PostgreSQL says of its archive. Everybody may read that of their server."""
        self.env.cr.execute(
            """SELECT current_setting('archive_mode') <> 'off', pg_is_in_recovery(),
                      last_archived_time AT TIME ZONE 'UTC', failed_count,
                      last_failed_time > COALESCE(last_archived_time, '-infinity'),
                      last_failed_wal, (now() AT TIME ZONE 'UTC')::timestamp(0)
                 FROM pg_stat_archiver"""
        )
        on, standby, archived, failures, failing, segment, now = self.env.cr.fetchone()
        return {
            "on": on,
            "standby": standby,
            "last_archived_at": archived and archived.replace(microsecond=0),
            "failures": failures,
            "failing": bool(failing),
            "segment": segment or "",
            "now": now,
        }

    @api.model
    def _problems(self, place, archiver: dict[str, Any]) -> list[str]:
        """What is wrong now, one sentence each with the next step; empty when all is well."""
        return [
            *self._problems_of_archive(place, archiver),
            *self._problems_of_copies(place),
            *self._problems_of_space(place),
        ]

    @api.model
    def _problems_of_archive(self, place, archiver: dict[str, Any]) -> list[str]:
        _ = self.env._
        if not archiver["on"]:
            return [
                _("PostgreSQL does not archive its log: set it up again (./setup/backup init).")
            ]
        if archiver["failing"]:
            return [
                _(
                    "PostgreSQL cannot archive its log (%(segment)s, %(count)s times): %(error)s "
                    "Mend it before its disk is full.",
                    segment=archiver["segment"],
                    count=archiver["failures"],
                    error=place.error or _("see the server's log."),
                )
            ]
        most = timedelta(minutes=self._limit(_MINUTES))
        archived = archiver["last_archived_at"]
        if not archived or archiver["now"] - archived > most:
            return [
                _(
                    "The last change that is in the archive is of %s: see that archive_timeout is "
                    "set and the archive command ends.",
                    archived or _("never"),
                )
            ]
        return []

    @api.model
    def _problems_of_copies(self, place) -> list[str]:
        _ = self.env._
        now = fields.Datetime.now()
        found = []
        if place._silent(timedelta(minutes=self._limit(_SILENT))):
            found.append(
                _(
                    "Nothing was heard of the backup since %s: see that its timer runs "
                    "(./setup/backup tick).",
                    place.heard_at,
                )
            )
        # A backup may be late by a tenth and take an hour.
        every = timedelta(hours=(place.every_hours or 24) * 1.1 + 1)
        last = place.last_backup_id
        if not last or now - last.ended > every:
            found.append(
                _(
                    "The last good backup is of %s: ./setup/backup run makes one, or says why not.",
                    last.ended or _("never"),
                )
            )
        if place.drill_days:
            found += self._problems_of_drills(place)
        return found

    @api.model
    def _problems_of_drills(self, place) -> list[str]:
        _ = self.env._
        latest = self.env["lot.backup.report"].search(
            [("place_id", "=", place.id), ("kind", "=", "drill")], limit=1
        )
        if latest and not latest.ok:
            return [_("The last drill failed: look at what it could not prove, and mend it.")]
        first = self.env["lot.backup.report"].search(
            [("place_id", "=", place.id), ("kind", "=", "backup"), ("ok", "=", True)],
            order="ended, id",
            limit=1,
        )
        since = latest.ended or first.ended
        late = timedelta(days=place.drill_days * 1.1 + 1)
        if since and fields.Datetime.now() - since > late:
            return [_("No drill was made since %s: ./setup/backup drill makes one.", since)]
        return []

    @api.model
    def _problems_of_space(self, place) -> list[str]:
        _ = self.env._
        found = []
        percent = self._limit(_PERCENT)
        need = max(2 * place.backup_mb, place.total_mb * percent / 100)
        if place.total_mb and place.free_mb < need:
            found.append(
                _(
                    "The disk of the copies has %(free).0f MB free; below %(need).0f MB it is too "
                    "full for the next backups. Make room, or keep fewer.",
                    free=place.free_mb,
                    need=need,
                )
            )
        if place.server_free_mb and place.server_free_mb < 1024:
            found.append(
                _(
                    "PostgreSQL has %(free).0f MB free: it stops when its disk is full.",
                    free=place.server_free_mb,
                )
            )
        usage = shutil.disk_usage(config["data_dir"])
        if usage.free < usage.total * min(percent, 5) / 100:
            found.append(
                _(
                    "The disk of Odoo's files has %(free).0f MB free. Make room.",
                    free=usage.free / 1e6,
                )
            )
        return found
