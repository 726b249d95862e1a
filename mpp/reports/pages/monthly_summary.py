"""The month in sentences: what changed first, then what to do. Each is left out where nothing supports it."""

from mpp.documents.document import Kind
from mpp.documents.values import written
from mpp.documents.wording import minutes, share
from mpp.metrics.pages.comparison import funnel_out
from mpp.metrics.pages.hours import HourOut, hour_rows
from mpp.metrics.rules.disclosure import FEWEST
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind as Span
from mpp.number_format import format_integer
from mpp.reports.pages.monthly_compared import change, said_of_gaps
from mpp.reports.pages.paper import LANGUAGE
from mpp.reports.rules.monthly import JUDGED, Monthly
from mpp.survey.rules.unsur import QUESTIONS, Unsur

LONGER = 1.25
"""An hour whose median wait is so many times the month's is named."""


def summary(found: Monthly) -> list[str]:
    """Sentences, the most important first."""
    changed = [*_visits(found), *_waits(found), *_promises(found)]
    todo = [*_hour(found), *_service(found), *_counters(found), *_unsur(found)]
    return [*changed, *(f"Tindakan: {each}" for each in todo)]


def _whole(count: int) -> str:
    return format_integer(count, LANGUAGE)


def _visits(found: Monthly) -> list[str]:
    total = found.total
    if not found.now.recorded.is_known:
        return said_of_gaps(found)
    said = [
        f"{_whole(total.issued)} nomor antrean diterbitkan pada {len(found.visits)} hari layanan; "
        f"{_whole(total.served)} selesai dilayani, {_whole(total.left)} batal sebelum dipanggil, "
        f"{_whole(total.no_show)} tidak hadir saat dipanggil."
    ]
    beside = [
        f"{_than(total.issued, other.figures.issued)} {words} ({_whole(other.figures.issued)})"
        for words, other in (
            ("bulan lalu", found.before),
            ("bulan yang sama tahun lalu", found.year_before),
        )
        if other.figures.issued and total.issued and found.now.is_measure_of(other)
    ]
    return [
        *said,
        *([f"Nomor yang diterbitkan {'; '.join(beside)}."] if beside else []),
        *said_of_gaps(found),
    ]


def _before(found: Monthly) -> Rollup:
    """The month before; nothing of it where it was not recorded whole."""
    return found.before.figures if found.now.is_measure_of(found.before) else Rollup()


def _than(now: int, before: int) -> str:
    grown = now / before - 1
    if not grown:
        return "sama dengan"
    more = "lebih banyak" if grown > 0 else "lebih sedikit"
    return f"{share(abs(grown), LANGUAGE)} {more} daripada"


def _waits(found: Monthly) -> list[str]:
    now, before = (each.summary(Span.WAITING) for each in (found.total, _before(found)))
    if now.median_s is None:
        return []
    text = f"Separuh yang dipanggil menunggu paling lama {minutes(now.median_s, LANGUAGE)}"
    since = change(Kind.DURATION, now.median_s, before.median_s)
    text += f" ({written(since, LANGUAGE)} dari bulan lalu)" if since else ""
    return [f"{text}, sembilan dari sepuluh paling lama {minutes(now.p90_s, LANGUAGE)}."]


def _promises(found: Monthly) -> list[str]:
    said = []
    for word, kind in (("Tunggu", Span.WAITING), ("Pelayanan", Span.SERVICE)):
        now, before = (each.share_within(kind) for each in (found.total, _before(found)))
        if now is None:
            continue
        since = change(Kind.SHARE, now, before)
        beside = f" ({written(since, LANGUAGE)} dari bulan lalu)" if since else ""
        said.append(f"{word} dalam janji: {share(now, LANGUAGE)}{beside}.")
    return said


def _hour(found: Monthly) -> list[str]:
    """The hour in which people wait far longer than usual."""
    median = found.total.summary(Span.WAITING).median_s
    known = [e for e in hour_rows(found.by[By.HOUR]) if e.n >= FEWEST and e.median_s is not None]
    if not known or median is None:
        return []
    longest = max(known, key=_median)
    if _median(longest) < LONGER * median:
        return []
    return [
        f"tambah loket pada pukul {longest.hour:02d}.00–{longest.hour:02d}.59; di jam itu median tunggu "
        f"{minutes(longest.median_s, LANGUAGE)}."
    ]


def _median(each: HourOut) -> float:
    return each.median_s or 0.0


def _service(found: Monthly) -> list[str]:
    """The service that falls furthest short of what its standard aims at."""
    short: list[tuple[float, str, float, float]] = []
    for key, each in found.by[By.SERVICE].rows.items():
        service = found.mall.service_by_id.get(key) if isinstance(key, int) else None
        kept = _kept(each)
        if service is not None and kept is not None and kept < service.target_share:
            aim = service.target_share
            short.append((kept - aim, service.name.id, kept, aim))
    if not short:
        return []
    _, name, kept, aim = min(short)
    return [
        f"periksa {name}: janji pelayanannya ditepati {share(kept, LANGUAGE)}, sasarannya "
        f"{share(aim, LANGUAGE, 0)}."
    ]


def _kept(each: Rollup) -> float | None:
    return each.share_within(Span.SERVICE) if each.judged.get(Span.SERVICE, 0) >= FEWEST else None


def _counters(found: Monthly) -> list[str]:
    """Counters that keep the promise less often than chance explains."""
    told = funnel_out(found.funnel, JUDGED, Span.SERVICE, found.names)
    low = [
        each.name
        for each in told.units
        if each.verdict == "far"
        and each.adjusted is not None
        and each.adjusted < (told.share or 0.0)
    ]
    if not low:
        return []
    return [f"bicarakan dengan {', '.join(low)}: janji ditepati lebih jarang daripada kebetulan."]


def _unsur(found: Monthly) -> list[str]:
    said = found.survey.figures
    if said.ikm is None or not said.weakest:
        return []
    name = QUESTIONS[Unsur(said.weakest[0])].name
    return [f"susun tindak lanjut untuk unsur survei terlemah, {name}."]
