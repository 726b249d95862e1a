"""The month's report of a mall as PDF: visits, waits, services, agencies, satisfaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal

from mpp.counters.rules.mall import Mall
from mpp.metrics.pages.pdf import Paper
from mpp.metrics.queries.name_rows import Names
from mpp.metrics.rules.figures import By, Ended
from mpp.metrics.rules.histogram import ERROR
from mpp.metrics.rules.ledger import Ledger
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.skm.result import Result
from mpp.metrics.rules.skm.unsur import QUESTIONS, Unsur
from mpp.metrics.rules.spans import Kind

ID = "id"
MOST_SERVICES = 20


@dataclass(frozen=True)
class Monthly:
    """`before`: the whole mall in the month before; `year_before`: in the same month of last year.

    `visits`: numbers issued on each day of the month; a day without any is left out.
    """

    mall: Mall
    month: Period
    names: Names
    by: Mapping[By, Ledger]
    before: Rollup
    year_before: Rollup
    visits: Mapping[date, int]
    survey: Result

    @property
    def total(self) -> Rollup:
        return self.by[By.AGENCY].total


def monthly_pdf(found: Monthly, *, now: datetime) -> bytes:
    """The report as a file; takes some hundred milliseconds: call it off the event loop."""
    month = format_date(found.month.first, "MMMM y", locale=ID)
    local = now.astimezone(found.mall.time_zone)
    paper = Paper(
        f"Laporan bulanan {month}",
        found.mall.name,
        made=local,
        is_synthetic=found.mall.is_synthetic,
    )
    _summary(paper, found)
    _days(paper, found)
    _hours(paper, found)
    _agencies(paper, found)
    _services(paper, found)
    _survey(paper, found)
    _definitions(paper)
    return paper.bytes()


def _summary(paper: Paper, found: Monthly) -> None:
    total = found.total
    paper.say(
        f"{whole(total.issued)} nomor antrean diterbitkan pada {len(found.visits)} hari layanan; "
        f"{whole(total.served)} selesai dilayani, {whole(total.left)} batal sebelum dipanggil, "
        f"{whole(total.no_show)} tidak hadir saat dipanggil."
    )
    columns = (total, found.before, found.year_before)
    rows = [
        ("Nomor diterbitkan", *(whole(each.issued) for each in columns)),
        ("Selesai dilayani", *(whole(each.served) for each in columns)),
        ("Batal", *(share(each.left, each.issued) for each in columns)),
        ("Tidak hadir", *(share(each.no_show, each.issued) for each in columns)),
        ("Tunggu, median", *(minutes(each, Kind.WAITING) for each in columns)),
        ("Tunggu, P90", *(minutes(each, Kind.WAITING, 90) for each in columns)),
        ("Pelayanan, median", *(minutes(each, Kind.SERVICE) for each in columns)),
        ("Tunggu dalam janji", *(percent(each.share_within(Kind.WAITING)) for each in columns)),
        ("Layanan dalam janji", *(percent(each.share_within(Kind.SERVICE)) for each in columns)),
    ]
    head = ("", "Bulan ini", "Bulan lalu", "Bulan sama tahun lalu")
    paper.table(head, rows, (3, 2, 2, 2))


def _days(paper: Paper, found: Monthly) -> None:
    if not found.visits:
        return
    paper.heading("Kunjungan per hari")
    busiest = max(found.visits, key=lambda day: found.visits[day])
    paper.say(
        f"Hari tersibuk {format_date(busiest, 'EEEE, d MMMM', locale=ID)} dengan "
        f"{whole(found.visits[busiest])} nomor."
    )
    paper.bars(
        [
            (format_date(day, "EEE, d MMM", locale=ID), count, whole(count))
            for day, count in sorted(found.visits.items())
        ]
    )


def _hours(paper: Paper, found: Monthly) -> None:
    rows = sorted(found.by[By.HOUR].rows.items(), key=lambda item: str(item[0]).zfill(2))
    if not rows:
        return
    paper.heading("Waktu tunggu menurut jam")
    paper.table(
        ("Jam mengambil nomor", "Nomor", "Tunggu, median", "Tunggu, P90", "Batal"),
        [
            (
                f"{int(str(hour)):02d}.00-{int(str(hour)):02d}.59",
                whole(each.issued),
                minutes(each, Kind.WAITING),
                minutes(each, Kind.WAITING, 90),
                share(each.left, each.issued),
            )
            for hour, each in rows
            if each.issued
        ],
        (3, 2, 2, 2, 2),
    )


def _agencies(paper: Paper, found: Monthly) -> None:
    rows = sorted(found.by[By.AGENCY].rows.items(), key=lambda item: -item[1].issued)
    paper.heading("Instansi, menurut jumlah nomor")
    names = found.names.agencies
    paper.bars(
        [
            (names[id_].name, each.issued, whole(each.issued))
            for id_, each in rows
            if isinstance(id_, int) and id_ in names
        ]
    )


def _services(paper: Paper, found: Monthly) -> None:
    rows = sorted(found.by[By.SERVICE].rows.items(), key=lambda item: -item[1].issued)
    paper.heading(f"Layanan ({min(MOST_SERVICES, len(rows))} terbanyak)")
    names = found.names.services
    paper.table(
        ("Layanan", "Nomor", "Tunggu, median", "Layanan, median", "Layanan dalam janji"),
        [
            (
                names[id_].name,
                whole(each.issued),
                minutes(each, Kind.WAITING),
                minutes(each, Kind.SERVICE),
                percent(each.share_within(Kind.SERVICE)),
            )
            for id_, each in rows[:MOST_SERVICES]
            if isinstance(id_, int) and id_ in names
        ],
        (6, 2, 2, 2, 2),
    )


def _survey(paper: Paper, found: Monthly) -> None:
    paper.heading("Survei Kepuasan Masyarakat")
    said = found.survey.figures
    if said.ikm is None or said.grade is None:
        paper.say(f"Belum cukup jawaban untuk indeks ({said.n} responden).")
        return
    text = f"IKM {number(said.ikm)}, mutu {said.grade} ({said.performance}), "
    text += f"{whole(said.n)} responden."
    if said.low is not None and said.high is not None:
        text += f" Selang kepercayaan 95 %: {number(said.low)} sampai {number(said.high)}."
    if said.others:
        text += f" Tidak dapat dibedakan dari mutu {' dan '.join(said.others)}."
    paper.say(text)
    paper.bars(
        [
            (QUESTIONS[Unsur(each.unsur)].name, each.nrr or 0.0, number(each.nrr))
            for each in said.unsur
        ],
        most=4.0,
    )
    if said.weakest:
        paper.say(f"Unsur terlemah: {QUESTIONS[Unsur(said.weakest[0])].name}.")


def _definitions(paper: Paper) -> None:
    paper.heading("Arti angka")
    paper.define(
        "Tunggu: dari masuk antrean sampai panggilan pertama. Pelayanan: dari mulai sampai selesai, "
        "tanpa waktu ditunda. Batal: pergi sebelum dipanggil; tunggunya tidak masuk median. "
        "Dalam janji: bagian yang tidak lebih lama dari standar pelayanan. Median dan P90 dari "
        f"histogram, paling jauh {format_decimal(100 * ERROR, locale=ID)} % dari yang tepat "
        "(definisi v2). IKM: PermenPANRB 14/2017, bobot 1/9, dibulatkan sebelum digolongkan."
    )


# -- words for figures -----------------------------------------------------------------------------


def whole(count: int) -> str:
    return str(format_decimal(count, locale=ID))


def number(value: float | None) -> str:
    return "-" if value is None else str(format_decimal(value, "0.00", locale=ID))


def percent(value: float | None) -> str:
    return "-" if value is None else f"{format_decimal(100 * value, '0.0', locale=ID)} %"


def share(part: int, all_: int) -> str:
    return percent(part / all_ if all_ else None)


def minutes(each: Ended, kind: Kind, quantile: int = 50) -> str:
    """A median or P90 in minutes; a dash where there is none."""
    found = each.summary(kind)
    seconds = found.median_s if quantile == 50 else found.p90_s
    return "-" if seconds is None else f"{format_decimal(seconds / 60, '0.0', locale=ID)} mnt"
