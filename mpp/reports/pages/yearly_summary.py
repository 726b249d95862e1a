"""The year in sentences: what changed first, then when it was busiest and what to do."""

from mpp.documents.document import Kind, Value
from mpp.documents.values import written
from mpp.documents.wording import decimal, minutes, points, share
from mpp.metrics.pages.wire import WEEKDAYS
from mpp.number_format import format_integer, format_long_day
from mpp.reports.pages.paper import LANGUAGE
from mpp.reports.pages.yearly_workbook import month_name
from mpp.reports.rules.yearly import Peaks, UnitFigure, Year

SHORT = 0.9
"""Units that keep the promise less often are named."""


def summary(told: Year) -> list[str]:
    """Sentences, the most important first."""
    return [*_visits(told), *_times(told), *_peaks(told), *_todo(told)]


def _visits(told: Year) -> list[str]:
    now, before = told.now, told.before
    if told.since is None:
        return [f"Tahun {told.year} tidak tercatat di sistem ini."]
    said = (
        f"{_whole(now.issued)} nomor antrean diterbitkan pada {now.days} hari layanan; "
        f"{_whole(now.served)} selesai dilayani, {_whole(now.left)} batal sebelum dipanggil, "
        f"{_whole(now.no_show)} tidak hadir saat dipanggil."
    )
    if not before.issued or told.compares_short:
        return [said]
    grown = now.issued / before.issued - 1
    more = "lebih banyak" if grown >= 0 else "lebih sedikit"
    part = share(abs(grown), LANGUAGE)
    return [
        said,
        f"Itu {part} {more} daripada hari-hari yang sama tahun lalu ({_whole(before.issued)}).",
    ]


def _times(told: Year) -> list[str]:
    now, before = told.now, told.before
    said = []
    if now.waiting_median_s is not None:
        then = None if told.compares_short else before.waiting_median_s
        since = (
            "" if then is None else f" ({_minutes(now.waiting_median_s - then)} dari tahun lalu)"
        )
        median = minutes(now.waiting_median_s, LANGUAGE)
        said.append(f"Separuh yang dipanggil menunggu paling lama {median}{since}.")
    if now.within_service is not None:
        kept = None if told.compares_short else before.within_service
        change = None if kept is None else now.within_service - kept
        since = "" if change is None else f" ({points(change, LANGUAGE)} dari tahun lalu)"
        said.append(f"Pelayanan dalam janji: {share(now.within_service, LANGUAGE)}{since}.")
    return said


def _minutes(seconds: float) -> str:
    return written(Value(Kind.DURATION, seconds, signed=True), LANGUAGE)


def _peaks(told: Year) -> list[str]:
    return [] if told.peaks is None else [peaks_sentence(told.peaks)]


def peaks_sentence(peaks: Peaks) -> str:
    """The busiest of each kind."""
    mean = decimal(peaks.weekday_mean, LANGUAGE)
    return (
        f"Bulan puncak {month_name(peaks.month)} ({_whole(peaks.month_issued)} nomor); hari "
        f"puncak {WEEKDAYS[peaks.weekday - 1]} (rata-rata {mean} nomor); tanggal tersibuk "
        f"{format_long_day(peaks.day, LANGUAGE)} ({_whole(peaks.day_issued)} nomor); jam tersibuk "
        f"{peaks.hour:02d}.00–{peaks.hour:02d}.59 ({_whole(peaks.hour_issued)} nomor)."
    )


def _todo(told: Year) -> list[str]:
    short = [
        (kept, each)
        for each in told.services.rows
        if (kept := each.within_service) is not None and kept < SHORT
    ]
    if not short:
        return []
    kept, worst = min(short, key=_by_share)
    return [f"Tindakan: periksa {worst.name}: janji pelayanannya ditepati {share(kept, LANGUAGE)}."]


def _by_share(found: tuple[float, UnitFigure]) -> tuple[float, int]:
    return found[0], found[1].rank


def _whole(count: int) -> str:
    return format_integer(count, LANGUAGE)
