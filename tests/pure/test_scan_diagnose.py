"""What a scanner really sends, and what is wrong with it."""

import json
import re

import pytest
from gs1_support import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from node_support import CAPTURE, Node
from tools.gs1 import parse
from wedge_support import GS, SEPARATORS, Keys

CALLS = ROOT / "tests" / "pure" / "scan_calls.mjs"


@pytest.fixture(scope="module")
def node():
    running = Node()
    yield running
    running.close()


@pytest.fixture(scope="module")
def code(node):
    return node.call(CALLS, "testCode")


def found(node, keys):
    answer = node.call(CALLS, "diagnoseEvents", keys.events)
    return {finding["code"]: finding for finding in answer["findings"]}, answer


def sent(code, separator="raw", aim="]d2"):
    before, after = code.split(GS)
    return SEPARATORS[separator](Keys(gap=2).text(aim + before)).text(after)


def test_test_code_is_a_good_label(code):
    label = parse(code)
    assert label.lot
    assert label.serial


@pytest.mark.parametrize(
    ("separator", "told"),
    [
        ("raw", "separator_raw"),
        ("alt_029", "separator_alt"),
        ("alt_0029", "separator_alt"),
        ("control_bracket", "separator_control"),
        ("f8", "separator_f8"),
    ],
)
@pytest.mark.parametrize(("end", "told_end"), [("Enter", "end_enter"), ("Tab", "end_tab")])
def test_good_scanner(node, code, separator, told, end, told_end):
    findings, answer = found(node, sent(code, separator).key(end))
    assert set(findings) == {"usable", told, "aim_on", told_end, "fast"}
    assert answer["text"] == "]d2" + code
    assert [b["shown"] for b in answer["bytes"]][:3] == ["]", "d", "2"]
    assert {"hex": "1D", "shown": "GS"}.items() <= answer["bytes"][3 + code.index(GS)].items()
    assert answer["bytes"][-1]["key"] == end


def test_bytes_tell_how_each_came(node, code):
    _findings, answer = found(node, sent(code, "alt_029"))
    keys = {b["key"] for b in answer["bytes"]}
    assert keys == {"key", "Alt"}
    assert answer["end"] == "none"


BAD = {
    "separator_lost": lambda code: Keys(gap=2).text(code.replace(GS, "")),
    "separator_digits": lambda code: Keys(gap=2).text(code.replace(GS, "0029")),
    "separator_other": lambda code: Keys(gap=2).text(code.replace(GS, "]")),
    "separator_spelt": lambda code: Keys(gap=2).text(code.replace(GS, "{GS}")),
    "caps_lock": lambda code: Keys(gap=2).text("]D2" + code.swapcase()),
    "keyboard_layout": lambda code: Keys(gap=2).text(
        code.translate(str.maketrans("YyZz-/_", "ZzYyß-?"))
    ),
    "cut_short": lambda code: Keys(gap=2).text(code[:-4]),
    "characters_lost": lambda code: Keys(gap=2).text(code[:5] + code[7:12] + code[13:]),
    "extra_text": lambda code: Keys(gap=2).text("A1" + code + "##"),
    "scanned_twice": lambda code: Keys(gap=2).text(code + code),
    "aim_off": lambda code: sent(code, aim=""),
    "aim_not_gs1": lambda code: sent(code, aim="]d1"),
    "end_none": sent,
    "slow": lambda code: sent(code).wait(60).text("x"),
    "too_slow": lambda code: sent(code).wait(200).text("x"),
    "dead_key": lambda code: Keys(gap=2).key("Dead").text(code),
    "other_code": lambda code: Keys(gap=2).text("LOT-A17"),
    "nothing": lambda code: Keys(gap=2).key("Shift").key("Enter"),
}


@pytest.mark.parametrize("told", BAD)
def test_what_is_wrong_is_told(node, code, told):
    findings, _answer = found(node, BAD[told](code))
    assert findings[told]["level"] in ("warning", "bad")
    assert ("usable" in findings) == all(f["level"] != "bad" for f in findings.values())


def test_exchanged_characters_are_named(node, code):
    findings, _answer = found(node, BAD["keyboard_layout"](code))
    assert "- → ß" in findings["keyboard_layout"]["shown"]


def test_whole_code_put_in_at_once(node, code):
    keys = Keys(target="wedge").add("beforeinput", inputType="insertText", data="]d2" + code)
    findings, answer = found(node, keys)
    assert set(findings) == {"usable", "separator_raw", "aim_on", "end_none", "at_once"}
    assert {b["key"] for b in answer["bytes"]} == {"text"}


def test_recorder_gives_on_what_came_however_slow(node, code):
    events = sent(code).wait(900).key("Enter").events
    raw = node.call(CALLS, "record", events)
    assert len(raw) == len(events)
    assert node.call(CALLS, "diagnoseEvents", raw)["end"] == "enter"


def test_every_finding_has_a_sentence():
    source = (CAPTURE / "diagnose.js").read_text()
    codes = set(re.findall(r'code: "(\w+)"', source))
    codes |= set(re.findall(r'"(separator_\w+|fast|slow)"', source))
    codes |= {"end_enter", "end_tab", "end_none"}
    texts = (CAPTURE / "diagnose_texts.js").read_text()
    assert len(codes) > 20
    assert codes == set(re.findall(r"^    (\w+): \(\) =>", texts, re.MULTILINE))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["keydown", "keyup", "beforeinput"]),
                "at": st.integers(0, 5000),
            },
            optional={
                "key": st.sampled_from([*"aB1]", GS, "Alt", "Enter", "Tab", "F8", "Dead"]),
                "altKey": st.booleans(),
                "ctrlKey": st.booleans(),
                "inputType": st.sampled_from(["insertText", "insertCompositionText"]),
                "data": st.sampled_from(["", "a", "a\n", "0109520123456788"]),
            },
        ),
        max_size=40,
    )
)
@settings(deadline=None, max_examples=60)
def test_any_recording_is_explained(node, events):
    answer = node.call(CALLS, "diagnoseEvents", events)
    assert answer["findings"]
    assert json.dumps(answer["bytes"])
