"""Pictures on paper that are rows: a name, a bar or limits, and the figures beside them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mpp.evaluation.rules.instrument import TOP, Predicate
from mpp.metrics.pages.comparison import FunnelOut
from mpp.metrics.pages.period import FunnelBar, funnel_bars
from mpp.metrics.pages.work import WorkRowOut
from mpp.number_format import format_decimal, format_integer
from mpp.reports.pages.pdf import WIDTH, Paper
from mpp.reports.pages.pdf_charts import DARK, LIGHT, MID, strokes
from mpp.reports.pages.words import number, percent
from mpp.survey.rules.bars import bars, bounds
from mpp.survey.rules.result import Figures
from mpp.survey.rules.unsur import CODES, QUESTIONS, Unsur

TALL = 5.0
VERDICTS = {
    "usual": "wajar",
    "notable": "patut dilihat",
    "far": "jauh dari wajar",
    "alone": "tanpa pembanding",
    "small": "terlalu sedikit",
}


@dataclass(frozen=True)
class Row:
    """`figures` stand to the right of the strip that `draw` draws in."""

    name: str
    figures: Sequence[str]
    draw: Callable[["Strip"], None]


class Strip:
    """The picture of one row: places in percent from left to right."""

    def __init__(self, paper: Paper, left: float, top: float, width: float) -> None:
        self._paper = paper
        self._left, self._top, self._percent = left, top, width / 100

    def area(
        self, begin: float, end: float, *, grey: int, tall: float = 0.7, style: str = "F"
    ) -> None:
        """A box; `tall`: its share of the row."""
        if end <= begin:
            return
        pdf = self._paper.pdf
        pdf.set_fill_color(grey)
        with strokes(self._paper, 0.2):
            pdf.rect(
                self._left + begin * self._percent, self._top + TALL * (1 - tall) / 2,
                (end - begin) * self._percent, TALL * tall, style=style,
            )  # fmt: skip

    def line(self, at: float, *, width: float, dash: str = "median", tall: float = 1.0) -> None:
        """Upright."""
        x, margin = self._left + at * self._percent, TALL * (1 - tall) / 2
        with strokes(self._paper, width, dash=dash):
            self._paper.pdf.line(x, self._top + margin, x, self._top + TALL - margin)

    def span(self, begin: float, end: float, *, width: float) -> None:
        """Lying, in the middle."""
        middle = self._top + TALL / 2
        with strokes(self._paper, width):
            self._paper.pdf.line(
                self._left + begin * self._percent, middle, self._left + end * self._percent, middle
            )


def rows(
    paper: Paper, caption: str, head: Sequence[str], found: Sequence[Row], widths: Sequence[float]
) -> None:
    """`head`: above the name and each figure; `widths`: millimetres of the name and each figure."""
    paper.figure(caption, min(len(found) + 1, 8) * TALL)
    left = float(paper.pdf.l_margin)
    room = WIDTH - sum(widths) - 2
    _head(paper, head, widths, room)
    for row in found:
        if paper.pdf.will_page_break(TALL):
            paper.pdf.add_page()
            _head(paper, head, widths, room)
        top = float(paper.pdf.get_y())
        paper.letter(left, top + 3.6, paper.cut(row.name, widths[0] - 2, 8), 8)
        row.draw(Strip(paper, left + widths[0], top, room))
        _figures(paper, row.figures, widths, room, top)
        paper.below(top + TALL)
    paper.below(float(paper.pdf.get_y()) + 2)


def _head(paper: Paper, head: Sequence[str], widths: Sequence[float], room: float) -> None:
    top = float(paper.pdf.get_y())
    paper.letter(float(paper.pdf.l_margin), top + 3.6, head[0], 7.5, bold=True)
    _figures(paper, head[1:], widths, room, top, is_bold=True)
    paper.below(top + TALL)


def _figures(
    paper: Paper,
    figures: Sequence[str],
    widths: Sequence[float],
    room: float,
    top: float,
    *,
    is_bold: bool = False,
) -> None:
    x = paper.pdf.l_margin + widths[0] + room + 2
    for text, width in zip(figures, widths[1:], strict=True):
        x += width
        paper.letter(x, top + 3.6, text, 7.5, align="R", bold=is_bold)


# -- what is drawn ---------------------------------------------------------------------------------


def loads(paper: Paper, found: Sequence[tuple[str, int, int, int, int]]) -> None:
    """Name, issued, served, left, no-show: the parts of a bar as long as what was issued."""
    most = max((issued for _, issued, *_ in found), default=0) or 1

    def row(name: str, issued: int, served: int, left: int, no_show: int) -> Row:
        def draw(strip: Strip) -> None:
            one = served / most * 100
            two, three = one + left / most * 100, one + (left + no_show) / most * 100
            strip.area(0, one, grey=DARK)
            strip.area(one, two, grey=255, style="DF")
            strip.area(two, three, grey=MID, tall=0.35)
            strip.area(three, issued / most * 100, grey=LIGHT, tall=0.35, style="DF")

        return Row(name, [format_integer(each) for each in (issued, served, left, no_show)], draw)

    rows(
        paper,
        "Nomor tiap instansi: gelap = selesai, putih = batal, abu-abu tipis = tidak hadir, "
        "terang tipis = lainnya.",
        ("Instansi", "Nomor", "Selesai", "Batal", "Tak hadir"),
        [row(*each) for each in found],
        (58, 14, 15, 13, 15),
    )


def work(paper: Paper, found: Sequence[WorkRowOut]) -> None:
    """Time open as a frame, time serving in it."""
    most = max((max(each.open_s, each.serving_s) for each in found), default=0.0) or 1.0

    def row(each: WorkRowOut) -> Row:
        def draw(strip: Strip) -> None:
            strip.area(0, each.open_s / most * 100, grey=255, tall=0.8, style="DF")
            strip.area(0, each.serving_s / most * 100, grey=DARK, tall=0.4)

        hour = each.served_per_hour
        told = [
            format_decimal(each.open_s / 3600),
            format_decimal(each.serving_s / 3600),
            format_integer(each.served),
        ]
        per_hour = "-" if hour is None else format_decimal(hour)
        return Row(each.name, [*told, percent(each.utilisation), per_hour], draw)

    rows(
        paper,
        "Kerja loket: bingkai = jam buka, isi gelap = jam melayani.",
        ("Loket", "Buka, jam", "Melayani, jam", "Pelayanan", "Kesibukan", "Per jam"),
        [row(each) for each in found],
        (40, 17, 22, 18, 18, 14),
    )


def unsur(paper: Paper, figures: Figures) -> None:
    """Means of 1–4 with their 95 % intervals, the three weakest pale."""
    marks = bounds()[1:]
    places = {each.figure.unsur: each for each in bars(figures)}

    def row(key: str) -> Row:
        bar = places[key]

        def draw(strip: Strip) -> None:
            strip.area(0, bar.end or 0.0, grey=LIGHT if bar.is_weak else MID, style="DF")
            for each in marks:
                strip.line(each.at, width=0.2, dash="p95")
            if bar.low is not None and bar.high is not None:
                strip.span(bar.low, bar.high, width=0.6)
                strip.line(bar.low, width=0.5, tall=0.5)
                strip.line(bar.high, width=0.5, tall=0.5)

        told = bar.figure
        name = f"{CODES[Unsur(key)].upper()} {QUESTIONS[Unsur(key)].name}"
        sure = "-" if told.low is None else f"{number(told.low)}-{number(told.high)}"
        return Row(name, [number(told.nrr), sure, format_integer(told.answered)], draw)

    letters = ", ".join(each.letter for each in marks)
    rows(
        paper,
        "Nilai rata-rata tiap unsur (skala 1-4) dengan selang 95 %; terang = tiga terendah; "
        f"titik-titik = batas mutu {letters}.",
        ("Unsur", "NRR", "95 %", "Menjawab"),
        [row(each.unsur) for each in figures.unsur],
        (66, 12, 22, 16),
    )


def funnel(paper: Paper, told: FunnelOut) -> None:
    """Adjusted shares with the limits of chance."""
    scale, found = funnel_bars(told)

    def draw_of(bar: FunnelBar | None) -> Callable[[Strip], None]:
        def draw(strip: Strip) -> None:
            if bar is None:
                return
            strip.span(bar.low_998, bar.high_998, width=0.5)
            strip.area(bar.low_95, bar.high_95, grey=LIGHT, tall=0.6, style="DF")
            strip.line(scale.mall, width=0.3, dash="p95")
            strip.line(bar.own, width=1.2, tall=0.9)

        return draw

    rows(
        paper,
        f"Pelayanan dalam janji menurut loket, {scale.begin}-100 %: tanda tebal = disesuaikan, kotak = batas "
        f"95 %, garis = batas 99,8 %, titik-titik = mal ({percent(told.share)}).",
        ("Loket", "Banyak", "Ditepati", "Harapan", "Disesuaikan", "Kesimpulan"),
        [
            Row(
                each.name,
                [
                    "<5" if each.judged is None else format_integer(each.judged),
                    *(percent(value) for value in (each.share, each.expected, each.adjusted)),
                    VERDICTS[each.verdict],
                ],
                draw_of(bar),
            )
            for each, bar in found
        ],
        (24, 13, 15, 15, 18, 27),
    )


def ipp(paper: Paper, index: Decimal, predicates: Sequence[Predicate]) -> None:
    """The index on its scale with where each predicate begins."""
    percent_of = Decimal(100) / TOP
    starts = [each for each in predicates if each.lowest > 0]

    def draw(strip: Strip) -> None:
        strip.area(0, 100, grey=255, tall=0.5, style="DF")
        strip.area(0, float(index * percent_of), grey=DARK, tall=0.5)
        for each in starts:
            strip.line(float(each.lowest * percent_of), width=0.3, dash="p95")

    named = ", ".join(f"{each.letter} {format_decimal(each.lowest, 2)}" for each in starts)
    rows(
        paper,
        f"Indeks Pelayanan Publik, skala 0-{TOP}; titik-titik: mulai predikat ({named}).",
        ("", "IPP"),
        [Row("IPP", [format_decimal(index, 2)], draw)],
        (14, 14),
    )
