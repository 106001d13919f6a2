"""What the tests share that send nonsense: requests, keys, and what the log says of them."""

import ast
import contextlib
import json
import os
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from hypothesis import strategies as st
from passlib.context import CryptContext

_ROOT = Path(__file__).resolve().parents[2]
# Odoo writes down each request that it refuses; that is no fault.
_REFUSAL = "WARNING odoo.http: "
_NUL, _LONG = "a\0b", "é" * 70_000

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.sampled_from([0, -1, 1, 2**31 - 1, 2**31, 2**63, 1e308, float("nan"), float("inf"), -0.0])
    | st.text(max_size=12)
    | st.sampled_from([_NUL, _LONG, "", "' OR 1=1 --", "%(x)s %s", "../../etc/passwd", "\ud800"])
)
values = st.recursive(
    scalars,
    lambda part: (
        st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3)
    ),
    max_leaves=6,
) | st.sampled_from([[[[[[[]]]]]], {"a": {"b": {"c": {}}}}, [1, 1], ["1"], [None], [2**40]])
deep: list = []
for _level in range(90):
    deep = [deep]
values = values | st.just(deep)


def public_arguments() -> dict[str, list[str]]:
    """{"model.method": names of its arguments} of our modules."""
    found: dict[str, list[str]] = {}
    for file in sorted(_ROOT.glob("lot_traceability*/*/**/*.py")):
        if file.relative_to(_ROOT).parts[1] not in ("models", "wizard"):
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                for model in _models(node):
                    for method in node.body:
                        if isinstance(method, ast.FunctionDef) and method.name[0] != "_":
                            names = [one.arg for one in method.args.args[1:]]
                            found.setdefault(f"{model}.{method.name}", names)
    return found


def _models(node: ast.ClassDef) -> list[str]:
    """The model that a class defines or extends."""
    told = {}
    for part in node.body:
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                told[part.targets[0].id] = ast.literal_eval(part.value)
    name = told.get("_name") or told.get("_inherit") or []
    return [name] if isinstance(name, str) else list(name)


def api_key(server: dict, user_id: int) -> str:
    """A key of a user, as Odoo makes it in the preferences."""
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        key = uuid.uuid4().hex + uuid.uuid4().hex[:8]
        crypt = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=6000)
        cursor.execute(
            "INSERT INTO res_users_apikeys (name, user_id, scope, key, index) "
            "VALUES ('Fuzz', %s, NULL, %s, %s)",
            [user_id, crypt.hash(key), key[:8]],
        )
    return key


def ask(
    server: dict, path: str, body: bytes | None = None, method: str = "", **headers: str
) -> tuple[int, str, dict]:
    """(status, text, headers) of an answer."""
    sent = {"X-Odoo-Database": server["db"], **headers}
    request = urllib.request.Request(
        f"{server['url']}{path}", body, sent, method=method or ("POST" if body else "GET")
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode(errors="replace"), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace"), dict(error.headers)


def call(server: dict, key: str, method: str, arguments: dict) -> tuple[int, str]:
    """What a public method answers over JSON-2."""
    model, _dot, name = method.rpartition(".")
    status, text, _headers = ask(
        server,
        f"/json/2/{model}/{name}",
        json.dumps(arguments).encode(),
        Authorization=f"bearer {key}",
        **{"Content-Type": "application/json"},
    )
    return status, text


@contextlib.contextmanager
def only_refusals() -> Iterator[None]:
    """The server's log has no error in the block; refusals of requests are what it should have."""
    report = Path(os.environ["LOT_TRACEABILITY_REPORT"])
    start = report.stat().st_size if report.exists() else 0
    try:
        yield
    finally:
        with report.open("rb") as file:
            file.seek(start)
            rows = [json.loads(line) for line in file.read().decode().splitlines()]
        told = {row["text"] for row in rows if row["event"] == "log"}
        refusals = {text for text in told if text.startswith(_REFUSAL)}
        with report.open("a") as file:
            for text in refusals:
                file.write(json.dumps({"event": "expect", "test": "", "text": text}) + "\n")
    errors = [text[-1500:] for text in told - refusals if "endpoints are deprecated" not in text]
    assert not errors, "\n".join(errors)
