"""How long it took: waits by hour, the spread of services, and who keeps the promise beyond chance."""

from collections.abc import Mapping

from mpp.documents.chart import BarChart, Bin, Histogram, Interval, IntervalChart, LineChart, Series
from mpp.documents.chart import Mark as ChartMark
from mpp.documents.document import Block, Column, Kind, Paragraph, Picture, Section, Table
from mpp.documents.wording import decimal, share
from mpp.metrics.pages.comparison import FunnelOut, UnitOut, funnel_out
from mpp.metrics.pages.hours import hour_rows
from mpp.metrics.pages.period import funnel_bars
from mpp.metrics.rules.distribution import Distribution, distribution
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.histogram import Histogram as Durations
from mpp.metrics.rules.spans import Kind as Span
from mpp.reports.pages.monthly_compared import part_of
from mpp.reports.pages.monthly_loads import means
from mpp.reports.pages.paper import LANGUAGE
from mpp.reports.rules.monthly import JUDGED, Monthly

VERDICTS = {
    "usual": "wajar",
    "notable": "patut dilihat",
    "far": "jauh dari wajar",
    "alone": "tanpa pembanding",
    "small": "terlalu sedikit",
}
_MARKS = {"median": "median", "p90": "P90", "p95": "P95", "promise": "janji"}


def hours(found: Monthly) -> Section:
    """Waits by the hour in which they began, and what was taken in it."""
    title = "Waktu tunggu menurut jam"
    rows = found.by[By.HOUR].rows
    drawn = hour_rows(found.by[By.HOUR])
    if not drawn:
        return Section(title, [])
    labels = [f"{each.hour:02d}" for each in drawn]
    waits = [
        Series("median", [_minutes(each.median_s) for each in drawn]),
        Series("P90", [_minutes(each.p90_s) for each in drawn]),
    ]
    table = Table(
        "hours",
        "Nomor dan waktu tunggu menurut jam",
        [
            Column("Jam mengambil nomor", weight=2),
            Column("Nomor", Kind.INTEGER),
            Column("Tunggu, median", Kind.DURATION),
            Column("Tunggu, P90", Kind.DURATION),
            Column("Batal", Kind.SHARE),
        ],
        [
            (
                f"{each.hour:02d}.00–{each.hour:02d}.59",
                each.issued,
                each.median_s,
                each.p90_s,
                part_of(rows[each.hour].left, each.issued),
            )
            for each in drawn
            if each.issued
        ],
    )
    return Section(
        title,
        [
            Picture(
                "hours-waits",
                "Waktu tunggu menurut jam mengambil nomor, menit",
                "Dua garis tiap jam: median dan P90 waktu tunggu.",
                LineChart(labels, waits, "menit", places=1),
            ),
            Picture(
                "hours-issued",
                "Nomor yang diambil menurut jam",
                "Batang tiap jam: nomor yang diambil.",
                BarChart(labels, [Series("Nomor", [each.issued for each in drawn])], "nomor"),
            ),
            table,
            means(
                "waiting",
                "Tunggu: dari masuk antrean sampai panggilan pertama, menurut jam ketika mulai menunggu; "
                "yang pergi sebelum dipanggil tidak termasuk.",
            ),
        ],
    )


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def spread(found: Monthly) -> Section:
    """Services by how long they took."""
    title = "Sebaran waktu pelayanan"
    times = found.total.times.get(Span.SERVICE, Durations())
    promised = {each.service_s for each in found.names.promises.values() if each.service_s}
    common = promised.pop() if len(promised) == 1 else None
    told = distribution(times, common)
    if told is None:
        return Section(title, [])
    summary = found.total.summary(Span.SERVICE)
    marks = {
        "median": summary.median_s,
        "p90": summary.p90_s,
        "p95": summary.p95_s,
        "promise": common,
    }
    known = {name: seconds / 60 for name, seconds in marks.items() if seconds is not None}
    return Section(
        title,
        [
            *_promised(found, is_common=common is not None),
            Picture(
                "spread",
                f"Pelayanan menurut lamanya, banyaknya per {told.width} menit; batang terakhir terbuka",
                "Batang tiap rentang menit, dengan garis median, P90, P95 dan janji.",
                _histogram(told, known),
            ),
            _spread_table(told),
            means(
                "service-time",
                "Pelayanan: dari mulai sampai selesai, tanpa waktu ditunda. Batas atas termasuk; batang "
                "dengan kurang dari lima digabung.",
            ),
        ],
    )


