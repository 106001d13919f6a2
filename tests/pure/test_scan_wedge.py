"""Scanners that type as a keyboard does: what they send, and what is made of it."""

import pytest
from gs1_support import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from node_support import Node
from wedge_support import GS, SEPARATORS, Keys

CALLS = ROOT / "tests" / "pure" / "scan_calls.mjs"
CODE = "]C10109520123456788" + "10LOT-A/1" + GS + "21S1"


@pytest.fixture(scope="module")
def node():
    running = Node()
    yield running
    running.close()


def scans(node, keys, **options):
    return [text for text, _raw in node.call(CALLS, "wedge", keys.events, options)["scans"]]


@pytest.mark.parametrize("name", SEPARATORS)
@pytest.mark.parametrize("end", ["Enter", "Tab", None])
def test_each_separator_and_end(node, name, end):
    before, after = CODE.split(GS)
    keys = SEPARATORS[name](Keys().text(before)).text(after)
    if end:
        keys.key(end)
    assert scans(node, keys) == [CODE]


@pytest.mark.parametrize("letter", ["m", "J", "i"])
def test_end_as_control_and_letter(node, letter):
    assert scans(node, Keys().text("10A17").key(letter, ctrlKey=True)) == ["10A17"]


def test_alt_codes_for_every_character(node):
    keys = Keys()
    for character in "]d210LOT" + GS + "21S":
        keys.alt(f"0{ord(character):03}")
    assert scans(node, keys.alt("013")) == ["]d210LOT" + GS + "21S"]


def test_characters_of_altgr_are_text(node):
    keys = Keys().text("10A").key("]", ctrlKey=True, altKey=True).text("B").key("Enter")
    assert scans(node, keys) == ["10A]B"]


@pytest.mark.parametrize("gap", [120, 300])
def test_a_person_is_no_scanner(node, gap):
    assert scans(node, Keys(gap=gap).text("LOT-A17").key("Enter")) == []


def test_a_quick_person_in_an_input_is_no_scanner(node):
    assert scans(node, Keys(gap=30, target="input").text("LOT-A17").key("Enter")) == []


def test_scanner_is_read_in_an_input_too(node):
    assert scans(node, Keys(gap=5, target="input").text("LOT-A17").key("Enter")) == ["LOT-A17"]


def test_slow_wireless_scanner_is_read_and_the_gap_can_be_set(node):
    assert scans(node, Keys(gap=24).text("LOT-A17").key("Enter")) == ["LOT-A17"]
    assert scans(node, Keys(gap=90).text("LOT-A17").key("Enter")) == []
    assert scans(node, Keys(gap=90).text("LOT-A17").key("Enter"), gap=300) == ["LOT-A17"]


def test_few_quick_keys_without_end_are_no_scan(node):
    assert scans(node, Keys().text("10A")) == []
    assert scans(node, Keys().text("10A").key("Enter")) == ["10A"]
    assert scans(node, Keys().text("1").key("Enter")) == []


def test_what_a_person_typed_before_is_no_part_of_the_scan(node):
    keys = Keys(gap=250).text("abc")
    keys.gap = 4
    assert scans(node, keys.text("LOT-A17").key("Enter")) == ["LOT-A17"]


def test_two_scans_one_after_the_other(node):
    keys = Keys().text("LOT-A17").key("Enter").text("LOT-A18").key("Enter")
    assert scans(node, keys) == ["LOT-A17", "LOT-A18"]
    keys = Keys().text("LOT-A17").wait(150).text("LOT-A18")
    assert scans(node, keys) == ["LOT-A17", "LOT-A18"]


def test_held_key_and_function_keys_are_no_scan(node):
    keys = Keys()
    for _ in range(40):
        keys.add("keydown", key="a", repeat=True)
    assert scans(node, keys) == []
    assert scans(node, Keys().text("LOT-").key("ArrowLeft").text("A1").key("Enter")) == []


def test_end_and_what_could_press_a_button_are_kept_from_the_page(node):
    keys = Keys().key("1").key(" ").key("/").key("Enter").wait(1_000).key("Enter")
    took = node.call(CALLS, "wedge", keys.events)["took"]
    downs = [t for t, e in zip(took, keys.events, strict=True) if e["type"] == "keydown"]
    assert downs == [False, True, True, True, False]


