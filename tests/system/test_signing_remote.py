"""Signatures over a running server: what is refused is rolled back there, and what is counted and
told of it stays; and several come at once.
"""

import http.cookiejar
import json
import threading
import urllib.request
import uuid
import xmlrpc.client

import psycopg2
import pytest
import remote
from passlib.context import CryptContext

PASSWORD = "correct horse battery staple"


@pytest.fixture
def admin(server):
    return remote.Connection(server)


def _user(admin, server, *roles):
    """A connection as a new user with these roles."""
    login = f"sign-{uuid.uuid4().hex[:8]}"
    groups = [
        admin("ir.model.data", "check_object_reference", *name.split("."))[1]
        for name in (
            "stock.group_stock_user",
            *(f"lot_traceability.group_{role}" for role in roles),
        )
    ]
    values = {"name": login, "login": login, "password": PASSWORD}
    admin("res.users", "create", {**values, "group_ids": [(6, 0, groups)]})
    return remote.Connection({**server, "login": login, "password": PASSWORD})


@pytest.fixture
def release(admin):
    """Releases are signed, by two persons where a test asks for it, until it ends."""
    step = admin.one("lot.signature.step", [("code", "=", "release")])

    def demand(**values):
        admin("lot.signature.step", "write", [step], {"demanded": True, **values})

    demand()
    yield demand
    admin("lot.signature.step", "write", [step], {"demanded": False, "second_signer": False})


@pytest.fixture
def lot(admin):
    return _quarantined(admin)


def _quarantined(admin) -> int:
    """A lot that waits for quality."""
    name = f"SIGN-{uuid.uuid4().hex[:8]}"
    product = admin("product.product", "create", {"name": name, "is_storable": True})
    admin("product.product", "write", [product], {"tracking": "lot"})
    lot = admin("stock.lot", "create", {"name": name, "product_id": product})
    admin("stock.lot", "set_status", [lot], "quarantine", "To be judged")
    return lot


def _sign(connection, lot, password=PASSWORD, **given):
    credentials = {"login": connection.server["login"], "password": password, **given}
    return connection(
        "lot.signature",
        "sign",
        "release",
        "stock.lot",
        [lot],
        credentials,
        "approval",
        "Results reviewed",
        {"status": "released"},
    )


def _refused(work, *args, **kwargs) -> str:
    with pytest.raises(xmlrpc.client.Fault) as fault:
        work(*args, **kwargs)
    assert "Traceback" not in fault.value.faultString
    return fault.value.faultString


def _status(admin, lot) -> str:
    return admin("stock.lot", "read", [lot], ["status_id"])[0]["status_id"][1]


def _events(server, kind: str, user: int) -> int:
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM lot_audit_event WHERE kind = %s AND user_id = %s", [kind, user]
        )
        return cursor.fetchone()[0]


def test_api_demands_the_signature_and_takes_it(admin, server, release, lot, expect_warning):
    expect_warning("has to be signed")
    quality = _user(admin, server, "quality")
    told = _refused(quality, "stock.lot", "set_status", [lot], "released", "Reviewed")
    assert "“sign” of lot.signature" in told
    answer = _sign(quality, lot)
    assert _status(admin, lot) == "Released"
    state = quality("lot.signature", "differences", answer["signature_ids"])[0]
    assert (state["state"], state["differences"]) == ("valid", [])


def test_failures_outlive_what_is_rolled_back_and_lock_out(
    admin, server, release, lot, expect_warning
):
    expect_warning("not the user name and password")
    expect_warning("You cannot sign until")
    quality = _user(admin, server, "quality")
    for left in (4, 3, 2, 1):
        assert f"{left} attempts left" in _refused(_sign, quality, lot, "wrong")
    assert "You cannot sign until" in _refused(_sign, quality, lot, "wrong")
    assert "You cannot sign until" in _refused(_sign, quality, lot)
    assert _status(admin, lot) == "Quarantine"
    assert _events(server, "signature_failed", quality.uid) == 5
    assert _events(server, "signature_locked", quality.uid) == 1


def test_no_more_than_five_guesses_are_looked_at_however_many_come_at_once(
    admin, server, release, lot, expect_warning
):
    expect_warning("not the user name and password")
    expect_warning("You cannot sign until")
    quality = _user(admin, server, "quality")
    assert quality.uid
    told = []

    def guess(number):
        told.append(_refused(_sign, quality, lot, f"guess {number}"))

    guesses = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in guesses:
        thread.start()
    for thread in guesses:
        thread.join(timeout=120)
    assert len(told) == 12
    assert _events(server, "signature_failed", quality.uid) == 5
    assert "You cannot sign until" in _refused(_sign, quality, lot)


