"""How much came: by day, by weekday and hour, by agency, by service; and what the counters did."""

from mpp.documents.chart import BarChart, HeatMap, Series, ShareBars
from mpp.documents.document import Column, Kind, Note, Paragraph, Picture, Section, Table
from mpp.metrics.pages.heat import heat_of
from mpp.metrics.pages.work import work_out
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.spans import Kind as Span
from mpp.number_format import format_date, format_integer
from mpp.reports.pages.paper import DEFINITIONS, LANGUAGE
from mpp.reports.rules.monthly import Monthly

MOST_SERVICES = 20
_HOUR_S = 3600


def means(anchor: str, words: str) -> Note:
    """What the picture above means, and where that is written in full."""
    return Note(f"{words} Definisi {LATEST}; lengkapnya: {DEFINITIONS}#{anchor}")


def days(found: Monthly) -> Section:
    """A bar a day."""
    title = "Kunjungan per hari"
    if not found.visits:
        return Section(title, [])
    month = list(found.month.days())
    busiest = max(found.visits, key=lambda day: found.visits[day])
    told = (
        f"{format_date(busiest, LANGUAGE)}, {format_integer(found.visits[busiest], LANGUAGE)} nomor"
    )
    chart = BarChart(
        [str(day.day) for day in month],
        [Series("Nomor", [found.visits.get(day) for day in month])],
        "nomor",
    )
    return Section(
        title,
        [
            Paragraph(f"Hari tersibuk: {told}."),
            Picture(
                "days",
                "Nomor yang diterbitkan tiap tanggal; tanggal tanpa batang: tidak ada",
                f"Batang tiap tanggal; yang tertinggi {told}.",
                chart,
            ),
            means("counts", "Setiap nomor dihitung satu kali, pada hari ia diterbitkan."),
        ],
    )


def load(found: Monthly) -> Section:
    """Weekdays by hours."""
    title = "Beban menurut hari dan jam"
    heat = heat_of(found.load)
    rows = [row for row in heat.rows if any(cell.count for cell in row.cells)]
    if not rows:
        return Section(title, [])
    counts = [[cell.count for cell in row.cells] for row in rows]
    most = max(max(row) for row in counts)
    line = next(place for place, row in enumerate(counts) if most in row)
    hour = heat.hours[counts[line].index(most)]
    chart = HeatMap([row.weekday for row in rows], [f"{h:02d}" for h in heat.hours], counts, "jam")
    when = f"{rows[line].weekday} pukul {hour:02d}.00–{hour:02d}.59"
    busiest = f"{when}, {format_integer(most, LANGUAGE)} nomor"
    return Section(
        title,
        [
            Picture(
                "load",
                "Nomor yang diambil menurut hari dan jam; makin gelap makin banyak",
                f"Tabel berwarna; yang terbanyak {busiest}.",
                chart,
            ),
            means("heat", "Nomor yang diambil, dijumlahkan sepanjang bulan, waktu setempat."),
        ],
    )


def agencies(found: Monthly) -> Section:
    """What became of each agency's numbers."""
    title = "Beban menurut instansi"
    names = found.names.agencies
    rows = sorted(found.by[By.AGENCY].rows.items(), key=lambda item: -item[1].issued)
    told = [
        (names[id_].name, each) for id_, each in rows if isinstance(id_, int) and id_ in names and each.issued
    ]  # fmt: skip
    if not told:
        return Section(title, [])
    parts = [
        Series("selesai", [each.served for _, each in told]),
        Series("batal", [each.left for _, each in told]),
        Series("tidak hadir", [each.no_show for _, each in told]),
        Series(
            "lainnya", [each.issued - each.served - each.left - each.no_show for _, each in told]
        ),
    ]
    columns = [Column("Instansi", weight=4)]
    columns += [Column(word, Kind.INTEGER) for word in ("Nomor", "Selesai", "Batal", "Tidak hadir")]
    total = found.total
    return Section(
        title,
        [
            Picture(
                "agencies",
                "Nomor tiap instansi menurut akhirnya",
                f"Batang tiap instansi; yang terpanjang {told[0][0]}.",
                ShareBars([name for name, _ in told], parts, "nomor"),
            ),
            Table(
                "agencies",
                "Nomor tiap instansi",
                columns,
                [(name, e.issued, e.served, e.left, e.no_show) for name, e in told],
                ("Jumlah", total.issued, total.served, total.left, total.no_show),
            ),
            means("load", "Nomor milik layanan yang dipilih semula, juga setelah dialihkan."),
        ],
    )


def services(found: Monthly) -> Section:
    """Those with most numbers."""
    names = found.names.services
    rows = sorted(found.by[By.SERVICE].rows.items(), key=lambda item: -item[1].issued)
    known = [(names[id_].name, e) for id_, e in rows if isinstance(id_, int) and id_ in names]
    if not known:
        return Section("Layanan", [])
    table = Table(
        "services",
        f"Layanan, {min(MOST_SERVICES, len(known))} terbanyak",
        [
            Column("Layanan", weight=4),
            Column("Nomor", Kind.INTEGER),
            Column("Tunggu, median", Kind.DURATION, weight=1.4),
            Column("Pelayanan, median", Kind.DURATION, weight=1.4),
            Column("Pelayanan dalam janji", Kind.SHARE, weight=1.5),
        ],
        [
            (
                name,
                each.issued,
                each.summary(Span.WAITING).median_s,
                each.summary(Span.SERVICE).median_s,
                each.share_within(Span.SERVICE),
            )
            for name, each in known[:MOST_SERVICES]
        ],
    )
    return Section("Layanan", [table])


def work(found: Monthly) -> Section:
    """Time open and time serving of each counter."""
    title = "Kerja loket"
    out = work_out(found.mall, found.month, found.work, found.names)
    told = [each for each in out.rows if each.key is not None and each.open_s]
    if not told:
        return Section(title, [])
    parts = [
        Series("melayani", [each.serving_s / _HOUR_S for each in told]),
        Series(
            "buka, menunggu pengunjung", [max(0.0, e.open_s - e.serving_s) / _HOUR_S for e in told]
        ),
    ]
    table = Table(
        "work",
        "Kerja loket",
        [
            Column("Loket", weight=2),
            Column("Buka", Kind.HOURS),
            Column("Melayani", Kind.HOURS),
            Column("Pelayanan", Kind.INTEGER),
            Column("Kesibukan", Kind.SHARE),
            Column("Per jam", Kind.DECIMAL, places=1),
        ],
        [
            (
                each.name,
                each.open_s,
                each.serving_s,
                each.served,
                each.utilisation,
                each.served_per_hour,
            )
            for each in told
        ],
    )
    return Section(
        title,
        [
            Picture(
                "work",
                "Jam buka tiap loket, dan berapa di antaranya melayani",
                "Batang tiap loket sepanjang jam bukanya; bagian gelap melayani.",
                ShareBars([each.name for each in told], parts, "jam"),
            ),
            table,
            means(
                "utilisation",
                "Kesibukan: waktu melayani dibagi waktu buka; jeda tidak termasuk waktu buka.",
            ),
        ],
    )