def test_end_that_comes_late_presses_nothing(node):
    keys = Keys().text("lot-a17").wait(200).key("Enter")
    answer = node.call(CALLS, "wedge", keys.events)
    assert [text for text, _raw in answer["scans"]] == ["lot-a17"]
    assert answer["took"][-2]


def test_keys_in_an_input_stay_there(node):
    keys = Keys(target="input").text("lot-a17")
    assert not any(node.call(CALLS, "wedge", keys.events)["took"])


# -- Android ---------------------------------------------------------------------------------


def android(text, keys=None):
    keys = keys or Keys(target="wedge")
    for character in text:
        keys.add("keydown", key="Unidentified", keyCode=229)
        keys.add("beforeinput", inputType="insertText", data=character)
        keys.add("keyup", key="Unidentified", keyCode=229)
    return keys


def test_android_keys_without_a_name(node):
    assert scans(node, android(CODE).key("Enter", keyCode=13)) == [CODE]


def test_android_composition_grows(node):
    keys = Keys(target="wedge").add("compositionstart")
    for end in range(1, len(CODE) + 1):
        keys.add("keydown", key="Process", keyCode=229)
        keys.add("beforeinput", inputType="insertCompositionText", data=CODE[:end])
    keys.add("compositionend").key("Enter")
    assert scans(node, keys) == [CODE]


def test_android_composition_that_is_put_right(node):
    keys = Keys(target="wedge").add("compositionstart")
    for data in ("L", "LO", "Lo", "LoT", "LoT1"):
        keys.add("keydown", key="Unidentified", keyCode=229)
        keys.add("beforeinput", inputType="insertCompositionText", data=data)
    assert scans(node, keys.key("Enter")) == ["LoT1"]


@pytest.mark.parametrize("end", ["", "\n", "\t", "\r\n"])
def test_whole_code_put_in_at_once(node, end):
    keys = Keys(target="wedge").add("beforeinput", inputType="insertText", data=CODE + end)
    assert scans(node, keys) == [CODE]
    keys = Keys(target="wedge").add("beforeinput", inputType="insertText", data=CODE)
    assert scans(node, keys.add("beforeinput", inputType="insertLineBreak")) == [CODE]


def test_two_codes_put_in_at_once(node):
    keys = Keys(target="wedge").add("beforeinput", inputType="insertText", data="10A17\r\n10A18\n")
    assert scans(node, keys) == ["10A17", "10A18"]


def test_named_keys_are_not_taken_twice(node):
    keys = Keys(target="wedge")
    for character in "LOT-A17":
        keys.add("keydown", key=character)
        keys.add("beforeinput", inputType="insertText", data=character)
        keys.add("keyup", key=character)
    assert scans(node, keys.key("Enter")) == ["LOT-A17"]


# -- anything --------------------------------------------------------------------------------

EVENTS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["keydown", "keyup", "beforeinput", "compositionstart", "compositionend"]
        ),
        "gap": st.sampled_from([0, 5, 60, 150]),
        "target": st.sampled_from(["page", "input", "wedge"]),
    },
    optional={
        "key": st.sampled_from([*"aZ1/ ]", GS, "Alt", "Enter", "Tab", "F8", "Dead", "Unidentified"])
        | st.text(max_size=2),
        "code": st.sampled_from(["Numpad0", "Numpad2", "Numpad9", "BracketRight", ""]),
        "altKey": st.booleans(),
        "ctrlKey": st.booleans(),
        "repeat": st.booleans(),
        "inputType": st.sampled_from(
            ["insertText", "insertCompositionText", "insertLineBreak", "deleteContentBackward"]
        ),
        "data": st.none() | st.text(max_size=8),
    },
)


@given(st.lists(EVENTS, max_size=60))
@settings(deadline=None, max_examples=60)
def test_any_events_are_taken(node, events):
    now = 0
    for event in events:
        now += event.pop("gap")
        event["timeStamp"] = now
    events = [
        {
            k: v.encode("utf-8", "replace").decode() if isinstance(v, str) else v
            for k, v in e.items()
        }
        for e in events
    ]
    for text, raw in node.call(CALLS, "wedge", events)["scans"]:
        assert len(text) >= 3
        assert raw
