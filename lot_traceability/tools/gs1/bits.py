"""Reading and writing a run of bits, most significant first, for EPC tag encodings.

>>> writer = BitWriter()
>>> writer.number(0xF7, 8)
>>> writer.decimal("09")
>>> writer.hexadecimal()
'F709'
>>> reader = BitReader("F709")
>>> reader.number(8), reader.decimal(2), reader.left
(247, '09', 0)
"""

from __future__ import annotations

from .errors import GS1Error


class BitReader:
    """Takes fields from hexadecimal digits (checked by the caller)."""

    def __init__(self, hexadecimal: str) -> None:
        self._hexadecimal = hexadecimal
        self._value = int(hexadecimal, 16)
        self.left = 4 * len(hexadecimal)

    def fail(self, what: str) -> GS1Error:
        """Return the error that says ``what`` is wrong with the tag's data, and where."""
        read = 4 * len(self._hexadecimal) - self.left
        return GS1Error("epc_bits", position=read // 4, shown=self._hexadecimal, what=what)

    def number(self, width: int) -> int:
        """Take ``width`` bits as a number."""
        if width > self.left:
            raise self.fail("it is cut short")
        self.left -= width
        return (self._value >> self.left) & ((1 << width) - 1)

    def peek(self, width: int) -> int:
        """Return the next ``width`` bits, zeros beyond the end, without taking them."""
        taken = min(width, self.left)
        value = (self._value >> (self.left - taken)) & ((1 << taken) - 1)
        return value << (width - taken)

    def decimal(self, digits: int) -> str:
        """Take ``digits`` decimal digits of four bits each."""
        value = ""
        for _ in range(digits):
            if self.peek(4) > 9:
                raise self.fail("a digit is above 9")
            value += str(self.number(4))
        return value

    @property
    def rest_is_zero(self) -> bool:
        """Whether only zero bits are left."""
        return not self._value & ((1 << self.left) - 1)


class BitWriter:
    """Appends fields and gives hexadecimal digits."""

    def __init__(self) -> None:
        self._value = 0
        self._width = 0

    def number(self, value: int, width: int) -> None:
        """Append ``value`` in ``width`` bits."""
        if not 0 <= value < 1 << width:
            raise ValueError(f"{value} needs more than {width} bits")
        self._value = self._value << width | value
        self._width += width

    def decimal(self, digits: str) -> None:
        """Append decimal digits of four bits each."""
        for digit in digits:
            self.number(int(digit), 4)

    def hexadecimal(self, minimum_bits: int = 0) -> str:
        """Return upper case digits, padded with zero bits to whole digits and the minimum."""
        width = max(self._width, minimum_bits)
        width += -width % 4
        return f"{self._value << (width - self._width):0{width // 4}X}"
