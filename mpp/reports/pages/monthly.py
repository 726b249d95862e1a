"""The month's report of a mall as PDF: visits, waits, services, agencies, counters, satisfaction, index.

The pictures are those of the screen (`pdf_charts`, `pdf_rows`), each with its caption, unit and definition.
"""

from datetime import datetime

from mpp.metrics.pages.comparison import funnel_out
from mpp.metrics.pages.heat import heat_of
from mpp.metrics.pages.hours import hour_rows
from mpp.metrics.pages.work import work_out
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.distribution import Distribution, distribution
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.histogram import ERROR, Histogram
from mpp.metrics.rules.spans import Kind
from mpp.number_format import (
    format_day_of_year,
    format_decimal,
    format_integer,
    format_long_day,
    format_month,
)
from mpp.reports.pages import monthly_indices, pdf_charts, pdf_rows
from mpp.reports.pages.monthly_indices import DEFINITIONS
from mpp.reports.pages.pdf import Paper
from mpp.reports.pages.words import minutes, percent, share
from mpp.reports.rules.monthly import JUDGED, Monthly

MOST_SERVICES = 20


def monthly_pdf(found: Monthly, *, now: datetime) -> bytes:
    """The report as a file; takes some hundred milliseconds: call it off the event loop."""
    month = format_month(found.month.first)
    local = now.astimezone(found.mall.time_zone)
    paper = Paper(
        f"Laporan bulanan {month}",
        found.mall.name,
        made=local,
        is_synthetic=found.mall.is_synthetic,
    )
    if local.date() <= found.month.last:
        today = format_long_day(local.date())
        paper.say(f"Bulan ini belum berakhir: angka sampai {today}, bulan lain utuh.")
    for part in PARTS:
        part(paper, found)
    return paper.bytes()


def _means(paper: Paper, anchor: str, words: str) -> None:
    """What the picture above means, and where that is written in full."""
    paper.define(f"{words} Definisi {LATEST}; lengkapnya: {DEFINITIONS}#{anchor}")


def _summary(paper: Paper, found: Monthly) -> None:
    total = found.total
    paper.say(
        f"{format_integer(total.issued)} nomor antrean diterbitkan pada {len(found.visits)} hari layanan; "
        f"{format_integer(total.served)} selesai dilayani, {format_integer(total.left)} batal "
        f"sebelum dipanggil, {format_integer(total.no_show)} tidak hadir saat dipanggil."
    )
    columns = (total, found.before, found.year_before)
    rows = [
        ("Nomor diterbitkan", *(format_integer(each.issued) for each in columns)),
        ("Selesai dilayani", *(format_integer(each.served) for each in columns)),
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
        f"Hari tersibuk {format_day_of_year(busiest)} dengan "
        f"{format_integer(found.visits[busiest])} nomor."
    )
    pdf_charts.visits(paper, list(found.month.days()), found.visits)
    _means(paper, "counts", "Setiap nomor dihitung satu kali, pada hari ia diterbitkan.")


def _hours(paper: Paper, found: Monthly) -> None:
    rows = found.by[By.HOUR].rows
    drawn = hour_rows(found.by[By.HOUR])
    if not drawn:
        return
    paper.heading("Waktu tunggu menurut jam")
    pdf_charts.hours(paper, drawn)
    told = [(each.hour, rows[each.hour]) for each in drawn if each.issued]
    paper.table(
        ("Jam mengambil nomor", "Nomor", "Tunggu, median", "Tunggu, P90", "Batal"),
        [
            (
                f"{hour:02d}.00-{hour:02d}.59",
                format_integer(each.issued),
                minutes(each, Kind.WAITING),
                minutes(each, Kind.WAITING, 90),
                share(each.left, each.issued),
            )
            for hour, each in told
        ],
        (3, 2, 2, 2, 2),
    )
    _means(
        paper,
        "waiting",
        "Tunggu: dari masuk antrean sampai panggilan pertama, menurut jam ketika mulai menunggu; "
        "yang pergi sebelum dipanggil tidak termasuk.",
    )


def _load(paper: Paper, found: Monthly) -> None:
    load = heat_of(found.load)
    if not load.rows:
        return
    paper.heading("Beban menurut hari dan jam")
    pdf_charts.heat(paper, load)
    _means(paper, "heat", "Nomor yang diambil, dijumlahkan sepanjang bulan, waktu setempat.")


