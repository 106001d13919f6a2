import re
import threading

from odoo import api, models
from odoo.addons.base.models.res_users import API_KEY_SIZE, INDEX_SIZE
from odoo.http import request
from odoo.tools import SQL

# On the request: the part of the API key, with which it came in, that Odoo keeps in the clear to
# find it by. The secret is not kept.
KEY = "lot_audit_key"
_KEY_FORM = re.compile(f"[0-9a-f]{{{2 * API_KEY_SIZE}}}")


class LotAuditOrigin(models.AbstractModel):
    """From where something is done: address, client and way in."""

    _name = "lot.audit.origin"
    _description = "Origin of what is done"

    @api.model
    def _origin(self) -> dict[str, str]:
        """{"via": "web", "json2", "rpc", "cron" or "shell", "address": …, "client": …, "key": …};
        what is not known is left out."""
        if not request:
            name = threading.current_thread().name
            return {"via": "cron" if "cron" in name.lower() else "shell"}
        http = request.httprequest
        path = http.path or ""
        via = "web"
        if path.startswith("/json/2"):
            via = "json2"
        elif path.startswith(("/xmlrpc", "/jsonrpc")):
            via = "rpc"
        found = {
            "via": via,
            "address": http.remote_addr or "",
            "client": str(http.user_agent or "")[:200],
            "key": self._key_name(),
        }
        return {key: value for key, value in found.items() if value}

    @api.model
    def _session_user(self) -> int | None:
        """Who has logged in, where there is a session."""
        return request.session.uid if request and getattr(request, "session", None) else None

    @api.model
    def _note_key(self, secret: str) -> None:
        """This request was let in with a password or an API key; nothing is noted of a password."""
        if request and _KEY_FORM.fullmatch(secret or ""):
            setattr(request, KEY, secret[:INDEX_SIZE])

    @api.model
    def _key_name(self) -> str:
        """The name of the API key with which this request was let in."""
        index = getattr(request, KEY, None) if request else None
        if not index:
            return ""
        self.env.cr.execute(
            SQL(
                "SELECT name FROM res_users_apikeys WHERE index = %s AND user_id = %s "
                "ORDER BY id LIMIT 1",
                index,
                self.env.uid,
            )
        )
        row = self.env.cr.fetchone()
        return row[0] if row else ""
