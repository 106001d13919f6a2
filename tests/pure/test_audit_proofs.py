"""Exports of some events with their proofs, and the rules of what is written."""

import json

import pytest
from audit_support import KEYS, LOG, OTHER_KEYS, Log, at, check, found, row
from tools.audit_format import (
    State,
    block_of,
    check_body,
    check_header,
    event_line,
    parse_json,
    parse_keys,
    receipt_of,
    state_of,
)
from tools.audit_proof import (
    MerkleTree,
    consistency_line,
    current_key,
    export_events,
    receipt_for,
    receipt_line,
    seal_block,
    seal_leaves,
)


def selection(log, *numbers, receipts=()):
    """The lines of an export of these events."""
    tree = MerkleTree.of_digests(block.digest for block in log.blocks)
    picks = []
    for block, rows in zip(log.blocks, log.rows, strict=True):
        wanted = [(part[0], event_line(*part)) for part in rows if part[0] in numbers]
        if wanted:
            picks.append((block, wanted))
    receipt = receipt_for(log.blocks[-1])
    return list(export_events(log.log, at(99), receipt, tree, picks, receipts=receipts))


def altered(lines, kind, change):
    """The lines, with the first of a kind changed."""
    for place, line in enumerate(lines):
        if line.startswith(b'{"type":"%s"' % kind.encode()):
            data = json.loads(line)
            change(data)
            text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
            return [*lines[:place], text.encode() + b"\n", *lines[place + 1 :]]
    raise AssertionError(kind)


class TestProofs:
    def test_selected_events_are_proved(self):
        log = Log((5, 1, 7, 3, 9))
        lines = selection(log, 1, 6, 9, 25)
        report = check(lines, KEYS, log.receipts(5))
        assert report.valid
        summary = report.summary
        assert (summary.proofs, summary.receipts, summary.first_block) == (4, 1, 1)
        assert (summary.first_at, summary.last_at) == (at(1), at(25))

    def test_every_event_of_every_block_can_be_proved(self):
        for size in range(1, 12):
            log = Log((3,) * size)
            numbers = range(1, 3 * size + 1)
            assert check(selection(log, *numbers)).summary.proofs == 3 * size

    def test_receipt_that_was_kept_nowhere_else_is_said_to_be_unchecked(self):
        report = check(selection(Log(), 8), None)
        assert report.valid
        said = " ".join(report.summary.not_checked)
        assert "further events" in said and "kept elsewhere" in said and "seals" in said

    def test_later_receipt_is_proved_to_continue_earlier_ones(self):
        log = Log()
        lines = selection(log, 8, receipts=log.receipts(1, 3))
        report = check(lines, KEYS, log.receipts(1))
        assert report.valid
        assert (report.summary.consistent, report.summary.receipts) == (2, 1)

    def test_changed_event(self):
        def change(data):
            data["event"] = data["event"].replace('"quantity": 5', '"quantity": 6')

        assert found(check(altered(selection(Log(), 8), "proof", change))) == [("changed", 2, 8)]

    def test_proof_of_another_event(self):
        log = Log()
        lines = altered(selection(log, 8), "proof", lambda data: data.update(index=1))
        assert found(check(lines)) == [("changed", 2, 8)]

    def test_changed_header(self):
        def change(data):
            data["block"]["sealed_at"] = at(500)

        assert found(check(altered(selection(Log(), 8), "proof", change))) == [("changed", 2, 8)]

    def test_event_of_a_block_made_up(self):
        log, forged = Log(), Log((5,))
        forged.add(5, quantity=9).add(5).add(5)
        proof = next(line for line in selection(forged, 8) if b'"proof"' in line)
        lines = selection(log, 8)
        lines[2] = proof
        assert found(check(lines, None)) == [("rewritten", 2, 8)]

    def test_stripped_seal(self):
        lines = altered(selection(Log(), 8), "proof", lambda data: data.update(seal=None))
        assert found(check(lines)) == [("forged", 2, None)]

    def test_key_that_is_not_known(self):
        assert found(check(selection(Log(), 8), OTHER_KEYS)) == [("rewritten", 2, None)]

    def test_all_made_anew(self):
        forged = Log(keys=None)
        lines = selection(forged, 8)
        assert check(lines, None).valid
        assert found(check(lines, None, Log().receipts(4))) == [("rewritten", 4, None)]

    def test_earlier_receipt_that_the_log_does_not_continue(self):
        log, other = Log(), Log((4, 4, 4))
        lines = selection(log, 8, receipts=log.receipts(3))

        def change(data):
            data["first"] = other.receipts(3)[0]._asdict()

        assert found(check(altered(lines, "consistency", change))) == [("rewritten", 4, None)]

    def test_receipt_with_a_seal_that_was_made_up(self):
        lines = altered(selection(Log(), 8), "receipt", lambda data: data.update(seal="0" * 64))
        assert found(check(lines)) == [("forged", 4, None)]

    def test_receipts_of_another_log(self):
        receipts = Log(log="another").receipts()
        assert found(check(selection(Log(), 8), KEYS, receipts)) == [("rewritten", None, None)]

    @pytest.mark.parametrize("lost", [1, 2, 3])
    def test_lost_line(self, lost):
        lines = selection(Log(), 8)
        del lines[lost]
        assert not check(lines).valid

    @pytest.mark.parametrize("name", ["event", "index", "path", "block", "digest", "tree_path"])
    @pytest.mark.parametrize("value", [None, 1, "x", [1], {}, True])
    def test_any_value_in_a_proof_never_fails(self, name, value):
        lines = altered(selection(Log(), 8), "proof", lambda data: data.update({name: value}))
        assert not check(lines).valid or (name, value) == ("index", 1)

    def test_export_with_a_tree_of_another_receipt_is_refused(self):
        log = Log()
        tree = MerkleTree.of_digests(block.digest for block in log.blocks)
        with pytest.raises(ValueError, match="not that of the receipt of block 2"):
            list(export_events(LOG, at(99), log.receipts(2)[0], tree, []))

    def test_consistency_line_of_the_same_receipt(self):
        log = Log()
        tree = MerkleTree.of_digests(block.digest for block in log.blocks)
        receipt = log.receipts(4)[0]
        assert json.loads(consistency_line(receipt, receipt, tree))["path"] == []