def _spread(paper: Paper, found: Monthly) -> None:
    times = found.total.times.get(Kind.SERVICE, Histogram())
    promised = {each.service_s for each in found.names.promises.values() if each.service_s}
    common = promised.pop() if len(promised) == 1 else None
    spread = distribution(times, common)
    if spread is None:
        return
    told = found.total.summary(Kind.SERVICE)
    marks = {"median": told.median_s, "p90": told.p90_s, "p95": told.p95_s, "promise": common}
    paper.heading("Sebaran waktu pelayanan")
    pdf_charts.spread(
        paper,
        f"Pelayanan menurut lamanya, banyaknya per {spread.width} menit; batang terakhir terbuka.",
        spread,
        {name: seconds for name, seconds in marks.items() if seconds is not None},
    )
    kept = found.total.share_within(Kind.SERVICE)
    if kept is not None:
        alike = "" if common is not None else " Janji berbeda menurut layanan, jadi tanpa garis."
        paper.say(f"{percent(1 - kept)} pelayanan melewati janji layanannya.{alike}")
    _spread_table(paper, spread)
    _means(
        paper,
        "service-time",
        "Pelayanan: dari mulai sampai selesai, tanpa waktu ditunda. Batas atas termasuk; batang dengan "
        "kurang dari lima digabung.",
    )


def _spread_table(paper: Paper, spread: Distribution) -> None:
    paper.table(
        ("Menit", "Pelayanan", "Bagian"),
        [
            (
                f"lebih dari {each.low}" if each.high is None else f"{each.low}-{each.high}",
                format_integer(each.count),
                share(each.count, spread.n),
            )
            for each in spread.bins
        ],
        (3, 2, 2),
    )


def _agencies(paper: Paper, found: Monthly) -> None:
    rows = sorted(found.by[By.AGENCY].rows.items(), key=lambda item: -item[1].issued)
    names = found.names.agencies
    told = [
        (names[id_].name, each.issued, each.served, each.left, each.no_show)
        for id_, each in rows
        if isinstance(id_, int) and id_ in names and each.issued
    ]
    if not told:
        return
    paper.heading("Beban menurut instansi")
    pdf_rows.loads(paper, told)
    _means(paper, "load", "Nomor milik layanan yang dipilih semula, juga setelah dialihkan.")


def _work(paper: Paper, found: Monthly) -> None:
    work = work_out(found.mall, found.month, found.work, found.names)
    told = [each for each in work.rows if each.key is not None and each.open_s]
    if not told:
        return
    paper.heading("Kerja loket")
    pdf_rows.work(paper, told)
    _means(
        paper,
        "utilisation",
        "Kesibukan: waktu melayani dibagi waktu buka; jeda tidak termasuk waktu buka.",
    )


def _funnel(paper: Paper, found: Monthly) -> None:
    funnel = funnel_out(found.funnel, JUDGED, Kind.SERVICE, found.names)
    if not funnel.units:
        return
    paper.heading("Menepati janji: di luar kebetulan?")
    pdf_rows.funnel(paper, funnel)
    _means(
        paper,
        "funnel",
        "Disesuaikan: bagian mal, ditambah selisih antara yang ditepati dan yang diharapkan untuk layanan "
        "yang sama. Di dalam batas 95 % perbedaannya kebetulan: tidak ada peringkat.",
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
                format_integer(each.issued),
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
    monthly_indices.survey(paper, found.survey.figures)


def _index(paper: Paper, found: Monthly) -> None:
    if found.evaluation is not None:
        monthly_indices.index(paper, found.evaluation)


def _definitions(paper: Paper, _found: Monthly) -> None:
    paper.heading("Arti angka")
    paper.define(
        "Batal: dibatalkan pengunjung atau petugas; tunggunya tidak masuk median. Dalam janji: bagian yang "
        "tidak lebih lama dari standar pelayanan yang berlaku ketika harinya direkap. Median, P90, P95 dari "
        f"histogram, paling jauh {format_decimal(100 * ERROR, 0)} % dari yang tepat (definisi {LATEST}). "
        f"Semua definisi: {DEFINITIONS}"
    )


PARTS = (
    _summary,
    _days,
    _hours,
    _load,
    _spread,
    _agencies,
    _services,
    _work,
    _funnel,
    _survey,
    _index,
    _definitions,
)
"""The report from top to bottom; each part is left out where there is nothing to tell."""
