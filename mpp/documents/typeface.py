"""The typeface of papers: where it lies, and which letters it has."""

import struct
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parents[1] / "static" / "vendor" / "fonts" / "print"
"""TrueType files, copied there at set-up."""
_BREAKS = "\n\t"


def printable(text: str) -> str:
    """The text with a question mark for each letter that could not be printed: a paper shows no empty box.

    >>> printable("Dukcapil – “satu” ≤ 2"), printable("日本")
    ('Dukcapil – “satu” ≤ 2', '??')
    """
    known = letters()
    return "".join(each if each in _BREAKS or ord(each) in known else "?" for each in text)


@cache
def letters() -> frozenset[int]:
    """Code points that every cut has."""
    cuts = [_letters_of(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*cuts)


def _letters_of(font: bytes) -> frozenset[int]:
    """What the file's table of characters lists (OpenType 1.9, `cmap` of format 4)."""
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * place) for place in range(count))
    table = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    known: set[int] = set()
    for place in range(struct.unpack_from(">H", font, table + 2)[0]):
        start = table + struct.unpack_from(">L", font, table + 4 + 8 * place + 4)[0]
        if struct.unpack_from(">H", font, start)[0] == 4:
            known |= _segments(font, start)
    return frozenset(known)


def _segments(font: bytes, start: int) -> set[int]:
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    form = f">{count}H"
    ends = struct.unpack_from(form, font, start + 14)
    starts = struct.unpack_from(form, font, start + 16 + 2 * count)
    pairs = zip(starts, ends, strict=True)
    return {each for low, high in pairs for each in range(low, high + 1) if each != 0xFFFF}
