from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

# What the program that copies tells of the place, and as what.
_TOLD = {
    "free_mb": float,
    "total_mb": float,
    "server_free_mb": float,
    "backup_mb": float,
    "backups": int,
    "every_hours": int,
    "drill_days": int,
    "archive_timeout": int,
    "error": str,
}


class LotBackupPlace(models.Model):
    """Where copies of the database go, as the program that makes them has told, and what is wrong
    with them. There is one row for each place; it belongs to the server and to no company."""

    _name = "lot.backup.place"
    _description = "Place of backups"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id"

    name = fields.Char("Place", required=True, readonly=True)
    active = fields.Boolean(default=True, readonly=True)
    heard_at = fields.Datetime("Last heard", required=True, readonly=True)
    free_mb = fields.Float("Free (MB)", digits=(16, 0), readonly=True)
    total_mb = fields.Float("Size of the disk (MB)", digits=(16, 0), readonly=True)
    server_free_mb = fields.Float("Free for PostgreSQL (MB)", digits=(16, 0), readonly=True)
    backup_mb = fields.Float("Largest backup (MB)", digits=(16, 1), readonly=True)
    backups = fields.Integer("Backups kept", readonly=True)
    every_hours = fields.Integer("A backup every (hours)", readonly=True)
    drill_days = fields.Integer("A drill every (days)", readonly=True)
    archive_timeout = fields.Integer("Archived at least every (seconds)", readonly=True)
    error = fields.Char("What the archive said", readonly=True)
    last_archived_at = fields.Datetime("Log archived on", readonly=True)
    last_backup_id = fields.Many2one("lot.backup.report", "Last good backup", readonly=True)
    last_drill_id = fields.Many2one("lot.backup.report", "Last good drill", readonly=True)
    problems = fields.Text("What is wrong", readonly=True)
    checked_at = fields.Datetime("Checked on", readonly=True)

    _name_unique = models.UniqueIndex("(name)")

    # -- told by the program that copies ---------------------------------------------------------

    @api.model
    def note(self, told: dict[str, Any]) -> dict[str, Any]:
        """Take what a program that makes backups tells: the state of the place, and what it has
        done. The same report told again is taken once.

        :param told: {"place": {"name", "free_mb", "total_mb", "server_free_mb", "backup_mb",
            "backups", "every_hours", "drill_days", "archive_timeout", "error"}, "reports":
            [{"kind": "backup" or "drill", "key", "ok", "started", "ended" (seconds since 1970),
            "backup", "megabytes", "files", "wal_first", "wal_end", "rpo", "rto" (seconds), "text",
            "proofs": [{"name", "passed", "text"}]}]}; all but "name", "kind", "key", "ok",
            "started" and "ended" may be missing
        :return: {"place_id", "report_ids", "problems": [texts]}
        :raise AccessError: for all but administrators of the system
        :raise ValidationError: for what cannot be understood
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator of the system tells of backups."))
        place = told.get("place") if isinstance(told, dict) else None
        if not isinstance(place, dict) or not place.get("name"):
            raise ValidationError(
                self.env._("A report of a backup names its place: {“place”: {“name”: …}}.")
            )
        reports = told.get("reports") or []
        if not isinstance(reports, list) or not all(isinstance(one, dict) for one in reports):
            raise ValidationError(
                self.env._("Reports of backups come as a list: {“reports”: [{“kind”: …}]}.")
            )
        values = {"heard_at": fields.Datetime.now(), "active": True, **self._values(place)}
        # sudo: whoever may tell may have it written; by hand nobody writes it
        known = self.sudo().with_context(active_test=False).search([("name", "=", place["name"])])
        if known:
            known.write(values)
        else:
            known = known.create({"name": place["name"], **values})
        taken = self.env["lot.backup.report"]._take(known, reports)
        known._check_now()
        return {
            "place_id": known.id,
            "report_ids": taken.ids,
            "problems": (known.problems or "").splitlines(),
        }

    @api.model
    def _values(self, place: dict[str, Any]) -> dict[str, Any]:
        try:
            return {
                name: kind(place[name])
                for name, kind in _TOLD.items()
                if place.get(name) is not None
            }
        except (TypeError, ValueError):
            raise ValidationError(
                self.env._("A figure of the place is no number: send sizes in megabytes.")
            ) from None

    # -- what is wrong -----------------------------------------------------------------------------

    @api.model
    def _cron_watch(self) -> None:
        """See whether copies are made as they should, before one is needed."""
        self.search([("active", "=", True)])._check_now()

    def _check_now(self) -> None:
        """Note what is wrong; tell the administrators of it once, and take it back when it is
        well."""
        archiver = self.env["lot.backup.watch"]._archiver()
        for place in self:
            reports = self.env["lot.backup.report"]
            mine = [("place_id", "=", place.id), ("ok", "=", True)]
            place.write(
                {
                    "checked_at": fields.Datetime.now(),
                    "last_archived_at": archiver["last_archived_at"],
                    "last_backup_id": reports.search([*mine, ("kind", "=", "backup")], limit=1).id,
                    "last_drill_id": reports.search([*mine, ("kind", "=", "drill")], limit=1).id,
                }
            )
            problems = self.env["lot.backup.watch"]._problems(place, archiver)
            place._alarm("\n".join(problems))

    def _alarm(self, problems: str) -> None:
        before, self.problems = self.problems or "", problems
        kind = "lot_traceability.activity_backup"
        if not problems:
            self.activity_unlink([kind])
            if before:
                self.message_post(body=self.env._("Backups are well again."))
            return
        if problems != before:
            self.message_post(body=problems)
        told = self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(kind)
        ).user_id
        administrators = self.env.ref("base.group_system").all_user_ids
        for user in administrators - told:
            if user.active and not user.share:
                self.activity_schedule(
                    kind,
                    date_deadline=fields.Date.context_today(self),
                    summary=self.env._("Backups need you"),
                    note=problems,
                    user_id=user.id,
                )

    def action_check(self) -> bool:
        """Look again now whether backups are as they should be.

        :return: True
        :raise AccessError: for all but administrators of the system
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator of the system checks backups."))
        self.sudo()._check_now()  # sudo: nobody writes the outcome by hand
        return True

    def action_retire(self) -> bool:
        """No copies go here any more: it is not watched from now on. Hearing of it takes that back.

        :return: True
        :raise AccessError: for all but administrators of the system
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator of the system retires a place."))
        for place in self.sudo():  # sudo: nobody writes it by hand
            place._alarm("")
            place.active = False
        return True

    def _silent(self, since: timedelta) -> bool:
        return self.heard_at < fields.Datetime.now() - since
