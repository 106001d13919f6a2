"""Each way to change a sealed log is found, and named for what it is."""

import json

import pytest
from audit_support import (
    KEYS,
    LOG,
    OTHER_KEYS,
    Log,
    at,
    check,
    edit_block,
    found,
    place_of,
    row,
)
from tools.audit_chain import verify
from tools.audit_format import State, block_digest, seal_of
from tools.audit_proof import seal_block


class TestIntact:
    def test_log_is_valid_and_tells_what_was_checked(self):
        log = Log()
        report = check(log.lines(), KEYS, log.receipts())
        assert report.valid and report.summary.whole and found(report) == []
        summary = report.summary
        assert (summary.blocks, summary.events, summary.seals, summary.receipts) == (4, 20, 4, 4)
        assert (summary.first_at, summary.last_at) == (at(1), at(20))
        assert summary.not_checked == []

    def test_what_was_not_checked_is_said(self):
        log = Log()
        log.unsealed = [row(21), row(22)]
        report = check(log.lines(), None)
        assert report.valid and report.summary.unsealed == 2
        said = " ".join(report.summary.not_checked)
        assert "no key was given" in said and "no receipt" in said and "newest 2 events" in said

    def test_state_is_that_of_the_sealer_and_verification_goes_on_from_it(self):
        log = Log()
        pairs = list(log.pairs())
        first = verify(pairs[:2], KEYS)
        assert verify(pairs, KEYS).state == log.state
        rest = verify(pairs[2:], KEYS, log.receipts(), start=first.state)
        assert rest.valid and rest.state == log.state and rest.summary.receipts == 3
        assert any("blocks before block 3" in text for text in rest.summary.not_checked)

    def test_part_of_a_log_says_that_it_is_one(self):
        log = Log()
        after = verify(list(log.pairs())[:1], KEYS).state
        log.blocks, log.rows = log.blocks[1:3], log.rows[1:3]
        lines = log.lines(after=after, until_end=False)
        assert json.loads(lines[0])["scope"] == "blocks"
        report = check(lines, KEYS, Log().receipts())
        assert report.valid and report.summary.receipts == 3 and not report.summary.whole
        said = " ".join(report.summary.not_checked)
        assert "blocks before block 2" in said and "after block 3, where this part ends" in said

    def test_line_ends_of_another_system_change_nothing(self):
        lines = [line.replace(b"\n", b"\r\n") for line in Log().lines()]
        assert check([b"\xef\xbb\xbf", *lines]).valid

    def test_keys_are_rotated(self):
        log = Log((5, 5))
        log.add(5, OTHER_KEYS)
        assert check(log.lines(), OTHER_KEYS | KEYS).valid
        assert found(check(log.lines(), OTHER_KEYS)) == [("rewritten", 1, None)]

    def test_blocks_from_before_the_first_key_are_valid_and_told(self):
        log = Log((5, 5), keys=None)
        log.add(5)
        report = check(log.lines())
        assert report.valid
        assert any("seals of 2 blocks" in text for text in report.summary.not_checked)

    def test_long_transaction_sealed_after_shorter_ones_is_valid(self):
        log = Log(())
        log.seal([row(n) for n in (1, 2, 5, 3000)], sealed_at=at(3001))
        log.seal([row(n) for n in (3, 4, 6, 3001)], sealed_at=at(3060))
        assert check(log.lines()).valid

    def test_empty_log_is_valid(self):
        assert check(Log(()).lines()).valid


