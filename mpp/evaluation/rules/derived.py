"""Levels that the system finds by itself, with the sentence why and the numbers it stands on.

A derived level is a proposal: it stands beside the unit's own level and replaces nothing until somebody
takes it over. Where the forms ask for what no database can know, the rule stays at the lower level and
says so. `why` is a text to be translated, `numbers` what belongs into it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mpp.evaluation.rules.instrument import TOP, Indicator
from mpp.texts import marked


@dataclass(frozen=True, slots=True)
class Derived:
    """`level` None: nothing can be said (yet). `source`: where the numbers come from."""

    level: int | None
    why: str
    source: str
    numbers: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return self.why % self.numbers if self.numbers else self.why


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A published survey result and its follow-up plan. `done`: the days on which actions were closed."""

    issued: date
    media: int
    planned: int
    done: Sequence[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the database knows of one mall in one year."""

    respondents: int = 0
    report: Report | None = None
    """The year's last one."""
    hours_are_published: bool = False
    open_days: int = 0
    """Since the year's first number, by the calendar."""
    looked_at: int = 0
    """The last days with numbers, as many as are read event by event: the next three are of these."""
    days_called_at_noon: int = 0
    """Days on which a number was called between 12.00 and 13.00."""
    days_served_beyond: int = 0
    """Weekdays on which a number was called well outside the usual week's hours."""
    weekend_days: int = 0
    """Saturdays and Sundays on which a number was called."""
    kiosks: int = 0
    displays: int = 0
    visits_online: int = 0
    """Numbers taken on the web, in the days looked at."""
    services: int = 0
    complete_services: int = 0
    """Those with requirements, time and product, so that the public reads all of it."""
    live_days: int = 0
    """Open days on which boards and phones showed a moving queue."""
    officers_measured: int = 0
    """Officers with figures of their own."""


NOON_SHARE = 0.5
DAILY_SHARE, WEEKLY_SHARE, MONTHLY_SHARE = 0.95, 0.2, 0.05
REGULAR_DAYS = 12
"""As many extra days in a year are held to be regular: once a month."""
NO_DATA = marked("Belum ada data: meja pengaduan belum dipakai di sistem ini.")
COMPLAINT_KEYS = ("complaint_records", "complaint_follow_up", "complaint_speed")


def derive(indicator: Indicator, facts: Facts) -> Derived | None:
    """None when this indicator has no rule."""
    rule = RULES.get(indicator.derived or "")
    return rule(facts) if rule else None


def _skm(facts: Facts) -> Derived:
    source = marked("jawaban survei, hasil yang diterbitkan, tindak lanjut")
    report = facts.report
    if report is None:
        if not facts.respondents:
            return Derived(0, marked("Belum ada survei pada tahun ini."), source)
        return Derived(
            1,
            marked(
                "%(n)s orang menjawab survei sembilan unsur, tetapi hasilnya belum diterbitkan."
            ),
            source,
            {"n": facts.respondents},
        )
    numbers: dict[str, int | str] = {
        "n": facts.respondents,
        "date": report.issued.isoformat(),
        "media": report.media,
        "done": len(report.done),
        "planned": report.planned,
    }
    if not report.media:
        why = marked("Hasil survei diterbitkan %(date)s, belum diumumkan di satu media pun.")
        return Derived(2, why, source, numbers)
    if report.media == 1:
        why = marked("Hasil survei diterbitkan %(date)s di satu media.")
        return Derived(3, why, source, numbers)
    if not report.done:
        why = marked(
            "Hasil survei diterbitkan %(date)s di %(media)s media; "
            "belum ada tindak lanjut yang selesai."
        )
        return Derived(4, why, source, numbers)
    why = marked(
        "Hasil survei diterbitkan %(date)s di %(media)s media; "
        "%(done)s dari %(planned)s tindak lanjut selesai."
    )
    return Derived(5, why, source, numbers)


def _follow_up_share(facts: Facts) -> Derived:
    source = marked("rencana tindak lanjut survei")
    report = facts.report
    if report is None or not report.planned:
        return Derived(0, marked("Belum ada rencana tindak lanjut survei."), source)
    done, planned = len(report.done), report.planned
    # 0 done; < 30 %; 30–80 %; > 80 %; all of it
    level = 1 + sum((done > 0, done * 10 >= planned * 3, done * 10 > planned * 8, done == planned))
    return Derived(
        level,
        marked("%(done)s dari %(planned)s tindak lanjut survei selesai (%(share)s persen)."),
        source,
        {"done": done, "planned": planned, "share": done * 100 // planned},
    )


DEADLINES = ((1, 5), (3, 4), (6, 3), (9, 2), (12, 1))
"""All done within so many months after the report → level."""


def _follow_up_speed(facts: Facts) -> Derived:
    source = marked("hasil survei yang diterbitkan, tindak lanjut")
    report = facts.report
    if report is None or not report.planned:
        return Derived(0, marked("Belum ada rencana tindak lanjut survei."), source)
    open_ = report.planned - len(report.done)
    if open_:
        return Derived(
            0, marked("%(open)s tindak lanjut survei belum selesai."), source, {"open": open_}
        )
    last = max(report.done)
    level = next(
        (level for months, level in DEADLINES if last <= months_after(report.issued, months)), 0
    )
    return Derived(
        level,
        marked(
            "Semua tindak lanjut selesai %(last)s, %(days)s hari setelah hasil survei diterbitkan."
        ),
        source,
        {"last": last.isoformat(), "days": (last - report.issued).days},
    )


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def _hours(facts: Facts) -> Derived:
    source = marked("jam buka, hari khusus, riwayat panggilan")
    if not facts.hours_are_published:
        return Derived(0, marked("Jam pelayanan belum diatur."), source)
    no_break = 0 < facts.looked_at * NOON_SHARE <= facts.days_called_at_noon
    elements = [
        no_break,
        facts.days_served_beyond > 0,
        facts.weekend_days > 0,
        facts.weekend_days >= REGULAR_DAYS,
    ]
    return Derived(
        min(TOP, 1 + sum(elements)),
        marked(
            "Jam pelayanan diumumkan; memanggil pukul 12–13 pada %(noon)s dari %(days)s hari terakhir; "
            "di luar jam biasa %(beyond)s hari; Sabtu atau Minggu %(weekend)s hari."
        ),
        source,
        {
            "noon": facts.days_called_at_noon,
            "days": facts.looked_at,
            "beyond": facts.days_served_beyond,
            "weekend": facts.weekend_days,
        },
    )


def _information(facts: Facts) -> Derived:
    source = marked("perangkat terdaftar, daftar layanan, nomor antrean")
    numbers: dict[str, int | str] = {
        "kiosks": facts.kiosks,
        "displays": facts.displays,
        "services": facts.services,
        "online": facts.visits_online,
    }
    if facts.services:
        return Derived(
            4 if facts.visits_online else 3 if facts.kiosks or facts.displays else None,
            marked(
                "%(services)s layanan dengan syaratnya di %(kiosks)s kios dan %(displays)s layar; "
                "%(online)s nomor diambil lewat web. Tautan ke SIPPN (tingkat 5) tidak diketahui sistem."
            ),
            source,
            numbers,
        )
    return Derived(0, marked("Belum ada layanan yang diumumkan."), source)


def _operations(facts: Facts) -> Derived:
    """The levels build on each other, so that without SP4N-LAPOR! nothing beyond the first is met."""
    return Derived(
        int(facts.services > 0),
        marked(
            "Yang dipakai: %(services)s layanan dengan standarnya, %(n)s jawaban survei, kinerja "
            "%(officers)s petugas. SP4N-LAPOR! belum terhubung, jadi tingkat 2 belum terpenuhi."
        ),
        marked("daftar layanan, jawaban survei, riwayat antrean"),
        {
            "services": facts.services,
            "n": facts.respondents,
            "officers": facts.officers_measured,
        },
    )


def _freshness(facts: Facts) -> Derived:
    source = marked("riwayat antrean, daftar layanan")
    if not facts.live_days or not facts.open_days:
        return Derived(
            None, marked("Belum ada antrean pada tahun ini yang memutakhirkan layar."), source
        )
    share = facts.live_days / facts.open_days
    is_complete = facts.services > 0 and facts.complete_services == facts.services
    return Derived(
        5 if share >= DAILY_SHARE and is_complete else _how_often(share),
        marked(
            "Layar dan ponsel dimutakhirkan pada %(live)s dari %(open)s hari buka; "
            "%(complete)s dari %(services)s layanan lengkap dengan syarat, waktu, dan produk."
        ),
        source,
        {
            "live": facts.live_days,
            "open": facts.open_days,
            "complete": facts.complete_services,
            "services": facts.services,
        },
    )


def _how_often(share: float) -> int:
    """One day in five is weekly, one in twenty monthly."""
    return 4 if share >= WEEKLY_SHARE else 3 if share >= MONTHLY_SHARE else 1


def _queueing(facts: Facts) -> Derived:
    facilities = [
        facts.displays > 0,  # the loudspeaker: boards ring
        facts.services > 1,  # grouped queues
        facts.visits_online > 0,
        facts.live_days > 0,  # numbers
        facts.displays > 0,  # the monitor
    ]
    return Derived(
        sum(facilities),
        marked(
            "%(count)s dari 6 sarana: pengeras suara dan monitor (%(displays)s layar), nomor, "
            "antrean per layanan (%(services)s), pendaftaran daring (%(online)s nomor). "
            "Pemandu tidak diketahui sistem."
        ),
        marked("perangkat terdaftar, daftar layanan, nomor antrean"),
        {
            "count": sum(facilities),
            "displays": facts.displays,
            "services": facts.services,
            "online": facts.visits_online,
        },
    )


def _complaints(_facts: Facts) -> Derived:
    return Derived(None, NO_DATA, "–")


RULES: Mapping[str, Callable[[Facts], Derived]] = {
    "skm": _skm,
    "follow_up_share": _follow_up_share,
    "follow_up_speed": _follow_up_speed,
    "hours": _hours,
    "information": _information,
    "operations": _operations,
    "freshness": _freshness,
    "queueing": _queueing,
    **dict.fromkeys(COMPLAINT_KEYS, _complaints),
}
"""By `derived` of the instrument's file. `standards` (SP) has none: its components are not stored yet."""
