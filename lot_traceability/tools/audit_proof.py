"""Writes what the verifier reads: blocks, receipts, proofs and exports of the audit log.

>>> rows = [(1, "2026-11-25T08:00:00.000000Z", '{"kind":"print"}'),
...         (2, "2026-11-25T08:00:01.000000Z", '{"kind":"scan"}')]
>>> block, state = seal_block(State(), "b5c1", rows, "2026-11-25T08:01:00.000000Z")
>>> receipt_line(receipt_for(block))[:51]
b'{"digest":"544a505e44b45818d94f4d179bca3e947185ba9b'

The blocks are chained: `state` is all that the next one needs of those before. Nothing here
decides what is sealed, nor when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .audit_format import (
    VERSION,
    Block,
    Receipt,
    State,
    block_digest,
    canonical,
    event_line,
    seal_of,
)
from .audit_merkle import HASH, Frontier, leaf_hash, merkle_root, parents

Row = tuple[int, str, str]  # number, time as of `time_text`, body
Key = tuple[str, bytes]  # its id, and the key


def current_key(keys: Mapping[str, bytes]) -> Key | None:
    """The key that seals: the first of `parse_keys`, None where there is none."""
    return next(iter(keys.items()), None)


def seal_block(
    before: State, log: str, rows: Iterable[Row], sealed_at: str, key: Key | None = None
) -> tuple[Block, State]:
    """The block after `before` of some events, and where the log then stands.

    `log` is the log's id; times are as of `time_text`. ValueError where there are no rows, or
    where their numbers do not ascend.
    """
    ids: list[int] = []
    times: list[str] = []
    leaves: list[bytes] = []
    for number, at, body in rows:
        ids.append(number)
        times.append(at)
        leaves.append(leaf_hash(event_line(number, at, body)))
    if not ids:
        raise ValueError("a block has at least one event")
    return seal_leaves(before, log, ids, (min(times), max(times)), b"".join(leaves), sealed_at, key)


def seal_leaves(
    before: State,
    log: str,
    ids: Sequence[int],
    period: tuple[str, str],
    leaves: bytes,
    sealed_at: str,
    key: Key | None = None,
) -> tuple[Block, State]:
    """As `seal_block`, of events whose leaf hashes are known: 32 bytes each, one after the other,
    with the earliest and the latest of their times."""
    if not ids or list(ids) != sorted(set(ids)) or len(leaves) != HASH * len(ids):
        raise ValueError("events of a block have ascending numbers and one leaf each")
    header = {
        "v": VERSION,
        "log": log,
        "number": before.number + 1,
        "previous": before.digest,
        "root": merkle_root(leaves).hex(),
        "count": len(ids),
        "total": before.total + len(ids),
        "first_id": ids[0],
        "last_id": ids[-1],
        "first_at": period[0],
        "last_at": period[1],
        "sealed_at": sealed_at,
        "key": key[0] if key else None,
    }
    digest = block_digest(header)
    tree = Frontier(before.number, before.nodes)
    tree.append(leaf_hash(bytes.fromhex(digest)))
    seal = seal_of(key[1], digest) if key else None
    block = Block(header, digest, seal, tree.root().hex(), ids, leaves)
    state = State(
        number=before.number + 1,
        digest=digest,
        total=header["total"],
        last_id=max(before.last_id, ids[-1]),
        last_at=max(before.last_at, period[1]),
        sealed_at=sealed_at,
        keyed=before.keyed or key is not None,
        nodes=tree.hexes(),
    )
    return block, state


def receipt_for(block: Block) -> Receipt:
    """The receipt of a block."""
    header = block.header
    return Receipt(
        log=header["log"],
        number=header["number"],
        digest=block.digest,
        seal=block.seal,
        key=header["key"],
        tree=block.tree,
        total=header["total"],
        sealed_at=header["sealed_at"],
    )


def receipt_line(receipt: Receipt) -> bytes:
    """A receipt as one line of JSON, with its end."""
    return _line(receipt._asdict())


class MerkleTree:
    """A Merkle tree with all its levels, to take proofs from (64 bytes a leaf).

    >>> tree = MerkleTree(b"".join(leaf_hash(data) for data in (b"a", b"b", b"c")))
    >>> [len(tree.path(index)) for index in range(3)]
    [2, 2, 1]
    """

    def __init__(self, leaves: bytes) -> None:
        self.size = len(leaves) // HASH
        self._levels = [leaves]
        while len(self._levels[-1]) > HASH:
            self._levels.append(parents(self._levels[-1]))

    @classmethod
    def of_digests(cls, digests: Iterable[str]) -> MerkleTree:
        """The tree over the digests of a log's blocks, from the first one on."""
        return cls(b"".join(leaf_hash(bytes.fromhex(digest)) for digest in digests))

    def root(self) -> bytes:
        """The Merkle tree hash, 32 bytes."""
        return merkle_root(self._levels[-1])

    def path(self, index: int) -> list[str]:
        """Inclusion path of the leaf at `index` (RFC 9162, 2.1.3.1); IndexError where none is."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        found = []
        for level in self._levels[:-1]:
            sibling = self._node(level, index ^ 1)
            if sibling:
                found.append(sibling.hex())
            index >>= 1
        return found

    def consistency(self, first: int) -> list[str]:
        """Proof that the tree of the first `first` leaves is the beginning of this one
        (RFC 9162, 2.1.4.1); ValueError where it cannot be."""
        if not 0 < first <= self.size:
            raise ValueError(f"a tree of {first} leaves is not the beginning of one of {self.size}")
        found: list[str] = []
        start, end, whole = 0, self.size, True
        # SUBPROOF(m, D[start:end], b) from the root down, so the proof is gathered from its end.
        while first != end:
            half = 1 << (end - start - 1).bit_length() - 1
            if first <= start + half:
                found.append(self._subtree(start + half, end))
                end = start + half
            else:
                found.append(self._subtree(start, start + half))
                start, whole = start + half, False
        if not whole:
            found.append(self._subtree(start, end))
        return found[::-1]

    def _subtree(self, start: int, end: int) -> str:
        """Root over leaves that the tree itself has under one node."""
        height = (end - start - 1).bit_length()
        return self._node(self._levels[height], start >> height).hex()

    @staticmethod
    def _node(level: bytes, index: int) -> bytes:
        return level[index * HASH : (index + 1) * HASH]


def export_log(
    log: str,
    exported_at: str,
    blocks: Iterable[tuple[Block, Iterable[bytes]]],
    *,
    after: State | None = None,
    until_end: bool = True,
    unsealed: tuple[int, Iterable[bytes]] | None = None,
    **free: Any,
) -> Iterator[bytes]:
    """The lines of an export of blocks with all their events (`event_line`), each with its end.

    `after` is where the log stood before the first of these blocks, when that is not block 1;
    `until_end` is false where later blocks are left out. `unsealed` is the number of events that
    no block holds yet, and their lines. `free` goes to the first line.
    """
    head = {**free, "type": "log", "v": VERSION, "log": log, "exported_at": exported_at}
    whole = until_end and after is None
    head["scope"] = "log" if whole else "blocks"
    if after is not None:
        head["after"] = after._asdict()
    if not until_end:
        head["until_end"] = False
    yield _line(head)
    count = events = 0
    for block, lines in blocks:
        yield _line(
            {
                "type": "block",
                "header": block.header,
                "digest": block.digest,
                "seal": block.seal,
                "tree": block.tree,
                "ids": list(block.ids),
                "leaves": block.leaves.hex(),
            }
        )
        count += 1
        for line in lines:
            events += 1
            yield line + b"\n"
    if unsealed:
        yield _line({"type": "unsealed", "count": unsealed[0]})
        for line in unsealed[1]:
            events += 1
            yield line + b"\n"
    yield _line({"type": "end", "blocks": count, "events": events})


def export_events(
    log: str,
    exported_at: str,
    receipt: Receipt,
    tree: MerkleTree,
    picks: Iterable[tuple[Block, Iterable[tuple[int, bytes]]]],
    *,
    receipts: Iterable[Receipt] = (),
    **free: Any,
) -> Iterator[bytes]:
    """The lines of an export of some events, each with its proof.

    `tree` is that of `receipt`, over the digests of blocks 1 to its number. `picks` are blocks
    with the (number, line) of the events wanted. For each of `receipts`, earlier ones, a proof
    follows that the log of `receipt` continues it. ValueError where the tree is not the receipt's.
    """
    if tree.size != receipt.number or tree.root().hex() != receipt.tree:
        raise ValueError(f"the tree is not that of the receipt of block {receipt.number}")
    head = {**free, "type": "log", "v": VERSION, "log": log, "exported_at": exported_at}
    yield _line({**head, "scope": "events"})
    yield _line({**receipt._asdict(), "type": "receipt"})
    for earlier in receipts:
        yield consistency_line(earlier, receipt, tree)
    events = 0
    for block, wanted in picks:
        inner = MerkleTree(block.leaves)
        place_of = {number: place for place, number in enumerate(block.ids)}
        tree_path = tree.path(block.header["number"] - 1)
        for number, line in wanted:
            events += 1
            yield _line(
                {
                    "type": "proof",
                    "event": line.decode(),
                    "index": place_of[number],
                    "path": inner.path(place_of[number]),
                    "block": block.header,
                    "digest": block.digest,
                    "seal": block.seal,
                    "tree_path": tree_path,
                }
            )
    yield _line({"type": "end", "blocks": 0, "events": events})


def consistency_line(first: Receipt, second: Receipt, tree: MerkleTree) -> bytes:
    """A line that proves that the log of `second` continues that of `first`; `tree` is that of
    `second`."""
    return _line(
        {
            "type": "consistency",
            "first": first._asdict(),
            "second": second._asdict(),
            "path": tree.consistency(first.number),
        }
    )


def _line(value: dict[str, Any]) -> bytes:
    # What kind of line it is stands first, so that it can be told without reading all of it.
    kind = value.pop("type", None)
    text = canonical(value)
    return (f'{{"type":"{kind}",{text[1:]}' if kind else text).encode() + b"\n"
