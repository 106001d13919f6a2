"""Public methods take nonsense with one sentence, and tell nobody what he may not know."""

import sys
import uuid
from pathlib import Path

import fuzzing
import psycopg2
import pytest
import remote
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "addons/test_lot_traceability/tests"))

import security_doc

DESCRIBED = security_doc.methods()
ARGUMENTS = fuzzing.public_arguments()
# Those of Odoo that ours extend take what Odoo's take.
METHODS = sorted(
    method for method, who in DESCRIBED.items() if method in ARGUMENTS and who[:7] != "as Odoo"
)
# A call is refused (4xx) or answered.
SOUND = {200, 400, 403, 404, 409, 422}
IDS = st.lists(
    st.integers(-2, 2**31) | st.sampled_from([2**31 - 1, 2**64]) | fuzzing.scalars, max_size=3
)
FUZZ = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_each_method_of_the_table_is_found_in_the_sources():
    assert not DESCRIBED.keys() - ARGUMENTS.keys()
    assert len(METHODS) > 200


@pytest.fixture(scope="module")
def stranger(server):
    """The key of a user without any role."""
    admin = remote.Connection(server)
    login = f"stranger-{uuid.uuid4().hex[:8]}"
    group = admin("ir.model.data", "check_object_reference", "base", "group_user")[1]
    values = {"name": login, "login": login, "group_ids": [(6, 0, [group])]}
    return fuzzing.api_key(server, admin("res.users", "create", values))


def test_nonsense_is_refused_in_one_sentence(server):
    key = fuzzing.api_key(server, remote.Connection(server).uid)
    failures = []

    @FUZZ
    @given(data=st.data())
    def send(data):
        for method in METHODS:
            given_names = (
                data.draw(st.lists(st.sampled_from(ARGUMENTS[method]), unique=True))
                if (ARGUMENTS[method])
                else []
            )
            sent = {name: data.draw(fuzzing.values) for name in given_names}
            sent["ids"] = data.draw(IDS)
            status, text = fuzzing.call(server, key, method, sent)
            if status not in SOUND:
                failures.append(f"{method}({sent!r:.300}): {status} {text[-700:]}")

    with fuzzing.only_refusals():
        send()
        assert not failures, "\n\n".join(failures[:40])
    # One of the methods has the whole history read again: nobody else is to wait for that.
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        cursor.execute(
            "UPDATE lot_genealogy_rebuild SET state = 'cancelled' WHERE state = 'running'"
        )


def _some_ids(server) -> dict[str, int]:
    """An id that is there, for each model that has records."""
    models = {method.rpartition(".")[0] for method in METHODS}
    found = {}
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        for model in models:
            table = model.replace(".", "_")
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT min(id) FROM "{table}"')
                (found[model],) = cursor.fetchone()
    return found


def test_without_a_role_no_method_answers(server, stranger):
    ids = _some_ids(server)
    plain = {"text": "x", "lot_ids": [1], "complaint_lot_ids": [1], "commands": [], "lot_id": 1}
    answered = []
    with fuzzing.only_refusals():
        for method in METHODS:
            if DESCRIBED[method] == "anyone":
                continue
            sent = {name: plain.get(name, "x") for name in ARGUMENTS[method] if name in plain}
            model = method.rpartition(".")[0]
            status, text = fuzzing.call(
                server, stranger, method, {**sent, "ids": [ids.get(model) or 1]}
            )
            if status not in SOUND - {200}:
                answered.append(f"{method}: {status} {text[:200]}")
    assert not answered, "\n".join(answered)