def test_first_signer_in_two_sessions_is_still_one_person(
    admin, server, release, lot, expect_warning
):
    expect_warning("You have signed this first")
    release(second_signer=True)
    first = _user(admin, server, "quality")
    request = _sign(first, lot)["request_id"]
    other = remote.Connection(first.server)
    credentials = {"login": first.server["login"], "password": PASSWORD}
    told = []

    def second(connection):
        told.append(
            _refused(
                connection, "lot.signature.request", "sign", [request], credentials, "approval"
            )
        )

    sessions = [threading.Thread(target=second, args=(one,)) for one in (first, other)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join(timeout=60)
    assert len(told) == 2
    assert all("You have signed this first" in text for text in told)
    assert _status(admin, lot) == "Quarantine"


def test_second_signer_in_two_sessions_signs_once(admin, server, release, lot, expect_warning):
    expect_warning("does not wait any more")
    expect_warning("could not serialize access")
    release(second_signer=True)
    request = _sign(_user(admin, server, "quality"), lot)["request_id"]
    second = _user(admin, server, "quality")
    credentials = {"login": second.server["login"], "password": PASSWORD}
    assert second.uid
    answers = []

    def sign():
        try:
            connection = remote.Connection(second.server)
            done = connection("lot.signature.request", "sign", [request], credentials, "approval")
            answers.append(done["signature_ids"])
        except xmlrpc.client.Fault as fault:
            answers.append(fault.faultString)

    sessions = [threading.Thread(target=sign) for _number in range(2)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join(timeout=120)
    done = [answer for answer in answers if isinstance(answer, list)]
    assert len(answers) == 2
    assert len(done) == 1, answers
    assert len(done[0]) == 2
    assert "does not wait any more" in next(one for one in answers if isinstance(one, str))
    assert _status(admin, lot) == "Released"
    kept = admin("lot.signature", "search_count", [("lot_id", "=", lot)])
    assert kept == 2


class _Session:
    """A web session, as a browser has one: `session(model, method, *args)`."""

    def __init__(self, server: dict):
        self.server = server
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        login = {key: server[key] for key in ("db", "login", "password")}
        assert self._post("/web/session/authenticate", login)["uid"]

    def __call__(self, model: str, method: str, *args):
        call = {"model": model, "method": method, "args": args, "kwargs": {}}
        return self._post("/web/dataset/call_kw", call)

    def _post(self, path: str, params: dict):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(  # the server of the tests
            self.server["url"] + path, body, {"Content-Type": "application/json"}
        )
        answer = json.loads(self.opener.open(request, timeout=60).read())
        if "error" in answer:
            raise xmlrpc.client.Fault(1, answer["error"]["data"]["message"])
        return answer["result"]


def test_series_is_of_one_web_session_and_of_no_other(admin, server, release, expect_warning):
    expect_warning("Enter your user name")
    quality = _user(admin, server, "quality")
    session = _Session(quality.server)
    lots = [_quarantined(admin) for _number in range(3)]
    assert "Enter your user name" in _refused(_sign, session, lots[0], login="")
    first = _sign(session, lots[0])["signature_ids"]
    second = _sign(session, lots[1], login="")["signature_ids"]
    methods = session("lot.signature", "read", first + second, ["method"])
    assert [row["method"] for row in methods] == ["password", "series:password"]
    for other in (_Session(quality.server), quality):
        assert "Enter your user name" in _refused(_sign, other, lots[2], login="")


def test_log_names_the_api_key_of_both_interfaces(admin, server, lot):
    """Odoo remembers that a key was right: the second request by it is named as well."""
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        user = admin.uid
        key = _api_key(server)
        for number in range(2):
            keyed = remote.Connection({**server, "password": key})
            keyed.__dict__["uid"] = user
            keyed("stock.lot", "write", [lot], {"ref": f"rpc {number}"})
        body = json.dumps({"ids": [lot], "vals": {"ref": "json2"}}).encode()
        call = urllib.request.Request(  # the server of the tests
            f"{server['url']}/json/2/stock.lot/write",
            body,
            {
                "Authorization": f"bearer {key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": server["db"],
            },
        )
        urllib.request.urlopen(call, timeout=60).read()  # as above
        cursor.execute(
            "SELECT body::jsonb -> 'from' ->> 'via', body::jsonb -> 'from' ->> 'key' "
            "FROM lot_audit_event WHERE lot_id = %s AND kind = 'changed' ORDER BY id",
            [lot],
        )
        assert cursor.fetchall() == [("rpc", "Scales"), ("rpc", "Scales"), ("json2", "Scales")]
        cursor.execute("SELECT count(*) FROM lot_audit_event WHERE body LIKE %s", [f"%{key[:8]}%"])
        assert cursor.fetchone()[0] == 0


def _api_key(server) -> str:
    """A key of the server's user, made as Odoo does it in the preferences."""
    context = remote.Connection(server)
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        key = uuid.uuid4().hex + uuid.uuid4().hex[:8]
        crypt = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=6000)
        cursor.execute(
            "INSERT INTO res_users_apikeys (name, user_id, scope, key, index) "
            "VALUES ('Scales', %s, NULL, %s, %s)",
            [context.uid, crypt.hash(key), key[:8]],
        )
        return key
