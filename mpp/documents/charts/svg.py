"""What charts are drawn with: marks, words and fills that differ without colour. Pure text.

One unit is a quarter of a millimetre where a chart fills a sheet's line of 170 mm: words of 12 units are
8.5 points there. Nothing is styled but by attributes, which every content security policy lets through.
"""

import math
import re
from collections.abc import Iterable, Sequence
from html import escape

from mpp.documents import wording
from mpp.documents.chart import Number

WIDTH = 680.0
SIZE = 12.0
"""Of every word."""
LETTER = 6.9
"""A letter of that size is about so wide."""
LINE = 16.0
INK, SOFT, GRID, PAPER = "#10262c", "#43565b", "#d5d2c8", "#ffffff"
FILLS = ("#0b5563", "hatch", "#bcd3d3", "dots")
"""Of the first series, the second …: dark, hatched on white, pale, dotted."""
DASHES = ("", "6 4", "2 3")
_FONT = "Atkinson Hyperlegible Next, sans-serif"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Svg:
    """A picture being drawn; `height` grows with what is put in."""

    def __init__(self, key: str, language: str) -> None:
        self.key = re.sub(r"[^a-z0-9-]", "-", key.lower())
        self.language = language
        self.height = 0.0
        self._parts: list[str] = []

    def number(self, value: Number, places: int = 0) -> str:
        return wording.decimal(value, self.language, places)

    def fill(self, place: int) -> str:
        """The fill of a series."""
        name = FILLS[place % len(FILLS)]
        return name if name.startswith("#") else f"url(#{self.key}-{name})"

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, *, mark: str = ""
    ) -> None:
        """With a thin edge, so that pale ones are seen. `mark`: a class, for whoever reads the picture."""
        named = f' class="{mark}"' if mark else ""
        self._parts.append(
            f'<rect{named} x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
            f' fill="{fill}" stroke="{INK}" stroke-width="0.6"/>'
        )

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        color: str = INK,
        width: float = 1.0,
        dash: str = "",
        mark: str = "",
    ) -> None:
        named = f' class="{mark}"' if mark else ""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line{named} x1="{start[0]:.2f}" y1="{start[1]:.2f}" x2="{end[0]:.2f}" y2="{end[1]:.2f}"'
            f' stroke="{color}" stroke-width="{width}"{dashed}/>'
        )

    def path(self, points: Sequence[tuple[float, float]], *, dash: str, mark: str) -> None:
        """A line through points."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        told = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        self._parts.append(
            f'<polyline class="{mark}" points="{told}" fill="none" stroke="{INK}"'
            f' stroke-width="2"{dashed}/>'
        )

    def dot(self, x: float, y: float, *, mark: str) -> None:
        self._parts.append(f'<circle class="{mark}" cx="{x:.2f}" cy="{y:.2f}" r="3" fill="{INK}"/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        bold: bool = False,
        color: str = INK,
        halo: bool = False,
        upright: bool = False,
    ) -> None:
        """`y`: the baseline; `halo`: white around it, over lines; `upright`: read from below."""
        weight = ' font-weight="700"' if bold else ""
        turned = f' transform="rotate(-90 {x:.2f} {y:.2f})"' if upright else ""
        place = f'x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}"{weight}{turned}'
        around = f' stroke="{PAPER}" stroke-width="3.5" paint-order="stroke"' if halo else ""
        self._parts.append(f'<text {place} fill="{color}"{around}>{safe(words)}</text>')

    def legend(self, entries: Iterable[tuple[int, str]], *, lines: bool = False) -> None:
        """A row of fills, or of dashes, with their words; takes the next line."""
        x, y = 0.0, self.height
        for place, words in entries:
            wide = 26.0 + len(words) * LETTER + 18.0
            if x and x + wide > WIDTH:
                x, y = 0.0, y + LINE
            if lines:
                dash = DASHES[place % len(DASHES)]
                self.line((x, y + 7), (x + 20, y + 7), width=2, dash=dash)
            else:
                self.rect(x, y + 1.5, 20, 11, self.fill(place))
            self.text(x + 26, y + 11.5, words)
            x += wide
        self.height = y + LINE + 8

    def document(self, title: str, alt: str) -> str:
        names = f"{self.key}-title {self.key}-desc"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {self.height:.2f}" role="img"'
            f' aria-labelledby="{names}" font-family="{_FONT}" font-size="{SIZE:g}">'
            f'<title id="{self.key}-title">{safe(title)}</title>'
            f'<desc id="{self.key}-desc">{safe(alt)}</desc>'
            f"{self._patterns()}{''.join(self._parts)}</svg>"
        )

    def _patterns(self) -> str:
        frame = 'width="6" height="6" patternUnits="userSpaceOnUse"'
        ground = f'<rect width="6" height="6" fill="{PAPER}"/>'
        return (
            f'<defs><pattern id="{self.key}-hatch" {frame} patternTransform="rotate(45)">{ground}'
            f'<line x1="0" y1="0" x2="0" y2="6" stroke="{INK}" stroke-width="2.4"/></pattern>'
            f'<pattern id="{self.key}-dots" {frame}>{ground}'
            f'<circle cx="3" cy="3" r="1.2" fill="{INK}"/></pattern></defs>'
        )


def safe(words: str) -> str:
    """Text inside an element: escaped, without what XML cannot hold."""
    return escape(_CONTROL.sub("", words))


def cut(words: str, width: float) -> str:
    """As much as fits into so many units."""
    most = max(1, int(width / LETTER))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def steps(highest: float, lines: int = 4) -> list[float]:
    """Round places from nothing to just above the highest: 1, 2 or 5 with noughts apart."""
    if highest <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(highest / lines))
    step = next(each * power for each in (1, 2, 5, 10) if each * power * lines >= highest * 0.999)
    count = math.ceil(highest / step - 1e-9)
    return [place * step for place in range(count + 1)]
