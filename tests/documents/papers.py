"""Papers made up for the tests of their makers."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from mpp.documents.chart import (
    BarChart,
    Bin,
    Chart,
    HeatMap,
    Histogram,
    Interval,
    IntervalChart,
    LineChart,
    Mark,
    Series,
    ShareBars,
)
from mpp.documents.document import (
    Block,
    Bullets,
    Column,
    Definition,
    Document,
    Figure,
    Figures,
    Kind,
    Letterhead,
    Note,
    Paragraph,
    Picture,
    Section,
    Signature,
    Table,
    Value,
)

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="19"'
    b' fill="#0b5563"/><path d="M10 28V14h20v14" stroke="#fff" stroke-width="3" fill="none"/></svg>'
)
COLUMNS = (
    Column("Nama", weight=3),
    Column("Banyak", Kind.INTEGER),
    Column("Indeks", Kind.DECIMAL),
    Column("Bagian", Kind.SHARE),
    Column("Tunggu", Kind.DURATION),
    Column("Buka", Kind.HOURS),
    Column("Tanggal", Kind.DATE),
)
ROW = ("Dukcapil", 12345, Decimal("3.145"), 0.125, timedelta(seconds=750), 27000, date(2026, 2, 3))
EMPTY = ("Imigrasi", None, None, None, None, None, None)
TABLE = Table("agencies", "Menurut instansi", COLUMNS, [ROW, EMPTY], total=("Jumlah", *ROW[1:]))
BARS = BarChart(
    ["Jan", "Feb", "Mar"],
    [Series("2026", [120, 80, 200]), Series("2025", [100, None, 150])],
    "nomor",
)
CHARTS: dict[str, Chart] = {
    "bars": BARS,
    "days": BarChart([str(n) for n in range(1, 32)], [Series("", range(1000, 1310, 10))], "nomor"),
    "line": LineChart(
        [f"{h:02d}" for h in range(8, 16)],
        [Series("median", [5, 8, None, 9, 7, 6, 5, 4]), Series("P90", [9, 12, None, 30, 22, 14, 9, 8])],
        "menit",
        places=1,
    ),
    "intervals": IntervalChart(
        [Interval("U1 Persyaratan", 3.2, 3.1, 3.3), Interval("U2 Prosedur", 2.9, None, None)],
        1,
        4,
        "rata-rata",
        [Mark("B", 3.0644), Mark("A", 3.5324)],
    ),
    "heat": HeatMap(["Senin", "Selasa"], ["08", "09", "10"], [[0, 3, 40], [12, 25, 7]], "nomor"),
    "shares": ShareBars(
        ["Dukcapil", "Imigrasi"],
        [Series("selesai", [40, 10]), Series("batal", [5, 2]), Series("tidak hadir", [3, 0])],
        "nomor",
    ),
    "histogram": Histogram(
        [Bin(0, 5, 12), Bin(5, 15, 40), Bin(15, 20, 9), Bin(20, None, 6)],
        5,
        "pelayanan",
        [Mark("median 8,0", 8), Mark("janji 10,0", 10), Mark("P90 19,0", 19)],
    ),
}  # fmt: skip


def a_document(blocks: Sequence[Block] | None = None, **changed: object) -> Document:
    """A paper with everything on it, or with these blocks only."""
    every: list[Block] = [
        Paragraph("Angka bulan ini."),
        Figures(
            [
                Figure("issued", "Nomor", Value(Kind.INTEGER, 1234), "naik 10,0 %"),
                Figure("median", "Tunggu", Value(Kind.DURATION, 750.0)),
                Figure("kept", "Ditepati", Value(Kind.SHARE, 0.876)),
            ]
        ),
        TABLE,
        *(Picture(key, f"Bagan {key}", f"Isi {key}", each) for key, each in CHARTS.items()),
        Bullets(["satu", "dua"]),
        Note("Dihitung dari riwayat."),
    ]
    said: dict[str, object] = {
        "letterhead": Letterhead("MPP Uji", ["Jalan Merdeka 1, Kota Uji"], LOGO),
        "title": "Laporan bulanan",
        "subtitle": "November 2026",
        "number": "065/12/MPP/2026",
        "date": date(2026, 12, 1),
        "language": "id",
        "summary": ["Kunjungan naik sepersepuluh.", "Tambah loket pada pukul 10."],
        "sections": [Section("Isi", every if blocks is None else blocks), Section("Lain", [])],
        "footer": "Dibuat 1 Desember 2026",
        "signature": Signature("Kota Uji", "Kepala MPP Uji"),
        "definitions": [Definition("Tunggu", "dari masuk antrean sampai panggilan pertama")],
    }
    return Document(**(said | changed))  # type: ignore[arg-type]
