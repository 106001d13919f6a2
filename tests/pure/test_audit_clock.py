"""Clocks that were set back, and files that were cut or are something else."""

from audit_support import Log, at, check, edit_block, found, place_of, row
from hypothesis import given
from hypothesis import strategies as st
from tools.audit_format import event_line


class TestClock:
    def test_clock_set_back_within_a_block(self):
        log = Log(())
        log.seal([row(1), row(2), (3, at(-7200), row(3)[2])], sealed_at=at(4))
        assert found(check(log.lines())) == [("clock", 1, 3)]

    def test_clock_set_back_between_blocks(self):
        log = Log((5,))
        log.seal([(6, at(-7200), row(6)[2])], sealed_at=at(-7199))
        report = found(check(log.lines()))
        assert report == [("clock", 2, None), ("clock", 2, 6)]

    def test_event_after_its_block_was_sealed(self):
        log = Log(())
        log.seal([row(1), row(2000)], sealed_at=at(3))
        assert found(check(log.lines())) == [("clock", 1, 2000)]

    def test_small_differences_of_clocks_are_none(self):
        log = Log(())
        log.seal([row(1), (2, at(-30), row(2)[2]), row(40)], sealed_at=at(1))
        assert check(log.lines()).valid

    def test_tolerance_is_chosen(self):
        log = Log(())
        log.seal([row(1), (2, at(-30), row(2)[2])], sealed_at=at(2))
        assert not check(log.lines(), tolerance=10.0).valid

    def test_event_added_days_later_with_an_old_number_and_time(self):
        log = Log(())
        log.seal([row(1), row(3)])
        log.seal([(4, at(200_000), row(4)[2])], sealed_at=at(200_001))
        log.seal([row(2), (5, at(200_100), row(5)[2])], sealed_at=at(200_101))
        assert found(check(log.lines())) == [("clock", 3, 2)]

    def test_event_waiting_unsealed_with_an_old_number_and_time(self):
        log = Log(())
        log.seal([row(1), row(3)])
        log.seal([(4, at(200_000), row(4)[2])], sealed_at=at(200_001))
        log.unsealed = [row(2), (5, at(200_100), row(5)[2])]
        assert found(check(log.lines())) == [("clock", None, 2)]


class TestFiles:
    def test_file_cut_in_the_middle(self):
        lines = Log().lines()
        codes = {code for code, _block, _event in found(check(lines[:12]))}
        assert codes == {"missing", "truncated"}

    def test_every_cut_is_found(self):
        whole = b"".join(Log((3, 3)).lines())
        head = whole.index(b"\n") + 1
        for length in range(head, len(whole) - 1, 5):
            assert not check([whole[:length]]).valid

    def test_lines_after_the_end(self):
        log = Log()
        lines = log.lines()
        assert not check([*lines, event_line(*row(21)) + b"\n"]).valid
        assert not check([*lines, *lines[1:]]).valid

    def test_unreadable_block_line_does_not_hide_what_follows(self):
        log = Log()
        log.rows[3][0] = row(16, quantity=9)
        lines = log.lines()
        place = next(i for i, line in enumerate(lines) if b'"number":2' in line)
        lines[place] = b'{"type":"block","header":{}}\n'
        report = found(check(lines))
        assert ("malformed", None, None) in report and ("changed", 4, 16) in report

    def test_key_that_stands_twice_in_a_block(self):
        lines = Log().lines()
        lines[1] = lines[1].replace(b'"count":5', b'"count":4,"count":5')
        report = check(lines)
        assert "key 'count' occurs twice" in report.findings[0].text

    def test_unsealed_events_removed(self):
        log = Log()
        log.unsealed = [row(21), row(22)]
        lines = log.lines()
        del lines[place_of(lines, 22)]
        assert found(check(lines)) == [("truncated", None, None)] * 2

    def test_findings_are_limited_and_counted(self):
        log = Log((300,))
        log.rows[0] = [row(number, quantity=0) for number in range(1, 301)]
        report = check(log.lines(), limit=10)
        assert len(report.findings) == 10 and report.summary.findings == 300
        assert {finding.code for finding in report.findings} == {"changed"}

    @given(st.binary(max_size=300))
    def test_garbage_after_the_first_line_never_fails(self, data):
        lines = Log((3,)).lines()
        check([*lines[:2], data, b"\n", *lines[2:]])

    @given(
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5) | st.booleans(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
        st.sampled_from(("header", "digest", "seal", "tree", "ids", "leaves")),
    )
    def test_any_value_in_a_block_never_fails(self, value, name):
        lines = Log((3,)).lines()
        edit_block(lines, 1, lambda data: data.update({name: value}))
        assert not check(lines).valid
