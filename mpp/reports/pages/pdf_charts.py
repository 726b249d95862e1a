"""Pictures on paper, drawn from the same geometry as those on the screen; read in black and white."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from mpp.metrics.pages.heat import Heat
from mpp.metrics.pages.hours import HourOut
from mpp.metrics.rules.charts import Hour, hour_chart
from mpp.metrics.rules.distribution import Distribution, DistributionChart, distribution_chart
from mpp.number_format import format_decimal, format_integer, format_weekday
from mpp.reports.pages.pdf import INK, WIDTH, Paper

LIGHT, GRID, MID, DARK = 232, 200, 150, 60
"""Greys: light enough for words on it, of lines to read by, between, and dark."""
_SHADES = (255, 242, 226, 206, 180, 70)
"""A heat map's cells from nothing to the busiest, whose words are white."""
_PIXEL = 0.25
"""Millimetres of a picture's pixel: 720 of them fill the line."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DASHES = {"median": (0.0, 0.0), "p90": (2.4, 1.4), "p95": (0.6, 1.0), "promise": (0.0, 0.0)}
"""Length of a stroke and of the gap after it, millimetres; the promise is a double line."""
MARKS = {"median": "median", "p90": "P90", "p95": "P95", "promise": "janji"}


@contextmanager
def strokes(
    paper: Paper, width: float, *, grey: int | None = None, dash: str = "median"
) -> Iterator[None]:
    """Lines of this width, grey and dash; thin ink again afterwards."""
    length, gap = DASHES[dash]
    paper.pdf.set_line_width(width)
    paper.pdf.set_draw_color(*(INK if grey is None else (grey,)))
    paper.pdf.set_dash_pattern(length, gap)
    yield
    paper.pdf.set_dash_pattern()
    paper.pdf.set_line_width(0.2)
    paper.pdf.set_draw_color(*INK)


def visits(paper: Paper, month: Sequence[date], counts: Mapping[date, int]) -> None:
    """A bar a day with its count above; days without any stay empty."""
    height, left = 46.0, paper.pdf.l_margin
    top = paper.figure(
        "Nomor yang diterbitkan tiap hari; hari tanpa angka: tidak ada.", height + 10
    )
    slot, base = WIDTH / len(month), top + height
    most = max(counts.values(), default=0) or 1
    for place, day in enumerate(month):
        count, middle = counts.get(day, 0), left + (place + 0.5) * slot
        if count:
            tall = (height - 6) * count / most
            paper.pdf.set_fill_color(DARK)
            paper.pdf.rect(middle - slot * 0.36, base - tall, slot * 0.72, tall, style="F")
            paper.letter(middle, base - tall - 1, format_integer(count), 6, align="C")
        paper.letter(middle, base + 3, str(day.day), 6.5, align="C")
        paper.letter(middle, base + 6, format_weekday(day), 5.5, align="C")
    with strokes(paper, 0.3):
        paper.pdf.line(left, base, left + WIDTH, base)
    paper.below(base + 8)


def hours(paper: Paper, rows: Sequence[HourOut]) -> None:
    """The median as a line, up to P90 as an area; numbers taken below."""
    chart = hour_chart(
        [Hour(each.hour, each.issued, each.n, each.median_s, each.p90_s) for each in rows],
        width=720,
        height=300,
    )
    top = paper.figure(
        "Waktu tunggu menurut jam, menit: garis = median, daerah = sampai P90; di bawahnya nomor diambil.",
        chart.height * _PIXEL,
    )
    at = _scaled(paper, top)
    for y, minutes in chart.grid:
        with strokes(paper, 0.1, grey=GRID):
            paper.pdf.line(*at(chart.left, y), *at(chart.right, y))
        paper.letter(at(chart.left - 8, 0)[0], at(0, y + 4)[1], format_integer(minutes), align="R")
    for band in chart.bands:
        paper.pdf.set_fill_color(LIGHT)
        with strokes(paper, 0.2, grey=MID):
            paper.pdf.polygon([at(x, y) for x, y in _corners(band)], style="DF")
    for line in chart.lines:
        with strokes(paper, 0.8):
            paper.pdf.polyline([at(x, y) for x, y in _corners(line)])
    for point in chart.points:
        x, y = at(point.x, point.y)
        paper.pdf.set_fill_color(*INK)
        paper.pdf.circle(x, y, 0.8, style="F")
        paper.letter(x, y - 1.6, format_decimal(point.minutes), 6.5, align="C", bold=True)
        if not point.is_close:
            paper.letter(
                x, at(0, point.top)[1] - 1, format_decimal(point.top_minutes), 6.5, align="C"
            )
    for bar in chart.bars:
        paper.pdf.set_fill_color(DARK)
        paper.pdf.rect(*at(bar.x, bar.y), bar.width * _PIXEL, bar.height * _PIXEL, style="F")
        middle = at(bar.middle, 0)[0]
        paper.letter(middle, at(0, bar.y)[1] - 0.8, format_integer(bar.count), 6.5, align="C")
        paper.letter(middle, at(0, chart.floor)[1] + 3.2, f"{bar.hour:02d}", align="C")
    paper.below(top + chart.height * _PIXEL)


def heat(paper: Paper, found: Heat) -> None:
    """A cell for every hour of every weekday, darker for more, its count in it."""
    left, name, tall = paper.pdf.l_margin, 20.0, 6.0
    rows = [row for row in found.rows if any(cell.count for cell in row.cells)]
    top = paper.figure(
        "Nomor yang diambil menurut hari dan jam; makin gelap makin banyak, angka di dalamnya.",
        tall * (len(rows) + 1),
    )
    wide = (WIDTH - name) / len(found.hours)
    for place, hour in enumerate(found.hours):
        paper.letter(left + name + (place + 0.5) * wide, top + 4, f"{hour:02d}", align="C")
    for line, row in enumerate(rows, 1):
        y = top + line * tall
        paper.letter(left, y + 4, row.weekday, 8)
        for place, cell in enumerate(row.cells):
            x, strongest = left + name + place * wide, cell.shade == len(_SHADES) - 1
            paper.pdf.set_fill_color(_SHADES[cell.shade])
            with strokes(paper, 0.1, grey=MID):
                paper.pdf.rect(x, y, wide, tall, style="DF")
            if cell.count:
                paper.letter(
                    x + wide / 2, y + 4, format_integer(cell.count), 7.5, align="C", bold=strongest,
                    grey=255 if strongest else 0,
                )  # fmt: skip
    paper.below(top + tall * (len(rows) + 1) + 2)


def spread(paper: Paper, caption: str, found: Distribution, marks: Mapping[str, float]) -> None:
    """Bars of minutes with their counts; quantiles and the promise as lines with their words."""
    chart = distribution_chart(found, marks, width=720, height=280)
    top = paper.figure(caption, chart.height * _PIXEL)
    at = _scaled(paper, top)
    for each in chart.columns:
        paper.pdf.set_fill_color(LIGHT)
        with strokes(paper, 0.3, dash="median" if each.bin.high else "p90"):
            paper.pdf.rect(
                *at(each.x, each.y), each.width * _PIXEL, each.height * _PIXEL, style="DF"
            )
    for x, minutes in chart.ticks:
        is_open = minutes == found.end
        paper.letter(*at(x, chart.base + 16), f"{'>' if is_open else ''}{minutes}", align="C")
    _uprights(paper, chart, at)
    for each in chart.columns:
        if each.bin.count:
            above, count = at(each.middle, each.y - 4), format_integer(each.bin.count)
            paper.letter(*above, count, 6.5, align="C", on_white=True)
    for mark in chart.marks:
        x, y = at(mark.x + (-6 if mark.is_left else 6), mark.y)
        words = f"{MARKS[mark.name]} {format_decimal(mark.minutes)}"
        paper.letter(x, y, words, 7.5, align="R" if mark.is_left else "L", bold=True, on_white=True)
    with strokes(paper, 0.3):
        paper.pdf.line(*at(chart.left, chart.base), *at(chart.right, chart.base))
    paper.letter(*at(chart.right, chart.base + 32), "menit", align="R")
    paper.below(top + chart.height * _PIXEL)


def _uprights(paper: Paper, chart: DistributionChart, at: "_scaled") -> None:
    """The lines of its marks."""
    for mark in chart.marks:
        upright = (*at(mark.x, mark.y - 8), *at(mark.x, chart.base))
        is_promise = mark.name == "promise"
        with strokes(paper, 1.4 if is_promise else 0.5, dash=mark.name):
            paper.pdf.line(*upright)
        if is_promise:
            with strokes(paper, 0.5, grey=255):
                paper.pdf.line(*upright)


class _scaled:  # noqa: N801 - used as the function that it makes
    """From a picture's pixels to millimetres of the sheet."""

    def __init__(self, paper: Paper, top: float) -> None:
        self._left, self._top = float(paper.pdf.l_margin), top

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * _PIXEL, self._top + y * _PIXEL


def _corners(path: str) -> list[tuple[float, float]]:
    """The corners of a path of straight lines, as `charts` writes them."""
    numbers = [float(each) for each in _NUMBER.findall(path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