class TestForm:
    def test_line_is_the_body_with_number_and_time_in_front(self):
        line = event_line(5, at(5), '{"kind": "é"}')
        assert line == '{"id":5,"at":"2026-11-25T08:00:05.000000Z","kind": "é"}'.encode()
        assert json.loads(line)["kind"] == "é"

    @pytest.mark.parametrize(
        "body", ["", "{}", "[1]", '{"a":1}\n', ' {"a":1}', '{"id":1}', '{"a":1,"a":2}', '{"a":\n1}']
    )
    def test_body_that_cannot_be_one_is_refused(self, body):
        with pytest.raises(ValueError):
            check_body(body)

    def test_body_in_any_spelling_is_kept(self):
        check_body('{"a" : 1.50, "b":"\\u00e9"}')

    def test_block_is_the_same_from_rows_and_from_leaves(self):
        rows = [row(1), row(2)]
        block, state = seal_block(State(), LOG, rows, at(9), current_key(KEYS))
        again = seal_leaves(
            State(), LOG, [1, 2], (at(1), at(2)), block.leaves, at(9), current_key(KEYS)
        )
        assert again == (block, state)

    @pytest.mark.parametrize("rows", [[], [row(2), row(1)], [row(1), row(1)]])
    def test_rows_that_make_no_block_are_refused(self, rows):
        with pytest.raises(ValueError):
            seal_block(State(), LOG, rows, at(9))

    def test_block_receipt_and_state_survive_json(self):
        log = Log()
        block = log.blocks[2]
        data = {**block._asdict(), "leaves": block.leaves.hex()}
        assert block_of(json.loads(json.dumps(data))) == block
        receipt = receipt_for(block)
        assert receipt_of(json.loads(receipt_line(receipt))) == receipt
        assert state_of(json.loads(json.dumps(log.state._asdict()))) == log.state

    def test_later_version_is_told(self):
        with pytest.raises(ValueError, match="version 2 of the format is not known"):
            check_header({**Log().blocks[0].header, "v": 2})
        with pytest.raises(ValueError, match="version 2 of the format is not known"):
            receipt_of({**Log().receipts(1)[0]._asdict(), "v": 2})

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("abc", "key 1 is not written"),
            ("a:zz", "key a is not hexadecimal"),
            ("a:00", "key a is shorter"),
            (f"a:{'00' * 32},a:{'11' * 32}", "key id a occurs twice"),
            (f"a b:{'00' * 32}", "key 1 is not written"),
        ],
    )
    def test_keys_that_cannot_be_used_are_told_without_showing_them(self, text, why):
        with pytest.raises(ValueError, match=why):
            parse_keys(text)

    def test_no_keys(self):
        assert parse_keys("") == {} and current_key({}) is None

    @pytest.mark.parametrize("text", ["[" * 100_000, '{"a":1,"a":1}', "", b"\xff"])
    def test_json_that_cannot_be_trusted_is_refused(self, text):
        with pytest.raises(ValueError):
            parse_json(text)