class TestEvents:
    def test_changed_field(self):
        lines = Log().lines()
        place = place_of(lines, 8)
        lines[place] = lines[place].replace(b'"quantity": 5', b'"quantity": 6')
        assert found(check(lines)) == [("changed", 2, 8)]

    @pytest.mark.parametrize("number", [6, 8, 10])
    def test_deleted(self, number):
        lines = Log().lines()
        del lines[place_of(lines, number)]
        assert found(check(lines)) == [("missing", 2, number), ("truncated", None, None)]

    def test_deleted_in_the_database(self):
        log = Log()
        del log.rows[1][2]
        assert found(check(log.lines())) == [("missing", 2, 8)]

    def test_inserted(self):
        log = Log(())
        log.seal([row(n) for n in (1, 2, 4, 5)])
        log.rows[0].insert(2, row(3))
        assert found(check(log.lines())) == [("inserted", 1, 3)]

    def test_inserted_twice(self):
        log = Log()
        log.rows[1].insert(2, row(8))
        log.rows[1].insert(2, row(7, user="Eve"))
        assert found(check(log.lines())) == [("inserted", 2, 7), ("inserted", 2, 8)]

    def test_swapped_lines(self):
        log = Log()
        rows = log.rows[1]
        rows[1], rows[3] = rows[3], rows[1]
        report = check(log.lines())
        assert found(report) == [("reordered", 2, 7)]
        assert "Events 7 and 9 have changed places" in report.findings[0].text

    @pytest.mark.parametrize("with_time", [True, False])
    def test_swapped_under_each_others_number(self, with_time):
        log = Log()
        (a, a_at, a_body), (b, b_at, b_body) = log.rows[1][1], log.rows[1][3]
        log.rows[1][1] = (a, b_at if with_time else a_at, b_body)
        log.rows[1][3] = (b, a_at if with_time else b_at, a_body)
        report = check(log.lines())
        assert found(report) == [("reordered", 2, 7)]
        assert "7 and 9 were exchanged" in report.findings[0].text

    def test_all_in_another_order(self):
        log = Log()
        log.rows[1].reverse()
        report = check(log.lines())
        assert found(report) == [("reordered", 2, 6)]

    def test_renumbered(self):
        log = Log()
        _number, when, body = log.rows[1][2]
        log.rows[1][2] = (800, when, body)
        report = check(log.lines())
        assert found(report)[0] == ("changed", 2, 8)
        assert "its number was made 800" in report.findings[0].text

    def test_made_unreadable(self):
        lines = Log().lines()
        lines[place_of(lines, 8)] = b"garbage \xff\x00\n"
        assert found(check(lines)) == [("changed", 2, 8)]

    def test_backdated(self):
        log = Log()
        number, _at, body = log.rows[1][2]
        log.rows[1][2] = (number, at(-7200), body)
        assert ("changed", 2, 8) in found(check(log.lines()))

    def test_several_kinds_at_once_are_each_named(self):
        log = Log((20,))
        rows = log.rows[0]
        rows[3] = row(4, quantity=9)
        del rows[10]
        rows.append(row(40))
        assert found(check(log.lines())) == [
            ("changed", 1, 4),
            ("missing", 1, 11),
            ("inserted", 1, 40),
        ]

    def test_event_moved_to_another_block(self):
        log = Log()
        log.rows[2].append(log.rows[1].pop())
        assert found(check(log.lines())) == [("missing", 2, 10), ("inserted", 3, 10)]

    @pytest.mark.parametrize("bits", [1, 0x20])
    def test_every_changed_byte_is_found(self, bits):
        lines = Log((2, 1)).lines()
        # The first line is about the export: nothing in it is sealed.
        for place in range(1, len(lines)):
            for column in range(len(lines[place]) - 1):
                line = bytearray(lines[place])
                line[column] ^= bits
                assert not check([*lines[:place], bytes(line), *lines[place + 1 :]]).valid, line


