import hashlib
import json
from typing import Any

from markupsafe import Markup
from odoo import http
from odoo.http import Response, request
from odoo.tools import file_open
from odoo.tools.json import scriptsafe

from . import public_page

PAGE = "/lot_traceability/scan"
BUNDLE = "lot_traceability.assets_scan"
_WORKER = "lot_traceability/static/src/scan_worker/service_worker.js"
_IMAGES = "/lot_traceability/static/img"
_ICONS = (
    # size, purpose, file
    ("192x192", "any", "scan-192.png"),
    ("512x512", "any", "scan-512.png"),
    ("512x512", "maskable", "scan-maskable-512.png"),
)
# What the camera reads with; Odoo ships it.
_CAMERA = "/web/static/lib/zxing-library/zxing-library.js"
_COLOR = "#123c43"
_POLICY = "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
# Of all handhelds behind one address, each of which asks now and then.
_PER_MINUTE = 600


class Scan(http.Controller):
    """The page of the Scan app, and what makes it open without a link.

    It is a page of its own and not a screen of the backend: a handheld loads a tenth of the
    backend's code, keeps all of it, and opens with no link at all. What it does goes through
    `lot.scan`, as the one who is logged in.
    """

    @http.route(PAGE, type="http", auth="user", methods=["GET"], readonly=True)
    def page(self, **_unused) -> Response:
        """The app; who is not logged in logs in first and comes back."""
        self._follow_language()
        css, js = self._files()
        language = request.env["res.lang"]._get_data(code=request.env.lang)
        told = {
            "version": self._version(css + js),
            "user": request.env.uid,
            "database": request.env.cr.dbname,
            "worker": f"{PAGE}/service-worker.js",
            "camera": _CAMERA,
            **request.env["lot.scan"]._language(),
        }
        page = request.env["ir.qweb"]._render(
            "lot_traceability.scan_page",
            {
                "css": css,
                "js": js,
                "tag": (request.env.lang or "en_US").replace("_", "-"),
                "direction": language.direction or "ltr",
                "color": _COLOR,
                "manifest": f"{PAGE}/manifest.webmanifest",
                "icon": f"{_IMAGES}/{_ICONS[0][2]}",
                "practice": self._is_practice(),
                "told": Markup(scriptsafe.dumps(told)),  # noqa: S704  made safe for a script by Odoo
            },
        )
        return request.make_response(
            Markup("<!DOCTYPE html>\n") + page,
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Cache-Control", "no-cache, private"),
                ("Content-Security-Policy", _POLICY),
                ("Referrer-Policy", "same-origin"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @http.route(f"{PAGE}/manifest.webmanifest", type="http", auth="public", methods=["GET"])
    def manifest(self) -> Response:
        """What a phone has to know to put the app on its home screen."""
        if not self._allowed():
            return self._too_many()
        _ = request.env._
        told = {
            "id": PAGE,
            "name": _("Scan – Lot Traceability"),
            "short_name": _("Scan"),
            "start_url": PAGE,
            "scope": PAGE,
            "display": "standalone",
            "orientation": "any",
            "background_color": _COLOR,
            "theme_color": _COLOR,
            "icons": [
                {
                    "src": f"{_IMAGES}/{name}",
                    "sizes": sizes,
                    "type": "image/png",
                    "purpose": purpose,
                }
                for sizes, purpose, name in _ICONS
            ],
        }
        return request.make_json_response(
            told,
            {"Content-Type": "application/manifest+json", "X-Content-Type-Options": "nosniff"},
        )

    @http.route(f"{PAGE}/service-worker.js", type="http", auth="public", methods=["GET"])
    def service_worker(self) -> Response:
        """The script that keeps the app on the device. It differs with each version of the app,
        and so a browser notices that there is a new one."""
        if not self._allowed():
            return self._too_many()
        css, js = self._files()
        kept: dict[str, Any] = {
            "version": self._version(css + js),
            "page": PAGE,
            "files": [*css, *js, *(f"{_IMAGES}/{name}" for *_rest, name in _ICONS), _CAMERA],
        }
        with file_open(_WORKER) as file:
            script = f"self.KEPT = {json.dumps(kept)};\n{file.read()}"
        return request.make_response(
            script,
            [
                ("Content-Type", "text/javascript; charset=utf-8"),
                ("Service-Worker-Allowed", PAGE),
                ("Cache-Control", "no-cache"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    def _is_practice(self) -> bool:
        # sudo: whether the database is a copy to practise on is for everybody to see
        return bool(request.env["ir.config_parameter"].sudo().get_param("database.is_neutralized"))

    def _allowed(self) -> bool:
        return public_page.allowed("scan-address", public_page.address(), _PER_MINUTE)

    def _too_many(self) -> Response:
        return public_page.too_many(
            request.env._("Too many requests from your connection. Wait a minute.")
        )

    def _follow_language(self) -> None:
        """A session keeps the language of the login, and its user may have chosen another since:
        the page and all that it asks are in that one."""
        told = request.env["res.users"].context_get()
        if any(request.session.context.get(key) != value for key, value in told.items()):
            request.session.context = {**request.session.context, **told}
            request.update_context(**told)

    def _files(self) -> tuple[list[str], list[str]]:
        """Addresses of the app's styles and scripts; their names change with their content."""
        # The styles name no side but the start and the end of a line: one file serves both
        # directions of writing.
        assets = request.env["ir.qweb"].with_context(lang="en_US")
        links = assets._get_asset_links(BUNDLE)
        return (
            [link for link in links if ".css" in link],
            [link for link in links if ".css" not in link],
        )

    def _version(self, files: list[str]) -> str:
        with file_open(_WORKER, "rb") as file:
            digest = hashlib.sha256(file.read())
        digest.update("\n".join(files).encode())
        return digest.hexdigest()[:12]
