"""Charts that are rows: a name, then a bar, an interval or cells."""

from collections.abc import Callable

from mpp.documents.chart import HeatMap, Interval, IntervalChart, Number, ShareBars
from mpp.documents.charts.svg import INK, LINE, PAPER, SOFT, WIDTH, Svg, cut

NAME, FIGURE = 214.0, 60.0
"""Room for a row's name, and for a figure at its end."""
ROW = 24.0
_SHADES = ("#ffffff", "#eef4f3", "#d3e3e2", "#a3c3c4", "#5f929b", "#0b5563")
_Place = Callable[[Number], float]
_DARK = 4
"""From this shade on words are white."""


def draw_intervals(svg: Svg, chart: IntervalChart) -> None:
    """The value as a bar's end, its interval as a line with ends across it, marks as dotted lines."""
    left, room = NAME, WIDTH - NAME - FIGURE - 10
    scale = room / (float(chart.highest) - float(chart.lowest))

    def x_of(value: Number) -> float:
        inside = min(max(float(value), float(chart.lowest)), float(chart.highest))
        return left + (inside - float(chart.lowest)) * scale

    top = svg.height + LINE + 6
    bottom = top + ROW * len(chart.rows)
    svg.text(0, svg.height + 12, chart.unit, color=SOFT)
    for each in chart.marks:
        x = x_of(each.at)
        svg.line((x, top - 2), (x, bottom), color=SOFT, dash="2 3", mark="mark")
        svg.text(x, top - 6, each.name, anchor="middle", color=SOFT)
    for place, row in enumerate(chart.rows):
        _interval(svg, chart, row, top + place * ROW, x_of)
    svg.line((left, top), (left, bottom), width=1.2)
    low, high = (svg.number(each, 0) for each in (chart.lowest, chart.highest))
    svg.text(left, bottom + 14, low, anchor="middle", color=SOFT)
    svg.text(left + room, bottom + 14, high, anchor="middle", color=SOFT)
    svg.height = bottom + 22


def _interval(svg: Svg, chart: IntervalChart, row: Interval, y: float, x_of: _Place) -> None:
    middle = y + ROW / 2
    svg.text(0, middle + 4, cut(row.name, NAME - 8))
    if row.value is not None and chart.with_bars:
        svg.rect(NAME, y + 5, x_of(row.value) - NAME, ROW - 10, svg.fill(2), mark="bar")
    if row.low is not None and row.high is not None:
        low, high = x_of(row.low), x_of(row.high)
        svg.line((low, middle), (high, middle), width=2, mark="interval")
        for x, mark in ((low, "low"), (high, "high")):
            svg.line((x, middle - 6), (x, middle + 6), width=2, mark=mark)
    if row.value is not None and not chart.with_bars:
        svg.dot(x_of(row.value), middle, mark="dot")
    words = "–" if row.value is None else svg.number(row.value, chart.places)
    svg.text(WIDTH, middle + 4, words, anchor="end", bold=True)


def draw_shares(svg: Svg, chart: ShareBars) -> None:
    """Parts one after another, the longest bar as long as there is room; the sum at the end."""
    svg.legend((place, each.name) for place, each in enumerate(chart.parts))
    sums = [
        sum(float(part.values[at] or 0) for part in chart.parts) for at in range(len(chart.rows))
    ]
    scale = (WIDTH - NAME - FIGURE) / (max(sums, default=0.0) or 1.0)
    for at, name in enumerate(chart.rows):
        y, x = svg.height + at * ROW, NAME
        svg.text(0, y + 16, cut(name, NAME - 8))
        for place, part in enumerate(chart.parts):
            wide = float(part.values[at] or 0) * scale
            if wide:
                svg.rect(x, y + 4, wide, ROW - 8, svg.fill(place), mark=f"part-{place}")
            x += wide
        svg.text(x + 6, y + 16, svg.number(sums[at]), bold=True)
    svg.height += ROW * len(chart.rows) + 6


def draw_heat(svg: Svg, chart: HeatMap) -> None:
    """A figure in every cell that has any, so that no shade has to be guessed."""
    name = 74.0
    wide = (WIDTH - name) / max(len(chart.columns), 1)
    most = max((value for row in chart.values for value in row), default=0) or 1
    svg.text(0, svg.height + 14, chart.unit, color=SOFT)
    top = svg.height + 20
    for place, words in enumerate(chart.columns):
        svg.text(name + (place + 0.5) * wide, top - 4, words, anchor="middle", color=SOFT)
    for line, (words, values) in enumerate(zip(chart.rows, chart.values, strict=True)):
        y = top + line * ROW
        svg.text(0, y + 16, cut(words, name - 4))
        for place, value in enumerate(values):
            shade = shade_of(value, most)
            svg.rect(name + place * wide, y, wide, ROW, _SHADES[shade], mark=f"cell shade-{shade}")
            if value:
                color = PAPER if shade >= _DARK else INK
                middle = name + (place + 0.5) * wide
                svg.text(middle, y + 16, svg.number(value), anchor="middle", color=color)
    svg.height = top + ROW * len(chart.rows) + 6


def shade_of(value: int, most: int) -> int:
    """0 for nothing, else 1 to the darkest by its part of the most."""
    if not value:
        return 0
    last = len(_SHADES) - 1
    return min(last, 1 + value * last // (most + 1))
