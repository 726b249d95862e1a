"""The month beside the month before and the same month of last year."""

from collections.abc import Callable
from dataclasses import dataclass

from mpp.documents.document import Cell, Column, Figure, Figures, Kind, Section, Table, Value
from mpp.documents.values import written
from mpp.documents.wording import Number
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind as Span
from mpp.reports.pages.paper import LANGUAGE
from mpp.reports.rules.monthly import Monthly


@dataclass(frozen=True)
class Measure:
    """One row of the comparison."""

    key: str
    label: str
    kind: Kind
    of: Callable[[Rollup], float | int | None]


def part_of(part: int, whole: int) -> float | None:
    return part / whole if whole else None


MEASURES = (
    Measure("issued", "Nomor diterbitkan", Kind.INTEGER, lambda each: each.issued),
    Measure("served", "Selesai dilayani", Kind.INTEGER, lambda each: each.served),
    Measure("left", "Batal", Kind.SHARE, lambda each: part_of(each.left, each.issued)),
    Measure("no_show", "Tidak hadir", Kind.SHARE, lambda each: part_of(each.no_show, each.issued)),
    Measure("wait_median", "Tunggu, median", Kind.DURATION, lambda e: e.summary(Span.WAITING).median_s),
    Measure("wait_p90", "Tunggu, P90", Kind.DURATION, lambda each: each.summary(Span.WAITING).p90_s),
    Measure("service_median", "Pelayanan, median", Kind.DURATION, lambda e: e.summary(Span.SERVICE).median_s),
    Measure("within_wait", "Tunggu dalam janji", Kind.SHARE, lambda e: e.share_within(Span.WAITING)),
    Measure("within_service", "Pelayanan dalam janji", Kind.SHARE, lambda e: e.share_within(Span.SERVICE)),
)  # fmt: skip
_LARGE = ("issued", "served", "wait_median", "within_service")


def compared(found: Monthly) -> Section:
    """Four figures at a glance, then every measure in the three months."""
    columns = (found.total, found.before, found.year_before)
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
                *(Value(each.kind, each.of(column)) for column in columns),
                _difference(each, found.total, found.before),
            )
            for each in MEASURES
        ],
    )
    return Section("Angka utama", [Figures(_figures(found)), table])


def change(kind: Kind, now: Number | None, before: Number | None) -> Value | None:
    """Of counts the share by which they grew, of shares in points, of times in minutes; None without both."""
    if now is None or before is None:
        return None
    if kind is Kind.INTEGER:
        grown = float(now) / float(before) - 1 if before else None
        return None if grown is None else Value(Kind.SHARE, grown, signed=True)
    unit = Kind.POINTS if kind is Kind.SHARE else kind
    return Value(unit, float(now) - float(before), signed=True)


def _difference(each: Measure, now: Rollup, before: Rollup) -> Cell:
    return change(each.kind, each.of(now), each.of(before)) if before.issued else None


def _figures(found: Monthly) -> list[Figure]:
    return [
        Figure(each.key, each.label, Value(each.kind, each.of(found.total)), _since(each, found))
        for each in MEASURES
        if each.key in _LARGE
    ]


def _since(each: Measure, found: Monthly) -> str:
    changed = _difference(each, found.total, found.before)
    return f"{written(changed, LANGUAGE)} dari bulan lalu" if isinstance(changed, Value) else ""
