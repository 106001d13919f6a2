from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.scan_command import CommandError, instant

_LONGEST_NAME = 64
# A device that has a link has sent by then what waits on it.
STALE = timedelta(hours=1)


class LotScanDevice(models.Model):
    """A handheld that the Scan app runs on, as it last told of itself."""

    _name = "lot.scan.device"
    _description = "Handheld"
    _order = "seen desc"

    uid = fields.Char("Identity", required=True, readonly=True)
    name = fields.Char(required=True)
    user_id = fields.Many2one("res.users", "Last used by", readonly=True, ondelete="set null")
    seen = fields.Datetime("Last seen", readonly=True)
    waiting = fields.Integer(
        "Not sent yet", readonly=True, help="Scans that waited on the device when it was last seen."
    )
    waiting_since = fields.Datetime(
        readonly=True, help="When the oldest scan that waits was made, by the device's clock."
    )
    stale = fields.Boolean(
        compute="_compute_stale",
        search="_search_stale",
        help="Scans wait on it, and it was not heard of for an hour: it has no link, is switched "
        "off, or lies somewhere.",
    )
    company_id = fields.Many2one("res.company", readonly=True)

    _unique_uid = models.Constraint("UNIQUE (uid)", "This device is known already.")

    @api.depends("waiting", "seen")
    def _compute_stale(self):
        before = fields.Datetime.now() - STALE
        for device in self:
            device.stale = bool(device.waiting and device.seen and device.seen < before)

    def _search_stale(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        before = fields.Datetime.now() - STALE
        return Domain("waiting", ">", 0) & Domain("seen", "<", before)

    @api.model
    def _tell(self, told: dict) -> "LotScanDevice":
        """Note what a device says of itself.

        :param told: {"uid": its identity, "name": what people call it, "waiting": scans not sent,
            "since": when the oldest of them was made, ISO 8601}
        :return: the device; none when it does not say which it is
        """
        uid = str(told.get("uid") or "")[:_LONGEST_NAME]
        # sudo: whoever scans does not manage devices; what is noted is this alone
        devices = self.sudo()
        if not uid:
            return devices
        waiting = told.get("waiting")
        waiting = waiting if isinstance(waiting, int) and waiting >= 0 else 0
        values = {
            "name": str(told.get("name") or uid)[:_LONGEST_NAME],
            "user_id": self.env.uid,
            "seen": fields.Datetime.now(),
            "waiting": waiting,
            "waiting_since": self._since(told.get("since")) if waiting else False,
            "company_id": self.env.company.id,
        }
        device = devices.search([("uid", "=", uid)], limit=1)
        if device:
            device.write(values)
            return device
        return devices.create({"uid": uid, **values})

    @api.model
    def _since(self, told: object):
        """An instant that a device told; none where it cannot be read."""
        try:
            return instant(told) if told else False
        except CommandError:
            return False
