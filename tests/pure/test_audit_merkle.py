"""Merkle trees: the vectors of Certificate Transparency, and proofs of trees of all sizes."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.audit_merkle import Frontier, is_consistent, is_included, leaf_hash, merkle_root
from tools.audit_proof import MerkleTree

# The well-known ones of Certificate Transparency's own tests (RFC 6962 and RFC 9162 hash alike).
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def tree_of(size):
    return [leaf_hash(b"%d" % number) for number in range(size)]


def unhex(path):
    return [bytes.fromhex(digest) for digest in path]


def rfc_root(leaves):
    """Word for word what RFC 9162, 2.1.1, says."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + rfc_root(leaves[:half]) + rfc_root(leaves[half:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_known_vectors(size):
    leaves = [leaf_hash(data) for data in INPUTS[:size]]
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert merkle_root(b"".join(leaves)).hex() == ROOTS[size - 1]
    assert frontier.root().hex() == ROOTS[size - 1]
    assert MerkleTree(b"".join(leaves)).root().hex() == ROOTS[size - 1]


def test_root_of_no_leaves():
    assert merkle_root(b"").hex() == Frontier().root().hex() == EMPTY


def test_inclusion_paths_of_the_known_vectors():
    tree = MerkleTree(b"".join(map(leaf_hash, INPUTS)))
    assert tree.path(0) == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert tree.path(5) == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_consistency_proofs_of_the_known_vectors():
    tree = MerkleTree(b"".join(map(leaf_hash, INPUTS)))
    assert tree.consistency(8) == []
    assert tree.consistency(6) == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(1, 130))
def test_root_is_what_the_rfc_says_for_any_size(size):
    leaves = tree_of(size)
    assert merkle_root(b"".join(leaves)) == rfc_root(leaves)


def test_all_inclusion_proofs_hold_and_only_for_their_leaf():
    for size in range(1, 40):
        leaves = tree_of(size)
        tree = MerkleTree(b"".join(leaves))
        root = tree.root()
        for index in range(size):
            path = unhex(tree.path(index))
            assert is_included(leaves[index], index, size, path, root)
            for other in range(-1, size + 1):
                if other != index:
                    assert not is_included(leaves[index], other, size, path, root)


def test_all_consistency_proofs_hold_and_only_for_their_sizes():
    for size in range(1, 34):
        leaves = tree_of(size)
        tree = MerkleTree(b"".join(leaves))
        for first in range(1, size + 1):
            path = unhex(tree.consistency(first))
            old = merkle_root(b"".join(leaves[:first]))
            assert is_consistent(first, old, size, tree.root(), path)
            for other in range(size + 2):
                if other != first:
                    assert not is_consistent(other, old, size, tree.root(), path)


@given(st.integers(2, 300), st.data())
def test_changed_inclusion_proof_is_refused(size, data):
    leaves = tree_of(size)
    tree = MerkleTree(b"".join(leaves))
    index = data.draw(st.integers(0, size - 1))
    path = unhex(tree.path(index))
    step = data.draw(st.integers(0, len(path) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = bytearray(path[step])
    changed[bit // 8] ^= 1 << bit % 8
    wrong = [*path[:step], bytes(changed), *path[step + 1 :]]
    for bad in (wrong, path[:-1], [*path, path[-1]], path[::-1] if len(path) > 1 else wrong):
        assert not is_included(leaves[index], index, size, bad, tree.root())


@given(st.integers(2, 300), st.data())
def test_changed_history_has_no_consistency_proof(size, data):
    leaves = tree_of(size)
    first = data.draw(st.integers(1, size - 1))
    old = merkle_root(b"".join(leaves[:first]))
    changed = list(leaves)
    changed[data.draw(st.integers(0, first - 1))] = leaf_hash(b"other")
    tree = MerkleTree(b"".join(changed))
    path = unhex(tree.consistency(first))
    assert not is_consistent(first, old, size, tree.root(), path)
    assert not is_consistent(first, old, size, tree.root(), path[:-1])
    assert not is_consistent(first, old, size, tree.root(), [])


@given(st.integers(0, 600))
def test_frontier_goes_on_from_its_own_text(size):
    leaves = tree_of(size + 1)
    frontier = Frontier()
    for leaf in leaves[:size]:
        frontier.append(leaf)
    again = Frontier(size, frontier.hexes())
    again.append(leaves[size])
    assert again.root() == merkle_root(b"".join(leaves))


@pytest.mark.parametrize(("size", "nodes"), [(1, ()), (0, ("00" * 32,)), (1, ("00",))])
def test_frontier_of_another_size_is_refused(size, nodes):
    with pytest.raises(ValueError):
        Frontier(size, nodes)


def test_proofs_beyond_the_tree_are_refused():
    tree = MerkleTree(b"".join(tree_of(3)))
    with pytest.raises(IndexError):
        tree.path(3)
    for first in (0, 4):
        with pytest.raises(ValueError):
            tree.consistency(first)
