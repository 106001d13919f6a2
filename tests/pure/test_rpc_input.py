"""What programs pass to public methods is taken where it is of the kind that was named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools import rpc_input
from tools.rpc_input import Problem

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part, max_size=3),
    max_leaves=8,
)
KINDS = (str, int, float, bool, list[int], list[str], dict[str, Any], list[dict[str, Any]] | None)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, int),
        (1, float),
        (1.5, float),
        ("", str),
        ([], list[int]),
        ((1, 2), list[int]),
        ({"a": [None]}, dict[str, Any]),
        ({"a": "b"}, dict[str, str]),
        (None, str | None),
        (False, list[int]),
        (object(), int),
        ([{"a": 1}], list[dict[str, Any]]),
    ],
)
def test_value_of_the_kind_is_taken(value, kind):
    assert rpc_input.problem(value, kind) is None


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        (True, int, "kind"),
        (1.5, int, "kind"),
        (None, str, "kind"),
        ("1", int, "kind"),
        ([["x"]], list[int], "kind"),
        ({"a": 1}, dict[str, str], "kind"),
        ({1: 1}, dict[str, Any], "kind"),
        ([None], list[int], "kind"),
        (2**31, int, "big"),
        ([2**31], list[int], "big"),
        ({"a": [2**63]}, dict[str, Any], "big"),
        (float("nan"), float, "big"),
        ({"a": {"b\0": 1}}, dict[str, Any], "character"),
        ("\udc80", str, "character"),
    ],
)
def test_value_of_another_kind_is_told(value, kind, code):
    assert rpc_input.problem(value, kind).code == code


def test_all_kinds_of_a_choice_are_named():
    assert rpc_input.problem(1.5, str | list[int]) == Problem("kind", ("text", "list"))


def test_nesting_without_end_is_refused_without_recursion():
    value: list = []
    for _level in range(100_000):
        value = [value]
    assert rpc_input.problem(value, list[list]) == Problem("deep")


@given(value=JSON)
def test_any_value_has_an_answer_for_each_kind(value):
    for kind in KINDS:
        found = rpc_input.problem(value, kind)
        assert found is None or found.code in ("kind", "character", "big", "deep")
