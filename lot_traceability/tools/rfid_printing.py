"""How an RFID printer is told to write a tag (ZPL).

>>> write_command("3066C4409047E140075BCD15")
'^RS8^RFW,H,1,14,1^FD30003066C4409047E140075BCD15^FS'
"""

from __future__ import annotations

_DIGITS_OF_WORD = 4
# The length of an EPC stands in the first five bits of the word before it.
_MOST_WORDS = 31


def write_command(epc: str) -> str:
    """The commands that write an EPC, in hexadecimal digits, to a Gen 2 tag.

    A tag says by the word before its EPC how long that is, and whoever only writes the EPC leaves
    there what was so; so both are written, from word 1 of the EPC bank on.

    :raise ValueError: the EPC is longer than a tag can say

    >>> write_command("F73795211411234538566CB0AFC40")
    '^RS8^RFW,H,1,18,1^FD4000F73795211411234538566CB0AFC40000^FS'
    """
    data = epc + "0" * (-len(epc) % _DIGITS_OF_WORD)
    words = len(data) // _DIGITS_OF_WORD
    if words > _MOST_WORDS:
        raise ValueError(f"an EPC has at most {_MOST_WORDS} words, not {words}")
    length = f"{words << 11:04X}"
    return f"^RS8^RFW,H,1,{2 * words + 2},1^FD{length}{data}^FS"
