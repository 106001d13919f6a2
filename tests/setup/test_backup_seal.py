"""Sealed files open only whole, unchanged, under their own name and with their key."""

import errno
import io
import os

import pytest
from lib import backup_seal
from lib.backup_seal import BrokenSealError

KEY = bytes(range(32))
HEAD = 8 + 32
CHUNK = (1 << 20) + 16


def seal(content: bytes, name: str = "a") -> bytes:
    return b"".join(backup_seal.sealed([content], KEY, name))


def read(file: bytes, name: str = "a", key: bytes = KEY) -> bytes:
    return b"".join(backup_seal.opened(io.BytesIO(file), key, name))


@pytest.fixture(scope="module")
def large():
    """Content that does not shrink, of three chunks and a bit."""
    return os.urandom(3 * (1 << 20) + 12345)


@pytest.mark.parametrize("size", [0, 1, 65536])
def test_what_was_sealed_is_read_again(size):
    content = os.urandom(size)
    assert read(seal(content)) == content


def test_many_chunks_are_read_again_and_as_a_file(large):
    file = seal(large)
    assert len(file) > 3 * CHUNK
    assert read(file) == large
    reader = io.BufferedReader(backup_seal.Reader(backup_seal.opened(io.BytesIO(file), KEY, "a")))
    assert reader.read() == large


def test_two_files_of_the_same_content_have_nothing_in_common():
    assert seal(b"same")[HEAD:] != seal(b"same")[HEAD:]


@pytest.mark.parametrize("place", [0, 10, HEAD + 1, HEAD + CHUNK + 5, -1])
def test_a_changed_byte_anywhere_is_noticed(large, place):
    file = bytearray(seal(large))
    file[place] ^= 1
    with pytest.raises(BrokenSealError, match="a does not open"):
        read(bytes(file))


@pytest.mark.parametrize("cut", [0, 5, HEAD, HEAD + 10, HEAD + CHUNK, HEAD + 2 * CHUNK])
def test_a_file_that_was_cut_off_is_noticed_also_between_chunks(large, cut):
    with pytest.raises(BrokenSealError):
        read(seal(large)[:cut])


def test_chunks_in_another_order_or_twice_are_noticed(large):
    file = seal(large)
    head, first, second, rest = (
        file[:HEAD],
        file[HEAD : HEAD + CHUNK],
        file[HEAD + CHUNK : HEAD + 2 * CHUNK],
        file[HEAD + 2 * CHUNK :],
    )
    for parts in ((second, first, rest), (first, first, rest), (second, rest)):
        with pytest.raises(BrokenSealError):
            read(head + b"".join(parts))


def test_more_at_the_end_is_noticed(large):
    with pytest.raises(BrokenSealError):
        read(seal(large) + b"more")


def test_another_key_or_another_name_does_not_open_it():
    with pytest.raises(BrokenSealError):
        read(seal(b"some"), key=bytes(32))
    with pytest.raises(BrokenSealError):
        read(seal(b"some", "segment 1"), "segment 2")


def test_a_file_that_is_there_is_not_replaced(tmp_path):
    path = tmp_path / "one"
    backup_seal.seal_file([b"first"], path, KEY, "one")
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        backup_seal.seal_file([b"second"], path, KEY, "one")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["one"]


def test_writing_that_fails_leaves_nothing(tmp_path):
    def parts():
        yield b"some"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        backup_seal.seal_file(parts(), tmp_path / "one", KEY, "one")
    assert list(tmp_path.iterdir()) == []


def test_many_files_are_sealed_and_one_that_is_gone_is_passed_over(tmp_path):
    names = ["a", "b", "gone"]
    for name in names[:2]:
        (tmp_path / name).write_bytes(name.encode())
    rows = [(tmp_path / name, tmp_path / "to" / name, name) for name in names]
    assert len(list(backup_seal.seal_many(rows, KEY))) == 2
    assert sorted(path.name for path in (tmp_path / "to").iterdir()) == ["a", "b"]
    assert read((tmp_path / "to" / "b").read_bytes(), "b") == b"b"
