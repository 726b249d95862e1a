"""The one way from a chart's data to its picture."""

from mpp.documents.chart import (
    BarChart,
    Chart,
    HeatMap,
    Histogram,
    IntervalChart,
    LineChart,
    ShareBars,
)
from mpp.documents.charts.rows import draw_heat, draw_intervals, draw_shares
from mpp.documents.charts.svg import Svg
from mpp.documents.charts.upright import draw_bars, draw_histogram, draw_lines


def draw(chart: Chart, *, key: str, title: str, alt: str, language: str) -> str:
    """A whole SVG document, 680 wide, with its title and what it tells as text.

    `key`: distinguishes the patterns of several pictures on one page. The same data gives the same text.
    """
    svg = Svg(key, language)
    match chart:
        case BarChart():
            draw_bars(svg, chart)
        case LineChart():
            draw_lines(svg, chart)
        case Histogram():
            draw_histogram(svg, chart)
        case IntervalChart():
            draw_intervals(svg, chart)
        case HeatMap():
            draw_heat(svg, chart)
        case ShareBars():
            draw_shares(svg, chart)
    return svg.document(title, alt)
