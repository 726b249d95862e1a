"""The slip as lines, from a ticket. One list for paper in the browser and, later, for a printer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

Translate = Callable[[str], str]
"""Gettext: Indonesian in, the visitor's language out."""


class Width(StrEnum):
    """The paper's width in millimetres."""

    WIDE = "80"
    NARROW = "58"


class SlipWish(StrEnum):
    """What a visitor chose with the service, where a kiosk has a printer."""

    PRINT = "print"
    NONE = "none"


class Style(StrEnum):
    """How a line looks; a printer knows these as sizes, the browser as classes."""

    TITLE = "title"
    TEXT = "text"
    STRONG = "strong"
    LABEL = "label"
    SMALL = "small"
    RULE = "rule"
    QR = "qr"


@dataclass(frozen=True)
class Line:
    """One line. A rule has no text; a QR's text is what it holds."""

    style: Style
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Slip:
    """What a slip tells. No name, no kind of priority, nothing that says who the visitor is."""

    mall: str
    agency: str
    service: str
    label: str
    taken: str
    """Date and time as the mall's clocks show them."""
    is_priority: bool
    people_ahead: int | None
    minutes: tuple[int, int] | None
    """The expected wait from … to …; None when nobody can know."""
    zone: str | None
    counters: tuple[str, ...]
    """Labels of the counters that may call this ticket."""
    url: str
    """Where the visitor's phone follows the visit."""


def minutes(low_s: float, high_s: float) -> tuple[int, int]:
    """A range of seconds as whole minutes that hold it, never shorter than one minute.

    >>> minutes(130, 485)
    (2, 9)
    """
    low = int(low_s // 60)
    return low, max(1, low, -int(-high_s // 60))


def wait_text(span: tuple[int, int], _: Translate) -> str:
    """A range of minutes in words."""
    low, high = span
    if low < 1 or low == high:
        return _("paling lama %(high)s menit") % {"high": high}
    return _("%(low)s–%(high)s menit") % {"low": low, "high": high}


def joined(labels: Iterable[str], _: Translate) -> str:
    """`1`, `1 atau 2`, `1, 2 atau 3`."""
    *most, last = labels
    return _("%(most)s atau %(last)s") % {"most": ", ".join(most), "last": last} if most else last


def slip_lines(slip: Slip, _: Translate) -> Iterator[Line]:
    """The slip from top to bottom."""
    yield Line(Style.TITLE, slip.mall)
    yield Line(Style.TEXT, slip.taken)
    yield Line(Style.RULE)
    yield Line(Style.TEXT, _("Nomor antrean Anda"))
    yield Line(Style.LABEL, slip.label)
    if slip.is_priority:
        yield Line(Style.STRONG, _("Antrean prioritas"))
    yield Line(Style.STRONG, slip.service)
    yield Line(Style.TEXT, slip.agency)
    yield Line(Style.RULE)
    yield from _outlook(slip, _)
    yield from _place(slip, _)
    yield Line(Style.QR, slip.url)
    yield Line(Style.SMALL, _("Pindai dengan kamera ponsel untuk memantau antrean Anda."))
    yield Line(Style.SMALL, _("Berlaku hari ini saja. Nomor terlewat? Lapor kepada petugas."))


def _outlook(slip: Slip, _: Translate) -> Iterator[Line]:
    if slip.people_ahead == 0:
        yield Line(Style.STRONG, _("Tidak ada orang di depan Anda"))
    elif slip.people_ahead is not None:
        yield Line(Style.STRONG, _("Di depan Anda: %(n)s orang") % {"n": slip.people_ahead})
    if slip.minutes is not None:
        yield Line(
            Style.TEXT, _("Perkiraan tunggu: %(wait)s") % {"wait": wait_text(slip.minutes, _)}
        )


def _place(slip: Slip, _: Translate) -> Iterator[Line]:
    if slip.zone:
        yield Line(Style.TEXT, _("Tunggu di %(zone)s") % {"zone": slip.zone})
    if slip.counters:
        yield Line(Style.TEXT, _("Loket %(labels)s") % {"labels": joined(slip.counters, _)})
