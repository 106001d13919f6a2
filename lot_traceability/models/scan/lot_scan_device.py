from odoo import api, fields, models

_LONGEST_NAME = 64


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
    company_id = fields.Many2one("res.company", readonly=True)

    _unique_uid = models.Constraint("UNIQUE (uid)", "This device is known already.")

    @api.model
    def _tell(self, told: dict) -> "LotScanDevice":
        """Note what a device says of itself.

        :param told: {"uid": its identity, "name": what people call it, "waiting": scans not sent}
        :return: the device; none when it does not say which it is
        """
        uid = str(told.get("uid") or "")[:_LONGEST_NAME]
        # sudo: whoever scans does not manage devices; what is noted is this alone
        devices = self.sudo()
        if not uid:
            return devices
        waiting = told.get("waiting")
        values = {
            "name": str(told.get("name") or uid)[:_LONGEST_NAME],
            "user_id": self.env.uid,
            "seen": fields.Datetime.now(),
            "waiting": waiting if isinstance(waiting, int) and waiting >= 0 else 0,
            "company_id": self.env.company.id,
        }
        device = devices.search([("uid", "=", uid)], limit=1)
        if device:
            device.write(values)
            return device
        return devices.create({"uid": uid, **values})
