"""Sealed files: compressed, then encrypted in chunks whose order and end are authenticated.

A file is `LTSEAL1\\n`, 32 random bytes, and chunks of AES-256-GCM. Each file has a key of its own
(HKDF-SHA256 of the backup's key, the random bytes and the file's name), so that no file passes for
another; the nonce is the chunk's number and whether it is the last, so that chunks that were moved,
repeated or cut off do not open.
"""

import contextlib
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import SetupError

SUFFIX = ".sealed"
PART = ".part"
_MAGIC = b"LTSEAL1\n"
_SALT = 32
_CHUNK = 1 << 20
_TAG = 16


class BrokenSealError(SetupError):
    """A sealed file was changed or cut, or the key is another one."""


def new_key() -> str:
    """A key for a backup: 64 hexadecimal digits."""
    return os.urandom(32).hex()


class _Cipher:
    """The chunks of one file."""

    def __init__(self, key: bytes, salt: bytes, name: str):
        # Only what seals needs them, and archives of a test do not.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = b"lot traceability backup\0" + name.encode()
        self._cipher = AESGCM(HKDF(SHA256(), 32, salt, info).derive(key))
        self._number = 0

    def _nonce(self, last: bool) -> bytes:
        self._number += 1
        return self._number.to_bytes(11, "big") + bytes([last])

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last), chunk, None)

    def open(self, chunk: bytes, *, last: bool) -> bytes:
        return self._cipher.decrypt(self._nonce(last), chunk, None)


def sealed(parts: Iterable[bytes], key: bytes, name: str) -> Iterator[bytes]:
    r"""The bytes of a sealed file.

    >>> key = bytes(32)
    >>> file = b"".join(sealed([b"some ", b"bytes"], key, "a"))
    >>> b"".join(opened(io.BytesIO(file), key, "a"))
    b'some bytes'
    >>> b"".join(opened(io.BytesIO(file), key, "b"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    lib.backup_seal.BrokenSealError: b does not open: ...
    """
    salt = os.urandom(_SALT)
    cipher = _Cipher(key, salt, name)
    packer = zlib.compressobj(1)
    waiting = bytearray()
    yield _MAGIC + salt
    for part in parts:
        waiting += packer.compress(part)
        while len(waiting) > _CHUNK:
            yield cipher.seal(bytes(waiting[:_CHUNK]), last=False)
            del waiting[:_CHUNK]
    waiting += packer.flush()
    while len(waiting) > _CHUNK:
        yield cipher.seal(bytes(waiting[:_CHUNK]), last=False)
        del waiting[:_CHUNK]
    yield cipher.seal(bytes(waiting), last=True)


def opened(file: BinaryIO, key: bytes, name: str) -> Iterator[bytes]:
    """What was sealed. Nothing of a chunk is given before it is known to be right; that the file
    is whole is known at its end.

    :raises BrokenSealError: when a chunk is not what was written there, or the end is missing
    """
    from cryptography.exceptions import InvalidTag

    broken = BrokenSealError(
        f"{name} does not open: it was changed, cut off or sealed with another key. "
        "Take an older backup, or the key that was kept elsewhere."
    )
    if file.read(len(_MAGIC)) != _MAGIC:
        raise broken
    cipher = _Cipher(key, file.read(_SALT), name)
    unpacker = zlib.decompressobj()
    chunk = file.read(_CHUNK + _TAG)
    while True:
        following = file.read(_CHUNK + _TAG)
        try:
            plain = cipher.open(chunk, last=not following)
            yield unpacker.decompress(plain)
        except (InvalidTag, zlib.error, ValueError):
            raise broken from None
        if not following:
            break
        chunk = following
    yield unpacker.flush()
    if not unpacker.eof:
        raise broken


class Reader(io.RawIOBase):
    """What was sealed, as a file that is read once from its beginning."""

    def __init__(self, parts: Iterator[bytes]):
        self._parts = parts
        self._rest = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer) -> int:
        """Fill the buffer with what comes next."""
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = part
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def drain(self) -> None:
        """Read to the end, so that it is known that the file is whole."""
        self._rest = b""
        for _part in self._parts:
            pass


def parts_of(file: BinaryIO) -> Iterator[bytes]:
    """The content of an open file, in pieces."""
    while part := file.read(_CHUNK):
        yield part


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there whole and on the disk, or not at all.

    :raises FileExistsError: when there is one of this name, which stays as it is
    """
    work = part_of(path)
    try:
        with work.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename it never replaces what somebody else has put there.
        os.link(work, path)
    finally:
        work.unlink(missing_ok=True)
    sync_folder(path.parent)


def part_of(path: Path) -> Path:
    """Where a file is written before it has its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}{PART}")


def seal_many(sources: Iterable[tuple[Path, Path, str]], key: bytes) -> Iterator[int]:
    """Seal many small files; each is on the disk before it has its name, at one wait for all.

    :param sources: source, sealed file and name of each; a source that is gone is passed over
    :return: yields the size of each
    """
    done = []
    try:
        for source, path, name in sources:
            work = part_of(path)
            done.append((work, path))
            try:
                with source.open("rb") as file, work.open("wb") as out:
                    yield sum(out.write(part) for part in sealed(parts_of(file), key, name))
            except FileNotFoundError:
                done.pop()
                work.unlink(missing_ok=True)
        os.sync()
        for work, path in done:
            with contextlib.suppress(FileExistsError):
                os.link(work, path)
    finally:
        for work, _path in done:
            work.unlink(missing_ok=True)
    for folder in {path.parent for _work, path in done}:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def seal_file(parts: Iterable[bytes], path: Path, key: bytes, name: str) -> int:
    """Write a sealed file, as `new_file`; returns its size."""
    size = 0
    with new_file(path) as file:
        for part in sealed(parts, key, name):
            size += file.write(part)
    return size
