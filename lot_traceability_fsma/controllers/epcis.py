import io
import json
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from odoo import http
from odoo.addons.lot_traceability.controllers import asker
from odoo.http import Response, request
from werkzeug.exceptions import ClientDisconnected

from ..tools import epcis
from ..tools.epcis.words import VOCABULARIES
from ..tools.epcis_problem import KIND, headers, problem
from ..tools.epcis_problem import ROOT as _ROOT

_PER_MINUTE = 300
_OPTIONS = {
    "auth": "bearer",
    "type": "http",
    "csrf": False,
    "save_session": False,
}
_KINDS_OF_ERROR = {
    "too_large": 413,
    "query_unsupported": 501,
    "query_many": 413,
    "query_complex": 413,
}
# Prefixes that need not be declared.
_PREFIXES = {"tlc": "https://traceability.fda.gov/epcis"}
# What a path asks for, as the simple event query names it.
_PATHS = {
    "eventTypes": "eventType",
    "epcs": "MATCH_anyEPC",
    "bizSteps": "EQ_bizStep",
    "bizLocations": "EQ_bizLocation",
    "readPoints": "EQ_readPoint",
    "dispositions": "EQ_disposition",
}


class ProblemError(Exception):
    """A request that is answered with a problem (RFC 9457)."""

    def __init__(self, status: int, detail: str) -> None:
        self.status = status
        super().__init__(detail)


