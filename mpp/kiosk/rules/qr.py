"""The QR of a visit as one SVG path."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

ROOM = {3: 42, 4: 62, 5: 84, 6: 106, 7: 122, 8: 152, 9: 180, 10: 213}
"""Version → bytes that it holds at error correction M (15 %), from ISO/IEC 18004 table 7."""
MASK = 2
"""Any mask is valid; a fixed one saves trying all eight, which takes most of the time."""
QUIET = 4
"""Modules of white around it that the standard asks for."""


@dataclass(frozen=True)
class QrCode:
    """A square of `size` modules, its quiet zone included, and the dark ones as an SVG path."""

    size: int
    path: str


@lru_cache(maxsize=1024)
def qr_code(text: str) -> QrCode:
    """The QR of a text. Takes 3–8 ms the first time: call it off the event loop.

    Versions grow with the text up to 10, so that one installation's codes all look alike; what is
    longer takes whatever version it needs.
    """
    # With its picture library it would be a fortieth of every start.
    import qrcode  # noqa: PLC0415 - see above
    from qrcode.constants import ERROR_CORRECT_M  # noqa: PLC0415 - see above
    from qrcode.util import MODE_8BIT_BYTE, QRData  # noqa: PLC0415 - see above

    data = text.encode()
    version = next((each for each, room in ROOM.items() if len(data) <= room), None)
    code = qrcode.QRCode(
        version=version, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK
    )
    code.add_data(QRData(data, mode=MODE_8BIT_BYTE))
    code.make(fit=version is None)
    return QrCode(len(code.modules) + 2 * QUIET, _path(code.modules))


def _path(modules: list[list[bool]]) -> str:
    """Each run of dark modules in a row is one rectangle."""
    parts = []
    for y, row in enumerate(modules, QUIET):
        x = QUIET
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                parts.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(parts)
