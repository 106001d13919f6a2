"""Merkle trees over SHA-256 as RFC 9162, 2.1, defines them: roots, growth, and checks of proofs.

>>> leaf_hash(b"").hex()[:16]
'6e340b9cffb37a98'

Hashes are 32 bytes; many of them stand one after the other in one `bytes`. Standard library and
Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH = 32  # bytes of a SHA-256 hash


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf, 32 bytes (RFC 9162, 2.1.1).

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node, 32 bytes (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def parents(level: bytes) -> bytes:
    """The level above some nodes, each 32 bytes; the last one goes up as it is when it is odd."""
    even = len(level) - len(level) % (2 * HASH)
    found = [
        sha256(b"\x01" + level[start : start + 2 * HASH]).digest()
        for start in range(0, even, 2 * HASH)
    ]
    found.append(level[even:])
    return b"".join(found)


def merkle_root(leaves: bytes) -> bytes:
    """Merkle tree hash of leaf hashes that stand one after the other (RFC 9162, 2.1.1).

    >>> merkle_root(b"") == sha256(b"").digest()
    True
    """
    if not leaves:
        return sha256(b"").digest()
    while len(leaves) > HASH:
        leaves = parents(leaves)
    return leaves


class Frontier:
    """A Merkle tree that only grows, held as the roots of its full subtrees, the largest first.

    >>> tree = Frontier()
    >>> for data in (b"a", b"b", b"c"):
    ...     tree.append(leaf_hash(data))
    >>> tree.size, len(tree.nodes)
    (3, 2)
    >>> tree.root() == merkle_root(b"".join(map(leaf_hash, (b"a", b"b", b"c"))))
    True
    """

    def __init__(self, size: int = 0, nodes: Iterable[str] = ()) -> None:
        self.size = size
        self.nodes = [bytes.fromhex(node) for node in nodes]
        if len(self.nodes) != bin(size).count("1") or any(len(n) != HASH for n in self.nodes):
            raise ValueError(f"a tree of {size} leaves has another number of full subtrees")

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash at the end."""
        size, node = self.size, leaf
        while size & 1:
            node = node_hash(self.nodes.pop(), node)
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far, 32 bytes."""
        if not self.nodes:
            return sha256(b"").digest()
        node = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            node = node_hash(left, node)
        return node

    def hexes(self) -> tuple[str, ...]:
        """The subtrees' roots in hexadecimal digits, as the constructor takes them."""
        return tuple(node.hex() for node in self.nodes)


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does `path` prove that `leaf` is the one at `index` (from 0) in a tree of `size` leaves with
    this root? (RFC 9162, 2.1.3.2)"""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(node, root)


def is_consistent(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Does `path` prove that the tree of `second` leaves begins with that of `first` leaves?
    (RFC 9162, 2.1.4.2)"""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and hmac.compare_digest(first_root, second_root)
    nodes = list(path)
    if first & (first - 1) == 0:
        nodes.insert(0, first_root)
    if not nodes:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