class Epcis(http.Controller):
    """The REST interface of EPCIS 2.0: partners and programs send events and ask for them."""

    # -- what there is ---------------------------------------------------------------------------

    @http.route([_ROOT, f"{_ROOT}/"], methods=["GET", "OPTIONS"], **_OPTIONS)
    def root(self, **_unused) -> Response:
        """What this interface can do: its resources in the body, versions and limits in headers."""
        resources = ["capture", "events", "queries", *_PATHS]
        body = {"type": "Collection", "member": resources}
        return self._answered(lambda: self._json({"@context": epcis.EPCIS_CONTEXT, **body}))

    @http.route(f"{_ROOT}/<string:name>", methods=["GET"], **_OPTIONS)
    def collection(self, name: str, **_unused) -> Response:
        """The types of events and the words for steps and dispositions that can be asked for."""

        def answer() -> Response:
            words = {
                "eventTypes": [kind for kind, _label in self._kinds()],
                "bizSteps": sorted(VOCABULARIES["bizStep"].words),
                "dispositions": sorted(VOCABULARIES["disposition"].words),
            }
            if name not in words:
                raise ProblemError(404, f"There is no resource {name}: see {_ROOT}.")
            body = {"type": "Collection", "member": words[name]}
            return self._json({"@context": epcis.EPCIS_CONTEXT, **body})

        return self._answered(answer)

    @http.route(
        [
            f"{_ROOT}/queries/<path:name>",
            f"{_ROOT}/queries",
            f"{_ROOT}/<string:kind>/<path:name>/subscriptions",
        ],
        methods=["POST", "GET", "DELETE"],
        **_OPTIONS,
    )
    def queries(self, **_unused) -> Response:
        """Queries are not kept: there is none to list, and none can be made."""

        def answer() -> Response:
            path = request.httprequest.path.rstrip("/")
            if request.httprequest.method == "GET" and path == f"{_ROOT}/queries":
                body = {"type": "Collection", "member": []}
                return self._json({"@context": epcis.EPCIS_CONTEXT, **body})
            text = f"Named and standing queries are not kept: ask {_ROOT}/events again."
            raise ProblemError(501, text)

        return self._answered(answer)

    # -- capture ---------------------------------------------------------------------------------

    @http.route(f"{_ROOT}/capture", methods=["POST"], **_OPTIONS)
    def capture(self, **_unused) -> Response:
        """Take a document of events, JSON-LD or XML; nothing of it where one event is wrong, unless
        the header `GS1-Capture-Error-Behaviour` says proceed.

        :return: 202 with the job's address in `Location`; a problem where nothing can be read
        """

        def answer() -> Response:
            behaviour = request.httprequest.headers.get("GS1-Capture-Error-Behaviour", "rollback")
            if behaviour not in ("rollback", "proceed"):
                text = "GS1-Capture-Error-Behaviour is rollback or proceed."
                raise ProblemError(400, text)
            job = self._take(behaviour, self._body())
            location = f"{_ROOT}/capture/{job.token}"
            return self._headed(request.make_response("", [("Location", location)], status=202))

        return self._answered(answer)

    @http.route(f"{_ROOT}/capture", methods=["GET"], **_OPTIONS)
    def jobs(self, **_unused) -> Response:
        """The latest jobs of the one who asks."""

        def answer() -> Response:
            jobs = self._jobs().search([("user_id", "=", request.env.uid)], limit=30)
            return self._json([job._job() for job in jobs])

        return self._answered(answer)

    @http.route(f"{_ROOT}/capture/<string:token>", methods=["GET"], **_OPTIONS)
    def job(self, token: str, **_unused) -> Response:
        """What became of a document that the one who asks has sent."""

        def answer() -> Response:
            mine = [("token", "=", token), ("user_id", "=", request.env.uid)]
            job = self._jobs().search(mine, limit=1)
            if not job:
                raise ProblemError(404, "There is no such capture job: check its number.")
            return self._json(job._job())

        return self._answered(answer)

    @http.route(f"{_ROOT}/events", methods=["POST"], **_OPTIONS)
    def capture_event(self, **_unused) -> Response:
        """Take one event.

        :return: 201 with its address in `Location`, also where it is known already
        """

        def answer() -> Response:
            source = self._body()
            event, *more = list(epcis.read(source))
            if more:
                raise ProblemError(400, f"Send one event here, or a document to {_ROOT}/capture.")
            source.seek(0)
            job = self._take("rollback", source)
            if not job.success:
                text = "; ".join(f"{one['place']}: {one['text']}" for one in job.errors)
                raise ProblemError(400, text)
            event_id = event.get("eventID") or epcis.hash_id(event)
            location = f"{_ROOT}/events/{quote(event_id, safe='')}"
            return self._headed(request.make_response("", [("Location", location)], status=201))

        return self._answered(answer)

    # -- queries ---------------------------------------------------------------------------------

    @http.route(f"{_ROOT}/events", methods=["GET"], **_OPTIONS)
    def events(self, **parameters) -> Response:
        """The events that fit the parameters of the simple event query, a page of them; the header
        `Link` has the address of the next page."""
        return self._answered(lambda: self._query(list(parameters.items())))

    @http.route(f"{_ROOT}/events/<path:event_id>", methods=["GET"], **_OPTIONS)
    def event(self, event_id: str, **_unused) -> Response:
        """One event by its id or its hash."""

        def answer() -> Response:
            # A hash id has a question mark in it, which clients leave as it is.
            query = request.httprequest.query_string.decode("ascii", "replace")
            asked = f"{event_id}?{query}" if query.startswith("ver=") else event_id
            found = self._found([("EQ_eventID", [asked])]).ids
            if not found:
                raise ProblemError(404, "There is no such event, or it is not for you.")
            return self._json(self._events(found[:1])[0], "application/ld+json")

        return self._answered(answer)

    @http.route(f"{_ROOT}/<string:kind>/<path:value>/events", methods=["GET"], **_OPTIONS)
    def events_of(self, kind: str, value: str, **parameters) -> Response:
        """The events of a type, an EPC, a step, a place or a disposition."""

        def answer() -> Response:
            if kind not in _PATHS:
                raise ProblemError(404, f"There is no resource {kind}: see {_ROOT}.")
            if kind == "epcs" and not parameters.keys() & {"MATCH_anyEPC", "MATCH_anyEPCClass"}:
                pairs = self._epc_or_class(value)
            else:
                pairs = [(_PATHS[kind], [value])]
            return self._query([*pairs, *parameters.items()])

        return self._answered(answer)

    # -- how -------------------------------------------------------------------------------------

    def _answered(self, answer) -> Response:
        """Who may ask, how often, and every error as a problem."""
        if request.httprequest.method == "OPTIONS":
            return self._headed(request.make_response("", status=204))
        try:
            self._check()
            return answer()
        except ProblemError as error:
            return self._problem(error.status, str(error))
        except epcis.EpcisError as error:
            return self._problem(_KINDS_OF_ERROR.get(error.code, 400), str(error))

    def _check(self) -> None:
        access = request.env["lot.epcis.access"]
        sending = request.httprequest.method == "POST"
        if not (access._may_capture() if sending else access._may_query()):
            text = "The user of this key may not exchange events: give it the right “EPCIS”."
            raise ProblemError(403, text)
        values = [request.httprequest.path, *request.httprequest.args.values()]
        if any("\0" in value for value in values):
            raise ProblemError(400, "An address has no NUL character: leave it out.")
        # sudo: counting is all that is done with it
        limit = request.env["lot.request.limit"].sudo()
        if not limit._allow(asker.counted("epcis", str(request.env.uid)), _PER_MINUTE):
            raise ProblemError(429, "Too many requests with this key: wait a minute.")

    def _take(self, behaviour: str, source: io.BytesIO):
        """:return: the capture, with rights to read it"""
        access = request.env["lot.epcis.access"]
        # sudo: who sends reads nothing, and writes nothing but what it tells
        captures = request.env["lot.epcis.capture"].sudo()
        reading = epcis.open_document(source)
        return captures._take(reading, access._company(), access._partner(), behaviour)

    def _body(self) -> io.BytesIO:
        if (request.httprequest.content_length or 0) > epcis.LIMIT:
            size = f"{epcis.LIMIT >> 20} MB"
            raise ProblemError(413, f"A document has at most {size}: send it in several parts.")
        kind = (request.httprequest.content_type or "").partition(";")[0].strip().lower()
        if kind and kind not in (
            "application/json",
            "application/ld+json",
            "application/xml",
            "text/xml",
        ):
            text = f"{kind} is no EPCIS document: send application/ld+json or application/xml."
            raise ProblemError(415, text)
        try:
            return io.BytesIO(request.httprequest.get_data(cache=False))
        except ClientDisconnected:
            raise ProblemError(400, "The body is cut short: send it again.") from None

    def _jobs(self):
        # sudo: each one is asked for its own only
        return request.env["lot.epcis.capture"].sudo()

    def _kinds(self) -> list[tuple[str, str]]:
        return request.env["lot.epcis.event"]._fields["kind"].selection

    def _epc_or_class(self, value: str) -> list[tuple[str, Any]]:
        """A lot's class is asked for like a thing."""
        link = epcis.canonical(value) or value
        is_class = "/10/" in link or (
            link.startswith("https://id.gs1.org/01/") and "/21/" not in link
        )
        return [("MATCH_anyEPCClass" if is_class else "MATCH_anyEPC", [value])]

    def _found(self, pairs: list[tuple[str, Any]]):
        query = epcis.parse_query(pairs, [_PREFIXES, self._prefixes()])
        # sudo: what may be seen is part of the question
        engine = request.env["lot.epcis.query"].sudo()
        return engine._page(query, request.env["lot.epcis.access"]._seen())

    def _prefixes(self) -> dict[str, str]:
        """The prefixes of extensions that the request declares: `ext=https://…, other=…`."""
        told = request.httprequest.headers.get("GS1-Extensions", "")
        parts = [part.partition("=") for part in told.split(",") if "=" in part]
        return {prefix.strip(): address.strip() for prefix, _sign, address in parts}

    def _events(self, ids: list[int]) -> list[dict[str, Any]]:
        # sudo: `_found` gave those that may be seen
        return request.env["lot.epcis.event"].sudo().browse(ids)._told_bodies()

    def _query(self, pairs: list[tuple[str, Any]]) -> Response:
        page = self._found(pairs)
        events = self._events(page.ids)
        document = epcis.query_document(events, created=datetime.now(timezone.utc))
        for event in document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]:
            own = event.get("@context")
            parts = own if isinstance(own, list) else [own]
            # What an event's own prefixes stand for stays with it, where it is not said above.
            if all(part in document["@context"] for part in parts):
                event.pop("@context", None)
        response = self._json(document, "application/ld+json")
        if page.token:
            path = request.httprequest.path
            rest = [
                f"{quote(name)}={quote(value if isinstance(value, str) else ','.join(value))}"
                for name, value in request.httprequest.args.items()
                if name != "nextPageToken"
            ]
            query = "&".join([*rest, f"nextPageToken={quote(page.token)}"])
            response.headers["Link"] = f'<{quote(path)}?{query}>; rel="next"'
        return response

    # -- answers ---------------------------------------------------------------------------------

    def _problem(self, status: int, detail: str) -> Response:
        response = self._json(problem(status, detail), KIND, status)
        if status == 429:
            response.headers["Retry-After"] = "60"
        return response

    def _json(self, data: Any, kind: str = "application/json", status: int = 200) -> Response:
        text = json.dumps(data, ensure_ascii=False)
        return self._headed(request.make_response(text, [("Content-Type", kind)], status=status))

    def _headed(self, response: Response) -> Response:
        response.headers.update(headers(epcis.LIMIT))
        return response
