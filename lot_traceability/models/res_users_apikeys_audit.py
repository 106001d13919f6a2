from odoo import models


class ResUsersApikeys(models.Model):
    """API keys are told when they are made and revoked, and by which one a request came in."""

    _inherit = "res.users.apikeys"

    def _check_credentials(self, *, scope, key):
        user = super()._check_credentials(scope=scope, key=key)
        # Devices that need no second factor are kept by a model that inherits this one.
        if user and self._name == "res.users.apikeys":
            self.env["lot.audit.origin"]._note_key(key)
        return user

    def _generate(self, scope, name, expiration_date):
        key = super()._generate(scope, name, expiration_date)
        if self._name == "res.users.apikeys":
            until = expiration_date and f"{expiration_date} UTC"
            data = {"key": name, "made": True, "scope": scope or "", "until": until or ""}
            self.env.user._tell_right({}, data)
        return key

    def unlink(self):
        if self._name == "res.users.apikeys":
            for key in self.sudo():  # sudo: as in `_record`
                key.user_id._tell_right({}, {"key": key.name, "revoked": True})
        return super().unlink()