def _promised(found: Monthly, *, is_common: bool) -> list[Block]:
    kept = found.total.share_within(Span.SERVICE)
    if kept is None:
        return []
    alike = "" if is_common else " Janji berbeda menurut layanan, jadi tanpa garis."
    late = share(1 - kept, LANGUAGE)
    return [Paragraph(f"{late} pelayanan melewati janji layanannya.{alike}")]


def _histogram(told: Distribution, marks: Mapping[str, float]) -> Histogram:
    return Histogram(
        [Bin(each.low, each.high, each.count) for each in told.bins],
        told.width,
        "pelayanan",
        [
            ChartMark(f"{_MARKS[name]} {decimal(minutes, LANGUAGE)}", minutes)
            for name, minutes in marks.items()
        ],
    )


def _spread_table(told: Distribution) -> Table:
    return Table(
        "spread",
        "Pelayanan menurut lamanya",
        [Column("Menit"), Column("Pelayanan", Kind.INTEGER), Column("Bagian", Kind.SHARE)],
        [
            (
                f"lebih dari {each.low}" if each.high is None else f"{each.low}–{each.high}",
                each.count,
                part_of(each.count, told.n),
            )
            for each in told.bins
        ],
    )


def promises(found: Monthly) -> Section:
    """Who keeps the promise more or less often than chance would have it."""
    title = "Menepati janji: di luar kebetulan?"
    told = funnel_out(found.funnel, JUDGED, Span.SERVICE, found.names)
    if not told.units:
        return Section(title, [])
    table = Table(
        "promises",
        "Pelayanan dalam janji menurut loket",
        [
            Column("Loket", weight=2),
            Column("Banyak", Kind.INTEGER),
            *(Column(word, Kind.SHARE) for word in ("Ditepati", "Harapan", "Disesuaikan")),
            Column("Kesimpulan", weight=1.6),
        ],
        [_unit(each) for each in told.units],
    )
    return Section(
        title,
        [
            *_funnel(told),
            table,
            means(
                "funnel",
                "Disesuaikan: bagian mal, ditambah selisih antara yang ditepati dan yang diharapkan untuk "
                "layanan yang sama. Di dalam batas 95 % perbedaannya kebetulan: tidak ada peringkat.",
            ),
        ],
    )


def _unit(each: UnitOut) -> tuple[str | int | float | None, ...]:
    many = "<5" if each.judged is None else each.judged
    return (each.name, many, each.share, each.expected, each.adjusted, VERDICTS[each.verdict])


def _funnel(told: FunnelOut) -> list[Block]:
    rows = [
        Interval(
            each.name,
            None if each.adjusted is None else min(100.0, max(0.0, each.adjusted * 100)),
            each.limits_95.low * 100,
            each.limits_95.high * 100,
        )
        for each in told.units
        if each.limits_95 is not None
    ]
    if not rows:
        return []
    begin = funnel_bars(told)[0].begin
    mall = [] if told.share is None else [ChartMark("mal", told.share * 100)]
    return [
        Picture(
            "promises",
            "Pelayanan dalam janji menurut loket, persen: titik = disesuaikan, garis = batas "
            "kebetulan 95 %",
            "Titik tiap loket; garis menunjukkan batas yang masih kebetulan.",
            IntervalChart(rows, begin, 100, "persen", mall, places=1, with_bars=False),
        )
    ]
