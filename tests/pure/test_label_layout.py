"""Nothing overlaps and nothing leaves the label, whatever it says and however small it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.gs1 import from_pairs
from tools.label.boxes import BarBox, Content, Fact, SymbolBox, TextBox
from tools.label.errors import LabelError
from tools.label.layout import SMALLEST_MODULE, SMALLEST_TYPE, Size, arrange
from tools.label.symbol import GS1_DATAMATRIX, QR_LINK, gs1_128_symbols, gs1_symbol


class Even:
    """A typeface whose letters are all as wide as they are often."""

    def width(self, text, bold):
        return (0.58 if bold else 0.54) * len(text)


ELEMENTS = from_pairs([("01", "09520123456788"), ("17", "261231"), ("10", "ABCDEFGHIJ1234567890")])
SIZES = [(25, 25), (50, 30), (50, 50), (70, 36), (100, 50), (100, 100), (105, 148), (210, 297)]


def overlap(one, other):
    left, top, right, bottom = one.area
    left_, top_, right_, bottom_ = other.area
    slack = 0.02
    return (
        left < right_ - slack and left_ < right - slack
        and top < bottom_ - slack and top_ < bottom - slack
    )  # fmt: skip


def check(page):
    boxes = list(page.boxes)
    for box in boxes:
        left, top, right, bottom = box.area
        assert left >= -0.01 and top >= -0.01, box
        assert right <= page.width + 0.01 and bottom <= page.height + 0.01, box
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            if {type(one), type(other)} == {BarBox, TextBox}:
                continue  # white writing on its ground
            if isinstance(one, TextBox) and isinstance(other, TextBox):
                # Lines of type may touch with what letters hardly reach into.
                same_line = abs(one.y - other.y) < 0.01
                apart = abs(one.y - other.y) >= 0.7 * min(one.size, other.size)
                if not same_line and apart:
                    continue
            assert not overlap(one, other), (one, other)
    for box in boxes:
        if isinstance(box, TextBox):
            assert box.size >= SMALLEST_TYPE * 0.55
        if isinstance(box, SymbolBox):
            assert box.module >= SMALLEST_MODULE - 1e-6


def symbols(kind, size):
    if kind == "gs1_128":
        return gs1_128_symbols(ELEMENTS, size.widths)
    return (gs1_symbol(kind, ELEMENTS),)


@pytest.mark.parametrize("width, height", SIZES)
@pytest.mark.parametrize("kind", [GS1_DATAMATRIX, QR_LINK])
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_usual_label_fits_each_size(width, height, kind, dpi):
    size = Size(width, height, dpi)
    content = Content(
        title="Camembert de Normandie au lait cru 250 g",
        facts=(Fact("Lot", "ABCDEFGHIJ1234567890"), Fact("Use by", "2026-12-31")),
        symbols=symbols(kind, size),
        with_hri=width > 30,
    )
    page = arrange(size, content, Even())
    check(page)
    said = " ".join(box.text for box in page.boxes if isinstance(box, TextBox))
    assert "2026-12-31" in said
    assert "ABCDEFGHIJ1234567890" in said.replace(" ", "")


@pytest.mark.parametrize("width, height", [(100, 50), (100, 100), (105, 148), (210, 148.5)])
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_bars_fit_and_are_cut_in_several_codes_where_the_label_is_narrow(width, height, dpi):
    size = Size(width, height, dpi)
    content = Content(
        title="Butter", facts=(Fact("Lot", "A" * 20),), symbols=symbols("gs1_128", size)
    )
    page = arrange(size, content, Even())
    check(page)
    shown = [box for box in page.boxes if isinstance(box, SymbolBox)]
    assert "".join(each.symbol.data for each in shown).replace("\x1d", "") == (
        ELEMENTS.to_element_string()
    )


words = st.text("abcdefghij ÄÖ1234567890-", min_size=1, max_size=70)
facts = st.builds(
    Fact,
    caption=st.text("Lotexpiry", max_size=14),
    value=words.filter(str.strip),
    scale=st.sampled_from([0.8, 1.0, 1.5, 2.5]),
    needed=st.booleans(),
)
contents = st.builds(
    Content,
    title=st.one_of(st.just(""), words),
    banner=st.sampled_from(["", "QUARANTINE", "REJECTED, RECALLED"]),
    facts=st.lists(facts, max_size=8).map(tuple),
    lines=st.lists(words, max_size=2).map(tuple),
    symbols=st.sampled_from([(), (gs1_symbol(GS1_DATAMATRIX, ELEMENTS),)]),
    with_hri=st.booleans(),
)


@settings(max_examples=120, deadline=None)
@given(contents, st.sampled_from(SIZES), st.sampled_from([203, 300, 600]))
def test_any_content_is_laid_out_cleanly_or_refused_in_one_sentence(content, size, dpi):
    try:
        page = arrange(Size(*size, dpi), content, Even())
    except LabelError as error:
        assert "too small" in str(error)
    else:
        check(page)


def test_long_title_is_cut_short_and_a_lot_never_is():
    content = Content(
        title="Word " * 60, facts=(Fact("Lot", "L" * 30),), symbols=symbols(GS1_DATAMATRIX, None)
    )
    page = arrange(Size(50, 30), content, Even())
    said = [box.text for box in page.boxes if isinstance(box, TextBox)]
    assert any(text.endswith("…") for text in said)
    assert "L" * 30 in "".join(said)


def test_what_has_no_room_at_all_is_refused():
    content = Content(facts=tuple(Fact("Caption", f"Value {n}" * 4) for n in range(30)))
    with pytest.raises(LabelError, match="25 × 25 mm is too small"):
        arrange(Size(25, 25), content, Even())


def test_what_is_not_needed_makes_room_for_what_is():
    facts = tuple(Fact("", f"Extra number {n}", needed=False) for n in range(20))
    page = arrange(Size(25, 25), Content(facts=(*facts, Fact("Lot", "A17"))), Even())
    said = [box.text for box in page.boxes]
    assert "A17" in said
    assert "Extra number 0" in said
    assert "Extra number 19" not in said
    check(page)
