"""The month beside the month before and the same month of last year."""

from collections.abc import Callable
from dataclasses import dataclass

from mpp.documents.document import (
    Cell,
    Column,
    Figure,
    Figures,
    Kind,
    Paragraph,
    Section,
    Table,
    Value,
)
from mpp.documents.values import written
from mpp.documents.wording import Number
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind as Span
from mpp.number_format import format_long_day
from mpp.reports.pages.paper import LANGUAGE
from mpp.reports.rules.monthly import Monthly, Whole


@dataclass(frozen=True)
class Measure:
    """One row of the comparison."""

    key: str
    label: str
    kind: Kind
    of: Callable[[Whole], float | int | None]

    def told(self, month: Whole) -> float | int | None:
        """None where nothing was recorded: a nought would say that nobody came."""
        return self.of(month) if month.recorded.is_known else None


def part_of(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _of(figure: Callable[[Rollup], float | int | None]) -> Callable[[Whole], float | int | None]:
    return lambda month: figure(month.figures)


MEASURES = (
    Measure("issued", "Nomor diterbitkan", Kind.INTEGER, _of(lambda each: each.issued)),
    Measure("days", "Hari layanan", Kind.INTEGER, lambda month: month.recorded.days),
    Measure("a_day", "Nomor per hari layanan", Kind.INTEGER, lambda month: month.a_day),
    Measure("served", "Selesai dilayani", Kind.INTEGER, _of(lambda each: each.served)),
    Measure("left", "Batal", Kind.SHARE, _of(lambda each: part_of(each.left, each.issued))),
    Measure("no_show", "Tidak hadir", Kind.SHARE, _of(lambda each: part_of(each.no_show, each.issued))),
    Measure("wait_median", "Tunggu, median", Kind.DURATION, _of(lambda e: e.summary(Span.WAITING).median_s)),
    Measure("wait_p90", "Tunggu, P90", Kind.DURATION, _of(lambda each: each.summary(Span.WAITING).p90_s)),
    Measure("service_median", "Pelayanan, median", Kind.DURATION,
            _of(lambda e: e.summary(Span.SERVICE).median_s)),
    Measure("within_wait", "Tunggu dalam janji", Kind.SHARE, _of(lambda e: e.share_within(Span.WAITING))),
    Measure("within_service", "Pelayanan dalam janji", Kind.SHARE,
            _of(lambda e: e.share_within(Span.SERVICE))),
)  # fmt: skip
_LARGE = ("issued", "served", "wait_median", "within_service")


def compared(found: Monthly) -> Section:
    """Four figures at a glance, then every measure in the three months."""
    columns = (found.now, found.before, found.year_before)
    table = Table(
        "compared",
        "Bulan ini, bulan lalu, dan bulan yang sama tahun lalu",
        [
            Column("Ukuran", weight=3),
            Column("Bulan ini", weight=2),
            Column("Bulan lalu", weight=2),
            Column("Bulan sama tahun lalu", weight=2.2),
            Column("Perubahan dari bulan lalu", weight=2.2),
        ],
        [
            (
                each.label,
                *(Value(each.kind, each.told(column)) for column in columns),
                _difference(each, found.now, found.before),
            )
            for each in MEASURES
        ],
    )
    said = [Paragraph(each) for each in said_of_gaps(found)]
    return Section("Angka utama", [Figures(_figures(found)), *said, table])


def said_of_gaps(found: Monthly) -> list[str]:
    """Footnotes: which month was not recorded, or in part, and months of unequal numbers of days."""
    said = []
    for words, month in (
        ("Bulan ini", found.now),
        ("Bulan lalu", found.before),
        ("Bulan yang sama tahun lalu", found.year_before),
    ):
        if not month.recorded.is_known:
            said.append(f"{words} tidak tercatat di sistem ini (–).")
        elif not month.recorded.is_whole and month.recorded.since is not None:
            since = format_long_day(month.recorded.since, LANGUAGE)
            said.append(
                f"{words} baru tercatat sejak {since} ({month.recorded.days} hari layanan), jadi tidak "
                "menjadi pembanding."
            )
        elif month.recorded.days != found.now.recorded.days and month.is_measure_of(found.now):
            said.append(
                f"{words} {month.recorded.days} hari layanan, bulan ini {found.now.recorded.days}: "
                "bandingkan nomor per hari layanan."
            )
    return said


def change(kind: Kind, now: Number | None, before: Number | None) -> Value | None:
    """Of counts the share by which they grew, of shares in points, of times in minutes; None without both."""
    if now is None or before is None:
        return None
    if kind is Kind.INTEGER:
        grown = float(now) / float(before) - 1 if before else None
        return None if grown is None else Value(Kind.SHARE, grown, signed=True)
    unit = Kind.POINTS if kind is Kind.SHARE else kind
    return Value(unit, float(now) - float(before), signed=True)


def _difference(each: Measure, now: Whole, before: Whole) -> Cell:
    if not now.is_measure_of(before):
        return None
    return change(each.kind, each.of(now), each.of(before)) if before.figures.issued else None


def _figures(found: Monthly) -> list[Figure]:
    return [
        Figure(each.key, each.label, Value(each.kind, each.told(found.now)), _since(each, found))
        for each in MEASURES
        if each.key in _LARGE
    ]


def _since(each: Measure, found: Monthly) -> str:
    changed = _difference(each, found.now, found.before)
    return f"{written(changed, LANGUAGE)} dari bulan lalu" if isinstance(changed, Value) else ""
