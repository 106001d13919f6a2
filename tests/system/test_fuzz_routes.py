"""Each address of ours takes nonsense without an error of the server: in the address, in the query,
in headers and in the body; with and without a login."""

import http.cookiejar
import json
import re
import sys
import urllib.request
import uuid
from pathlib import Path
from urllib.parse import quote, urlencode

import fuzzing
import psycopg2
import pytest
import remote
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "addons/test_lot_traceability/tests"))

import security_doc

ROUTES = security_doc.routes()
TEXTS = st.text(min_size=1, max_size=20).filter(lambda text: not _has_surrogates(text)) | (
    st.sampled_from(
        [
            "a\0b",
            "..%2f..%2fetc%2fpasswd",
            "%00",
            "x" * 3000,
            "é" * 400,
            "0" * 14,
            "09506000134352",
            "9" * 30,
            "-1",
            "xlsx",
            "pdf",
            "1",
            "' OR 1=1 --",
            "<script>",
            "10/ABC%2F1",
            "urn:epc:id:sgtin:0614141.107346.2018",
        ]
    )
)
NUMBERS = st.integers(0, 2**70).map(str)
# What routes take in their query, and what they do not.
NAMES = (
    "lot_ids",
    "direction",
    "kinds",
    "since",
    "until",
    "product_ids",
    "linkType",
    "MATCH_anyEPC",
    "GE_eventTime",
    "perPage",
    "nextPageToken",
    "orderBy",
    "EQ_bizStep",
    "nonsense",
)
KINDS = (
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "nonsense",
)
JSON = fuzzing.values.filter(lambda value: "\\ud8" not in json.dumps(value)).map(
    lambda value: json.dumps(value).encode()
)
BODIES = (
    JSON
    | st.binary(max_size=60)
    | st.sampled_from(
        [
            b"",
            b"{",
            b"[" * 5000,
            b'{"reader": null, "batch": 1, "reads": [{}]}',
            b'{"reader": "a\\u0000", "batch": "b", "reads": [{"epc": "3034", "at": "never"}]}',
            b'{"@context": [], "type": "EPCISDocument", "epcisBody": {"eventList": [null, {}]}}',
            b'{"type": "ObjectEvent", "eventTime": 7, "epcList": {"a": 1}, "action": []}',
            b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
            b"<epcis:EPCISDocument xmlns:epcis='urn:epcglobal:epcis:xsd:2'/>",
            b"name=%00&found-1=1e999&packed=[{]&sold_name=%ff",
            b"--x\r\nContent-Disposition: form-data; name=files; filename=a\r\n\r\n\0\r\n--x--",
        ]
    )
)


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


@pytest.fixture(scope="module")
def logins(server) -> dict[str, dict[str, str]]:
    """The headers of requests, by the login that a route asks for."""
    admin = remote.Connection(server)
    groups = [
        admin("ir.model.data", "check_object_reference", *name.split("."))[1]
        for name in (
            "lot_traceability_fsma.group_epcis_partner",
            "lot_traceability.group_rfid_gateway",
        )
    ]
    login = f"fuzz-{uuid.uuid4().hex[:8]}"
    values = {"name": login, "login": login, "group_ids": [(6, 0, groups)]}
    key = fuzzing.api_key(server, admin("res.users", "create", values))
    return {
        "public": {},
        "bearer": {"Authorization": f"bearer {key}"},
        "user": {"Cookie": f"session_id={_session(server)}"},
    }


def _session(server) -> str:
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    access = {name: server[name] for name in ("db", "login", "password")}
    body = json.dumps({"jsonrpc": "2.0", "params": access}).encode()
    request = urllib.request.Request(
        f"{server['url']}/web/session/authenticate", body, {"Content-Type": "application/json"}
    )
    opener.open(request, timeout=60).read()
    return next(cookie.value for cookie in jar if cookie.name == "session_id")


def _filled(data, route: str) -> str:
    """An address with something in each of its places."""

    def part(found: re.Match) -> str:
        kind = found[1]
        return data.draw(NUMBERS) if kind == "int" else quote(data.draw(TEXTS), safe="")

    return re.sub(r"<(\w+):\w+>", part, route)


def test_nonsense_in_requests_is_no_error_of_the_server(server, logins):
    failures = []

    @settings(
        max_examples=12,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def send(data):
        with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
            # Else all but the first requests would be too many.
            cursor.execute("DELETE FROM lot_request_limit")
        for route, (methods, login, _csrf) in ROUTES.items():
            method = data.draw(st.sampled_from(methods.replace("any", "GET POST").split()))
            query = data.draw(st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=3))
            headers = {
                "Content-Type": data.draw(st.sampled_from(KINDS)),
                "Accept": data.draw(st.sampled_from(["*/*", "nonsense", "application/ld+json"])),
                **logins[login if data.draw(st.booleans()) else "public"],
            }
            body = data.draw(BODIES) if method == "POST" else None
            path = f"{_filled(data, route)}?{urlencode(query)}"
            status, text, _headers = fuzzing.ask(server, path, body, method, **headers)
            if status >= 500 and status != 501:
                failures.append(
                    f"{method} {path:.200} {headers} {body!r:.200}: {status} {text:.300}"
                )

    with fuzzing.only_refusals():
        send()
        assert not failures, "\n\n".join(failures[:20])
