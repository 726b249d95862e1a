"""A chart's marks lie where its data says; no series stands in another's place."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest

from mpp.documents.chart import (
    BarChart,
    Chart,
    HeatMap,
    Histogram,
    IntervalChart,
    LineChart,
    Series,
    ShareBars,
)
from mpp.documents.charts.draw import draw
from mpp.documents.charts.rows import shade_of
from mpp.documents.charts.svg import SIZE, WIDTH, steps
from tests.documents.papers import CHARTS

SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart, key: str = "k") -> ET.Element:
    return ET.fromstring(draw(chart, key=key, title="Judul", alt="Isi", language="id"))


def marked(root: ET.Element, mark: str) -> list[dict[str, float]]:
    """Numbers of every element of this class, in the order drawn."""
    return [
        {
            key: float(value)
            for key, value in each.attrib.items()
            if re.fullmatch(r"-?[\d.]+", value)
        }
        for each in root.iter()
        if mark in each.get("class", "").split()
    ]


def heights(root: ET.Element, mark: str) -> list[float]:
    return [each["height"] for each in marked(root, mark)]


def proportional(drawn_as: Sequence[float], values: Sequence[float]) -> bool:
    ratios = [one / value for one, value in zip(drawn_as, values, strict=True) if value]
    return max(ratios) - min(ratios) < 0.01 * max(ratios)


def bars() -> BarChart:
    chart = CHARTS["bars"]
    assert isinstance(chart, BarChart)
    return chart


def test_bars_are_as_high_as_their_values_each_series_in_its_place() -> None:
    root = drawn(bars())
    assert proportional(heights(root, "series-0"), [120, 80, 200])
    assert proportional(heights(root, "series-1"), [100, 150])
    ratio = heights(root, "series-0")[0] / heights(root, "series-1")[0]
    assert ratio == pytest.approx(120 / 100, abs=0.01)
    now, before = marked(root, "series-0")[0], marked(root, "series-1")[0]
    assert now["x"] + now["width"] == pytest.approx(before["x"])


def test_the_first_series_is_filled_and_the_second_hatched_as_the_legend_says() -> None:
    root = drawn(bars())
    fills = {
        mark: {each.get("fill") for each in root.iter() if each.get("class") == mark}
        for mark in ("series-0", "series-1")
    }
    assert fills == {"series-0": {"#0b5563"}, "series-1": {"url(#k-hatch)"}}
    legend = [each for each in root if each.tag in {f"{SVG}rect", f"{SVG}text"}][:4]
    assert [legend[0].get("fill"), legend[1].text] == ["#0b5563", "2026"]
    assert [legend[2].get("fill"), legend[3].text] == ["url(#k-hatch)", "2025"]


def test_a_value_that_is_not_there_is_not_drawn_as_nothing() -> None:
    root = drawn(BarChart(["a", "b"], [Series("", [None, 0])], "n"))
    assert heights(root, "series-0") == [0.0]


def test_lines_break_where_nothing_is_known() -> None:
    chart = CHARTS["line"]
    assert isinstance(chart, LineChart)
    root = drawn(chart)
    lines = [each.get("points", "").split() for each in root.iter(f"{SVG}polyline")]
    assert [len(each) for each in lines] == [2, 5, 2, 5]
    dots = [each["cy"] for each in marked(root, "dot-0")]
    assert len(dots) == 7
    low, high = dots[0], dots[1]
    unit = (low - high) / 3
    assert dots[2] == pytest.approx(low - 4 * unit, abs=0.05), "9 lies 4 above 5"
    p90 = [each["cy"] for each in marked(root, "dot-1")]
    assert all(one > other for one, other in zip(dots, p90, strict=True)), "P90 above the median"


def test_an_intervals_ends_lie_on_either_side_of_its_value() -> None:
    chart = CHARTS["intervals"]
    assert isinstance(chart, IntervalChart)
    root = drawn(chart)
    (low,), (high,) = marked(root, "low"), marked(root, "high")
    bar = marked(root, "bar")[0]
    end = bar["x"] + bar["width"]
    assert low["x1"] < end < high["x1"]
    unit = bar["width"] / (3.2 - 1)
    assert low["x1"] == pytest.approx(bar["x"] + 2.1 * unit, abs=0.05)
    assert high["x1"] == pytest.approx(bar["x"] + 2.3 * unit, abs=0.05)
    assert len(marked(root, "bar")) == 2


def test_a_histograms_areas_are_its_counts() -> None:
    chart = CHARTS["histogram"]
    assert isinstance(chart, Histogram)
    bins = marked(drawn(chart), "bin")
    areas = [each["width"] * each["height"] for each in bins]
    assert proportional(areas, [each.count for each in chart.bins])
    marks = [each["x1"] for each in marked(drawn(chart), "mark")]
    assert marks == sorted(marks)


def test_parts_of_a_bar_follow_one_another() -> None:
    chart = CHARTS["shares"]
    assert isinstance(chart, ShareBars)
    root = drawn(chart)
    parts = [marked(root, f"part-{place}") for place in range(3)]
    assert proportional([each["width"] for each in parts[0]], [40, 10])
    first = [each[0] for each in parts]
    assert proportional([each["width"] for each in first], [40, 5, 3])
    assert first[0]["x"] + first[0]["width"] == pytest.approx(first[1]["x"], abs=0.02)


def test_cells_are_darker_for_more() -> None:
    chart = CHARTS["heat"]
    assert isinstance(chart, HeatMap)
    shades = [
        int(each.get("class", "")[-1])
        for each in drawn(chart).iter(f"{SVG}rect")
        if "cell" in each.get("class", "")
    ]
    values = [value for row in chart.values for value in row]
    assert [shade for _, shade in sorted(zip(values, shades, strict=True))] == sorted(shades)
    assert (shade_of(0, 40), shade_of(1, 40), shade_of(40, 40)) == (0, 1, 5)


@pytest.mark.parametrize("key", CHARTS)
def test_pictures_tell_what_they_are_and_stay_inside(key: str) -> None:
    root = drawn(CHARTS[key], key)
    assert (root.get("role"), root.find(f"{SVG}title").text) == ("img", "Judul")  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text == "Isi"  # type: ignore[union-attr]
    assert {each.get("id") for each in root.iter() if each.get("id")} == {
        f"{key}-{part}" for part in ("title", "desc", "hatch", "dots")
    }
    _, _, wide, tall = map(float, root.get("viewBox", "").split())
    assert wide == WIDTH
    for each in root.iter():
        assert 0 <= float(each.get("x", 0)) <= wide
        assert 0 <= float(each.get("y", 0)) <= tall + 0.01
        assert "style" not in each.attrib
        assert "font-size" not in each.attrib or each is root
    assert SIZE * 0.25 / 0.3528 >= 8, "points, where 680 units fill 170 mm"


@pytest.mark.parametrize("text", ["<b>&\"'", "]]>", "\x00\x0b\ud800", "x" * 400])
def test_words_never_leave_their_element(text: str) -> None:
    root = drawn(BarChart([text], [Series(text, [1]), Series("b", [2])], text))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "title", "desc", "defs", "pattern", "rect", "line", "circle", "text",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, [0, 1]), (4, [0, 1, 2, 3, 4]), (100, [0, 50, 100]), (101, [0, 50, 100, 150]), (0.4, None)],
)
def test_the_grid_is_round_and_reaches_the_highest(
    highest: float, expected: list[float] | None
) -> None:
    found = steps(highest)
    assert found[-1] >= highest
    assert expected is None or found == expected


def test_charts_of_nothing_are_drawn() -> None:
    for chart in (
        BarChart([], [Series("", [])], "n"),
        LineChart([], [], "n"),
        Histogram([], 5, "n"),
        HeatMap([], [], [], "n"),
        ShareBars([], [], "n"),
        IntervalChart([], 0, 1, "n"),
    ):
        assert drawn(chart).tag == f"{SVG}svg"