class TestBlocks:
    def test_tail_is_cut(self):
        log = Log()
        receipts = log.receipts()
        log.blocks.pop(), log.rows.pop()
        report = check(log.lines(), KEYS, receipts)
        assert found(report) == [("truncated", 3, None)]
        assert "block 3 and 15 events" in report.findings[0].text
        assert "block 4 and 20 events" in report.findings[0].text

    def test_everything_is_cut(self):
        assert found(check(Log(()).lines(), KEYS, Log().receipts())) == [("truncated", None, None)]

    def test_tail_cut_without_receipts_is_said_to_be_unchecked(self):
        report = check(Log((5, 5)).lines())
        assert report.valid and any("goes on" in text for text in report.summary.not_checked)

    def test_log_goes_on_after_a_restore(self):
        log = Log()
        receipts = log.receipts()
        restored = Log((5, 5))
        restored.count += 20
        restored.add(5).add(5).add(5)
        report = check(restored.lines(), KEYS, receipts)
        assert found(report) == [("rolled_back", 3, None)]
        assert report.summary.receipts == 2

    def test_restored_and_shorter_is_still_rolled_back(self):
        restored = Log((5, 5))
        restored.count += 20
        restored.add(5)
        assert found(check(restored.lines(), KEYS, Log().receipts())) == [("rolled_back", 3, None)]

    def test_made_anew_without_the_key(self):
        log = Log()
        forged = Log((), keys=None)
        for place, rows in enumerate(log.rows):
            rows = [row(8, quantity=9) if r[0] == 8 else r for r in rows]
            forged.seal(rows, None, log.blocks[place].header["sealed_at"])
        assert found(check(forged.lines())) == [("rewritten", 1, None)]
        # Without the key, a receipt tells as well, and from which block on.
        assert found(check(forged.lines(), None, log.receipts())) == [("rewritten", 1, None)]

    def test_made_anew_with_another_key_of_the_same_name(self):
        log = Log((5,))
        for rows in Log((5, 5)).rows[1:]:
            log.seal(rows, {"2026": b"x" * 32})
        assert found(check(log.lines())) == [("forged", 2, None)]

    def test_made_anew_with_another_key(self):
        log = Log(keys=OTHER_KEYS)
        assert found(check(log.lines())) == [("rewritten", 1, None)]

    def test_made_anew_from_a_block_on_with_the_old_seals(self):
        log = Log()
        forged = Log((5,))
        for place in (1, 2, 3):
            rows = [row(8, quantity=9) if r[0] == 8 else r for r in log.rows[place]]
            forged.seal(rows, KEYS, log.blocks[place].header["sealed_at"])
            forged.blocks[place] = forged.blocks[place]._replace(seal=log.blocks[place].seal)
        assert found(check(forged.lines())) == [("forged", 2, None)]
        report = check(forged.lines(), None, log.receipts())
        assert found(report) == [("rewritten", 2, None)]

    def test_block_without_key_after_keyed_ones(self):
        log = Log((5, 5))
        log.add(5, None).add(5, None)
        assert found(check(log.lines(), None)) == [("rewritten", 3, None)]

    def test_log_under_another_name_does_not_escape_its_receipts(self):
        report = check(Log(log="another").lines(), None, Log().receipts())
        assert found(report) == [("rewritten", None, None)]

    def test_receipts_of_other_logs_beside_the_right_ones_are_told(self):
        log = Log()
        report = check(log.lines(), KEYS, [*log.receipts(), *Log(log="another").receipts(1)])
        assert report.valid and any("1 receipts" in text for text in report.summary.not_checked)

    def test_stripped_seal(self):
        lines = edit_block(Log().lines(), 3, lambda data: data.update(seal=None))
        assert found(check(lines)) == found(check(lines, None)) == [("forged", 3, None)]

    def test_changed_seal(self):
        lines = edit_block(Log().lines(), 3, lambda data: data.update(seal="0" * 64))
        assert found(check(lines)) == [("forged", 3, None)]

    @pytest.mark.parametrize("name", ["sealed_at", "count", "total", "last_id", "root", "key"])
    def test_edited_header(self, name):
        values = {"sealed_at": at(17), "root": "0" * 64, "key": None}
        lines = Log().lines()
        edit_block(lines, 3, lambda data: data["header"].update({name: values.get(name, 4)}))
        assert ("changed", 3, None) in found(check(lines))

    def test_edited_header_with_its_digest_made_anew(self):
        def change(data):
            data["header"]["sealed_at"] = at(17)
            data["digest"] = block_digest(data["header"])

        lines = edit_block(Log().lines(), 3, change)
        codes = [item[:2] for item in found(check(lines))]
        assert ("forged", 3) in codes and ("chain", 4) in codes

    def test_edited_list_of_leaves_spares_the_events(self):
        def change(data):
            data["leaves"] = "0" * 64 + data["leaves"][64:]

        report = check(edit_block(Log().lines(), 3, change))
        assert found(report) == [("changed", 3, None)]
        assert "events are intact" in report.findings[0].text

    def test_edited_list_of_numbers_spares_the_events(self):
        report = check(edit_block(Log().lines(), 3, lambda data: data["ids"].reverse()))
        assert found(report) == [("changed", 3, None)]
        assert "event numbers" in report.findings[0].text

    def test_event_changed_together_with_its_leaf(self):
        log = Log()
        log.rows[1][2] = row(8, quantity=9)
        forged, _state = seal_block(State(), LOG, log.rows[1], at(11))
        lines = log.lines()
        edit_block(lines, 2, lambda data: data.update(leaves=forged.leaves.hex()))
        report = check(lines)
        assert found(report) == [("changed", 2, None)]
        assert "Between" in report.findings[0].text or "between" in report.findings[0].text

    def test_edited_tree_hash(self):
        lines = edit_block(Log().lines(), 3, lambda data: data.update(tree="0" * 64))
        assert found(check(lines)) == [("changed", 3, None)]

    def test_missing_block(self):
        log = Log()
        del log.blocks[1], log.rows[1]
        report = check(log.lines())
        assert found(report) == [("chain", 3, None)]
        assert "5 events between them are gone" in report.findings[0].text

    def test_first_block_missing(self):
        log = Log()
        del log.blocks[0], log.rows[0]
        assert found(check(log.lines())) == [("chain", 2, None)]

    def test_blocks_out_of_order(self):
        log = Log()
        log.blocks[1:3], log.rows[1:3] = log.blocks[2:0:-1], log.rows[2:0:-1]
        assert {code for code, _block, _event in found(check(log.lines()))} >= {"chain"}

    def test_block_of_another_log(self):
        log, other = Log(), Log(log="another")
        log.blocks[3] = other.blocks[3]
        assert found(check(log.lines()))[0] == ("chain", 4, None)

    def test_block_of_a_known_chain_that_lies_about_its_events(self):
        log = Log((5,))
        block = log.blocks[0]
        header = {**block.header, "count": 4}
        digest = block_digest(header)
        log.blocks[0] = block._replace(
            header=header, digest=digest, seal=seal_of(KEYS["2026"], digest)
        )
        assert "malformed" in {code for code, _block, _event in found(check(log.lines()))}
