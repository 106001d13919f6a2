"""Reads a JSON document bit by bit: what is before the events, then one event at a time.

>>> import io
>>> text = JsonText(io.BytesIO(b'{"a": [1, {"b": 2}]}'), limit=1000)
>>> [(key, text.value()) for key in text.fields()]
[('a', [1, {'b': 2}])]
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from .errors import EpcisError, shown

_CHUNK = 256 * 1024
# Where a value breaks off this close to what was read so far, more of it may follow.
_NEAR = 16
_SPACE = re.compile(r"[ \t\n\r]*")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        # What the object means would depend on who reads it.
        raise EpcisError("repeated_key", shown=shown(twice))
    return result


def _no_constant(name: str) -> Any:
    raise EpcisError("json", what=f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


class Limited:
    """A file of which no more than ``limit`` bytes are read; raises :class:`EpcisError`."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self._limit = limit
        self._read = 0

    def read(self, size: int = -1) -> bytes:  # pylint: disable=method-required-super  # a file
        """Return at most ``size`` bytes."""
        most = self._limit - self._read + 1
        data = self._file.read(most if size < 0 else min(size, most))
        self._read += len(data)
        if self._read > self._limit:
            raise EpcisError("too_large", limit=str(self._limit))
        return data


class JsonText:
    """The text of a JSON document, of which no more is held than the value that is read."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = Limited(file, limit)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._buffer = ""
        self._position = 0
        self._lines = 0  # those before `_counted`
        self._counted = 0
        self._ended = False

    @property
    def place(self) -> str:
        """Where reading has come to."""
        self._lines += self._buffer.count("\n", self._counted, self._position)
        self._counted = self._position
        return f"line {self._lines + 1}"

    def _place_of(self, position: int) -> str:
        lines = self._lines + self._buffer.count("\n", self._counted, position)
        return f"line {lines + 1}"

    def _more(self) -> bool:
        """Read on; false at the end."""
        if self._ended:
            return False
        # As much again as there is already, so that a long value is not tried too often.
        data = self._file.read(max(_CHUNK, len(self._buffer) - self._position))
        self._ended = not data
        self._lines += self._buffer.count("\n", self._counted, self._position)
        self._counted = 0
        try:
            text = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError:
            raise EpcisError("encoding") from None
        self._buffer = self._buffer[self._position :] + text
        self._position = 0
        return True

    def peek(self) -> str:
        """Return the next character that is no space, nothing at the end."""
        while True:
            self._position = _SPACE.match(self._buffer, self._position).end()
            if self._position < len(self._buffer):
                return self._buffer[self._position]
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        """Pass over ``character``, which must come next."""
        if self.peek() != character:
            found = self.peek()
            what = f"{shown(found)} stands for {shown(character)}" if found else "it breaks off"
            raise EpcisError("json", place=self.place, what=what)
        self._position += 1

    def value(self) -> Any:
        """Return the next value, whatever it is."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._position)
            except json.JSONDecodeError as error:
                cut_off = error.pos >= len(self._buffer) - _NEAR or error.msg.startswith(
                    "Unterminated string"
                )
                if cut_off and self._more():
                    continue
                what = f"{error.msg[:1].lower()}{error.msg[1:]}"
                raise EpcisError("json", place=self._place_of(error.pos), what=what) from None
            except EpcisError as error:
                raise EpcisError(error.code, place=self.place, **error.values) from None
            except RecursionError:
                raise EpcisError("nested", place=self.place) from None
            except ValueError:
                # Python reads no whole numbers of thousands of digits.
                what = "a number has too many digits"
                raise EpcisError("json", place=self.place, what=what) from None
            # A number that ends where the text does may go on.
            if end == len(self._buffer) and self._more():
                continue
            self._position = end
            return value

    def fields(self) -> Iterator[str]:
        """Yield the keys of the object that comes next; the caller reads each value."""
        self.take("{")
        seen: set[str] = set()
        while self.peek() != "}":
            if seen:
                self.take(",")
            if self.peek() != '"':
                raise EpcisError("json", place=self.place, what="a key is expected")
            key = self.value()
            if key in seen:
                raise EpcisError("repeated_key", place=self.place, shown=shown(key))
            seen.add(key)
            self.take(":")
            yield key
        self.take("}")

    def elements(self) -> Iterator[Any]:
        """Yield the elements of the list that comes next, each when it has been read."""
        self.take("[")
        first = True
        while self.peek() != "]":
            if not first:
                self.take(",")
            first = False
            yield self.value()
        self.take("]")

    def end(self) -> None:
        """Nothing may follow."""
        if self.peek():
            raise EpcisError("json", place=self.place, what="text follows its end")
