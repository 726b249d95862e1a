"""Charts whose values grow upwards: bars, lines, histograms."""

from collections.abc import Sequence
from dataclasses import dataclass

from mpp.documents.chart import BarChart, Bin, Histogram, LineChart, Number, Ordinate, Series
from mpp.documents.charts.svg import DASHES, GRID, LETTER, LINE, SIZE, SOFT, WIDTH, Svg, steps

LEFT, TALL = 52.0, 168.0
"""Where the axis stands, and how high the highest may be."""
_ROOM = 44.0
"""Above the highest, for its figure."""
_NEAR = SIZE + 6
"""Two figures so near each other would touch."""


@dataclass(frozen=True)
class Frame:
    """Where values and labels lie. `base`: the zero line."""

    base: float
    scale: float
    slot: float

    def y(self, value: Number) -> float:
        return self.base - float(value) * self.scale

    def middle(self, place: int) -> float:
        return LEFT + (place + 0.5) * self.slot


def draw_bars(svg: Svg, chart: BarChart) -> None:
    """Groups from left to right, in each the series in their order, every bar with its figure."""
    if len(chart.series) > 1:
        svg.legend((place, each.name) for place, each in enumerate(chart.series))
    frame = _frame(svg, chart.labels, chart.series, chart.unit, chart.places)
    wide = min(frame.slot * 0.78 / len(chart.series), 46.0)
    for at in range(len(chart.labels)):
        begin = frame.middle(at) - wide * len(chart.series) / 2
        for place, series in enumerate(chart.series):
            x, value = begin + place * wide, series.values[at]
            if value is None:
                continue
            top = frame.y(value)
            svg.rect(x, top, wide, frame.base - top, svg.fill(place), mark=f"series-{place}")
            if value:
                _figure(svg, x + wide / 2, top, svg.number(value, chart.places), wide)
    _labels(svg, frame, chart.labels)


def draw_lines(svg: Svg, chart: LineChart) -> None:
    """A dot and a figure at every value; a line from value to value, none over a gap."""
    if len(chart.series) > 1:
        svg.legend(((place, each.name) for place, each in enumerate(chart.series)), lines=True)
    frame = _frame(svg, chart.labels, chart.series, chart.unit, chart.places)
    for place, series in enumerate(chart.series):
        for run in _runs(frame, series.values):
            if len(run) > 1:
                dash = DASHES[place % len(DASHES)]
                svg.path(run, dash=dash, mark=f"line-{place}")
    for place in range(len(chart.series)):
        _dots(svg, frame, chart, place)
    _labels(svg, frame, chart.labels)


@dataclass(frozen=True)
class _Column:
    """Where a bar of a histogram lies."""

    bin: Bin
    x: float
    top: float
    wide: float


def draw_histogram(svg: Svg, chart: Histogram) -> None:
    """Bars as wide as their bounds and as high as their count in one usual width, so areas are counts."""
    marks = sorted(chart.marks, key=lambda each: each.at)
    end = chart.bins[-1].low if chart.bins else 0
    minute = (WIDTH - LEFT) / (end + chart.width)
    top = svg.height + LINE * len(marks) + 26
    base = top + TALL
    svg.text(0, svg.height + 12, chart.unit, color=SOFT)
    columns = _columns(chart, end, minute, base)
    for each in columns:
        svg.rect(each.x, each.top, each.wide, base - each.top, svg.fill(2), mark="bin")
        begins = f">{each.bin.low}" if each.bin.high is None else str(each.bin.low)
        svg.text(each.x, base + 15, begins, anchor="middle")
    for row, mark in enumerate(marks):
        x = LEFT + min(float(mark.at), end + chart.width / 2) * minute
        y = top - LINE * (len(marks) - row) - 4
        svg.line((x, y - 8), (x, base), width=2, dash=DASHES[row % len(DASHES)], mark="mark")
        turned = x > WIDTH * 0.7
        side = -6 if turned else 6
        svg.text(x + side, y, mark.name, anchor="end" if turned else "start", bold=True, halo=True)
    for each in columns:
        if each.bin.count:
            _figure(svg, each.x + each.wide / 2, each.top, svg.number(each.bin.count), each.wide)
    svg.line((LEFT, base), (WIDTH, base), width=1.2)
    svg.height = base + 22


def _columns(chart: Histogram, end: int, minute: float, base: float) -> list[_Column]:
    tallest = max((_height(each, chart.width) for each in chart.bins), default=0.0) or 1.0
    found = []
    for each in chart.bins:
        high = end + chart.width if each.high is None else each.high
        tall = TALL * _height(each, chart.width) / tallest
        found.append(
            _Column(each, LEFT + each.low * minute, base - tall, (high - each.low) * minute)
        )
    return found


def _height(each: Bin, width: int) -> float:
    return each.count if each.high is None else each.count * width / (each.high - each.low)


def _frame(
    svg: Svg, labels: Sequence[str], series: Sequence[Series], unit: str, places: int
) -> Frame:
    """The grid with its figures, the zero line, the unit above."""
    values = [float(v) for each in series for v in each.values if v is not None]
    lines = steps(max(values, default=0.0))
    base = svg.height + _ROOM + TALL
    scale = TALL / lines[-1]
    svg.text(0, svg.height + 12, unit, color=SOFT)
    fine = places or (1 if lines[1] % 1 else 0)
    for each in lines:
        y = base - each * scale
        svg.line((LEFT, y), (WIDTH, y), color=GRID, width=0.7)
        svg.text(LEFT - 6, y + 4, svg.number(each, fine), anchor="end", color=SOFT)
    svg.line((LEFT, base), (WIDTH, base), width=1.2)
    svg.height = base
    return Frame(base, scale, (WIDTH - LEFT) / max(len(labels), 1))


def _labels(svg: Svg, frame: Frame, labels: Sequence[str]) -> None:
    """Below the zero line; words that would run into each other stand upright."""
    longest = max((len(each) for each in labels), default=0) * LETTER
    upright = longest > frame.slot - 3
    for at, words in enumerate(labels):
        x = frame.middle(at)
        if upright:
            svg.text(x + 4, frame.base + 6, words, anchor="end", upright=True)
        else:
            svg.text(x, frame.base + 15, words, anchor="middle")
    svg.height = frame.base + (longest + 12 if upright else 22)


def _figure(svg: Svg, x: float, top: float, words: str, wide: float) -> None:
    """Over a bar; upright where the bar is too thin for it."""
    if len(words) * LETTER > wide + 5:
        svg.text(x + 4, top - 4, words, upright=True)
    else:
        svg.text(x, top - 4, words, anchor="middle", halo=True)


def _dots(svg: Svg, frame: Frame, chart: LineChart, place: int) -> None:
    """Dots and figures of one series: the last one's above, the others' below, where there is room."""
    is_last = place + 1 == len(chart.series)
    for at, value in enumerate(chart.series[place].values):
        if value is None:
            continue
        x, y = frame.middle(at), frame.y(value)
        svg.dot(x, y, mark=f"dot-{place}")
        near = [
            each for each in _others(chart.series, place, at) if abs(y - frame.y(each)) <= _NEAR
        ]
        if is_last or not near:
            under = not is_last and y + _NEAR < frame.base
            words = svg.number(value, chart.places)
            svg.text(x, y + SIZE + 4 if under else y - 7, words, anchor="middle", halo=True)


def _runs(frame: Frame, values: Sequence[Ordinate]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((frame.middle(at), frame.y(value)))
    return runs


def _others(series: Sequence[Series], place: int, at: int) -> list[Number]:
    found = [each.values[at] for other, each in enumerate(series) if other != place]
    return [each for each in found if each is not None]
