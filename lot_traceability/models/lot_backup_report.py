from datetime import datetime, timezone
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_TEXTS = ("backup", "wal_first", "wal_end", "text")
_FIGURES = ("megabytes", "rpo", "rto")


class LotBackupReport(models.Model):
    """A backup that was made, or a drill that restored one and proved it: what came of it. It is
    evidence, and told by the program that did it."""

    _name = "lot.backup.report"
    _description = "Report of a backup or a drill"
    _order = "ended desc, id desc"

    place_id = fields.Many2one(
        "lot.backup.place", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("backup", "Backup"), ("drill", "Drill")], required=True, readonly=True
    )
    key = fields.Char(required=True, readonly=True)
    ok = fields.Boolean("Went well", readonly=True)
    started = fields.Datetime(required=True, readonly=True)
    ended = fields.Datetime(required=True, readonly=True)
    seconds = fields.Float("Took (seconds)", digits=(16, 1), readonly=True)
    backup = fields.Char("Copy", readonly=True, help="The name of the base backup: when it began")
    megabytes = fields.Float("Size (MB)", digits=(16, 1), readonly=True)
    files = fields.Integer("Files of Odoo", readonly=True)
    wal_first = fields.Char("Log from", readonly=True)
    wal_end = fields.Char("Log to", readonly=True)
    rpo = fields.Float(
        "Work at risk (seconds)",
        digits=(16, 1),
        readonly=True,
        help="Recovery point: how old the last archived change was when the drill began",
    )
    rto = fields.Float(
        "Back after (seconds)",
        digits=(16, 1),
        readonly=True,
        help="Recovery time: from the start of the restore until the database and its files "
        "could be used",
    )
    text = fields.Text("What it said", readonly=True)
    proof_ids = fields.One2many("lot.backup.proof", "report_id", "Proofs", readonly=True)

    _key_unique = models.UniqueIndex("(place_id, key)")

    @api.depends("kind", "backup", "key")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for report in self:
            report.display_name = f"{kinds.get(report.kind, '')} {report.backup or report.key}"

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env["lot.audit.event"]._refused())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env["lot.audit.event"]._refused())

    @api.model
    def _take(self, place, reports: list[dict[str, Any]]):
        """Note what was not told before.

        :return: the reports, those that were known included
        """
        # sudo: told by whoever may tell of the place; nobody writes a report by hand
        found = self.sudo().search(
            [("place_id", "=", place.id), ("key", "in", [one.get("key") for one in reports])]
        )
        known = set(found.mapped("key"))
        new = [self._values(place, one) for one in reports if one.get("key") not in known]
        return found + found.create(new)

    @api.model
    def _values(self, place, told: dict[str, Any]) -> dict[str, Any]:
        try:
            started, ended = (_time(told[name]) for name in ("started", "ended"))
            values = {name: float(told.get(name) or 0) for name in _FIGURES}
            values |= {name: str(told.get(name) or "") for name in _TEXTS}
            return values | {
                "place_id": place.id,
                "kind": {"backup": "backup", "drill": "drill"}[told["kind"]],
                "key": str(told["key"]),
                "ok": bool(told["ok"]),
                "started": started,
                "ended": ended,
                "seconds": float(told["ended"]) - float(told["started"]),
                "files": int(told.get("files") or 0),
                "proof_ids": [
                    (
                        0,
                        0,
                        {
                            "name": str(proof["name"]),
                            "passed": bool(proof["passed"]),
                            "text": str(proof.get("text") or ""),
                        },
                    )
                    for proof in told.get("proofs") or []
                ],
            }
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            raise ValidationError(
                self.env._(
                    "A report of a backup has “kind” (backup or drill), “key”, “ok”, “started” and "
                    "“ended”, in seconds since 1970."
                )
            ) from None


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), timezone.utc).replace(tzinfo=None, microsecond=0)
