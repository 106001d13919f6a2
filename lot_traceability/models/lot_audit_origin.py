import re
import threading

from odoo import api, models
from odoo.addons.base.models.res_users import API_KEY_SIZE, INDEX_SIZE
from odoo.http import request
from odoo.tools import SQL

# On the request, or on the thread where Odoo hides the request: the part of the API key with which
# it came in that Odoo keeps in the clear to find it by. The secret is not kept.
KEY = "lot_audit_key"
# On the thread: (when its request began, address, client). XML-RPC and JSON-RPC are served without
# a request in sight, by threads that serve others before and after.
CLIENT = "lot_audit_client"
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
            return self._origin_of_thread(threading.current_thread())
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
            "client": _client(http),
            "key": self._key_name(getattr(request, KEY, None)),
        }
        return {key: value for key, value in found.items() if value}

    @api.model
    def _origin_of_thread(self, thread) -> dict[str, str]:
        if not hasattr(thread, "url"):  # Odoo notes it where it serves a request.
            return {"via": "cron" if "cron" in thread.name.lower() else "shell"}
        _began, address, client = _of_this_request(thread, CLIENT) or (None, "", "")
        _began, index = _of_this_request(thread, KEY) or (None, None)
        found = {
            "via": "rpc",
            "address": address,
            "client": client,
            "key": self._key_name(index),
        }
        return {key: value for key, value in found.items() if value}

    @api.model
    def _note_client(self) -> None:
        """Keep who sends this request, for where Odoo hides it."""
        http, thread = request.httprequest, threading.current_thread()
        setattr(thread, CLIENT, (_began_at(thread), http.remote_addr or "", _client(http)))

    @api.model
    def _session_user(self) -> int | None:
        """Who has logged in, where there is a session."""
        return request.session.uid if request and getattr(request, "session", None) else None

    @api.model
    def _note_key(self, secret: str) -> None:
        """This request was let in with a password or an API key; nothing is noted of a password."""
        index = secret[:INDEX_SIZE] if _KEY_FORM.fullmatch(secret or "") else None
        if request:
            setattr(request, KEY, index)
        else:
            thread = threading.current_thread()
            setattr(thread, KEY, (_began_at(thread), index))

    @api.model
    def _key_name(self, index: str | None) -> str:
        """The name of the user's API key with this index."""
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


def _client(http) -> str:
    return str(http.user_agent or "")[:200]


def _began_at(thread) -> float | None:
    return getattr(thread, "perf_t0", None)


def _of_this_request(thread, name: str) -> tuple | None:
    """What was noted on the thread for the request that it serves now."""
    noted = getattr(thread, name, None)
    return noted if noted and noted[0] == _began_at(thread) else None
