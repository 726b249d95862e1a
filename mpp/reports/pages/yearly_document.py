"""The year's report as a paper: what changed and what to do, months beside last year's, units, indices."""

from datetime import datetime

from mpp.documents.chart import BarChart, Series, ShareBars
from mpp.documents.document import (
    Block,
    Cell,
    Column,
    Definition,
    Document,
    Kind,
    Paragraph,
    Picture,
    Section,
    Table,
    Value,
)
from mpp.documents.values import written
from mpp.documents.wording import decimal, share
from mpp.metrics.rules.histogram import ERROR
from mpp.number_format import format_integer, format_long_day
from mpp.reports.pages.paper import LANGUAGE, mall_paper
from mpp.reports.pages.yearly import COUNT, MINUTES, Compared, compared
from mpp.reports.pages.yearly_gaps import said_of_days, said_of_gaps
from mpp.reports.pages.yearly_summary import summary
from mpp.reports.pages.yearly_workbook import REST, month_name
from mpp.reports.rules.yearly import MonthFigure, SurveyLine, UnitFigure, Units, Year


def year_document(mall_name: str, told: Year, *, made: datetime) -> Document:
    """The report as data. `made`: in the mall's local time."""
    return mall_paper(
        mall_name,
        f"Laporan tahunan {told.year}",
        f"{format_long_day(told.first, LANGUAGE)} sampai {format_long_day(told.last, LANGUAGE)}",
        made=made,
        is_synthetic=told.is_synthetic,
        summary=summary(told),
        sections=[
            _compared(told),
            _months(told),
            _units("Instansi, menurut jumlah nomor", "agencies", told.agencies, told),
            _units(
                f"Layanan, {len(told.services.rows)} terbanyak", "services", told.services, told
            ),
            _surveys(told),
            _evaluations(told),
        ],
        definitions=_definitions(told),
    )


def _compared(told: Year) -> Section:
    now, before = str(told.year), str(told.year - 1)
    titles = ("Ukuran", now, before, "Perubahan")
    table = Table(
        "compared",
        f"{now} dan {before}",
        [Column(title, weight=2 if place else 3) for place, title in enumerate(titles)],
        [_compared_row(each) for each in compared(told)],
    )
    said = [Paragraph(each) for each in (said_of_days(told), *said_of_gaps(told))]
    return Section("Tahun ke tahun", [*said, table])


def _compared_row(each: Compared) -> tuple[Cell, ...]:
    kind, unit = {
        COUNT: (Kind.INTEGER, Kind.SHARE),
        MINUTES: (Kind.DURATION, Kind.DURATION),
    }.get(each.kind, (Kind.SHARE, Kind.POINTS))
    seconds = 60 if each.kind == MINUTES else 1
    now, before, more = (
        None if value is None else value * seconds
        for value in (each.now, each.before, each.difference)
    )
    return (each.word, Value(kind, now), Value(kind, before), Value(unit, more, signed=True))


def _months(told: Year) -> Section:
    now, before = str(told.year), str(told.year - 1)
    names = [month_name(each.month) for each in told.months]
    chart = BarChart(
        [name[:3] for name in names],
        [
            Series(now, [each.issued for each in told.months]),
            Series(before, [each.before for each in told.months]),
        ],
        "nomor",
    )
    table = Table(
        "months",
        "Nomor diambil per bulan",
        [
            Column("Bulan", weight=2),
            Column(now, Kind.INTEGER),
            Column(f"{before}, hari sama", Kind.INTEGER, weight=1.4),
            Column("Perubahan", Kind.SHARE, weight=1.2, signed=True),
            Column(f"{before}, sebulan", Kind.INTEGER, weight=1.3),
        ],
        [
            (_month(name, each, told), each.issued, each.before_same, each.change, each.before)
            for name, each in zip(names, told.months, strict=True)
        ],
    )
    picture = Picture(
        "months",
        f"Nomor diambil per bulan: penuh = {now}, bergaris = {before} sebulan penuh",
        f"Dua batang tiap bulan: {now} dan {before}.",
        chart,
    )
    return Section("Nomor diambil per bulan", [picture, table])


def _month(name: str, each: MonthFigure, told: Year) -> str:
    return f"{name} (s.d. tgl {told.last.day})" if each.is_partial else name


def _units(title: str, key: str, units: Units, told: Year) -> Section:
    if not units.rows:
        return Section(title, [])
    before = told.year - 1
    table = Table(
        key,
        title,
        [
            Column("Nama", weight=5),
            Column("Nomor", Kind.INTEGER, weight=1.4),
            Column("Selesai", Kind.INTEGER, weight=1.5),
            Column("Bagian", Kind.SHARE, weight=1.5),
            Column("Tunggu, median", Kind.DURATION, weight=1.7),
            Column("Tunggu dalam janji", Kind.SHARE, weight=1.6),
            Column("Layanan dalam janji", Kind.SHARE, weight=1.7),
            Column("Perubahan", Kind.SHARE, weight=2.1, signed=True),
            Column(f"Peringkat {before}", Kind.INTEGER, weight=1.9),
        ],
        [_unit(each) for each in units.rows],
        _rest(units),
    )
    chart = ShareBars(
        [each.name for each in units.rows],
        [
            Series("selesai", [each.served for each in units.rows]),
            Series("lainnya", [max(0, each.issued - each.served) for each in units.rows]),
        ],
        "nomor",
    )
    alt = f"Batang tiap baris; yang terpanjang {units.rows[0].name}."
    return Section(title, [Picture(key, f"{title}: selesai dan lainnya", alt, chart), table])


def _unit(each: UnitFigure) -> tuple[Cell, ...]:
    return (
        f"{each.rank}. {each.name}",
        each.issued,
        each.served,
        each.share,
        each.waiting_median_s,
        each.within_wait,
        each.within_service,
        each.change,
        each.rank_before,
    )


def _rest(units: Units) -> tuple[Cell, ...] | None:
    rest = units.rest
    if rest is None:
        return None
    return (f"{REST}: {rest.units}", rest.issued, rest.served, rest.share, *([None] * 5))


def _surveys(told: Year) -> Section:
    title = "Survei Kepuasan Masyarakat (IKM)"
    if not told.surveys:
        return Section(
            title, [Paragraph("Belum ada hasil survei yang diterbitkan untuk tahun ini.")]
        )
    return Section(title, [Paragraph(_survey(each)) for each in told.surveys])


def _survey(each: SurveyLine) -> str:
    ikm, low, high = (decimal(value, LANGUAGE, 2) for value in (each.ikm, each.low, each.high))
    first, last = (format_long_day(day, LANGUAGE) for day in (each.first, each.last))
    text = f"{first} sampai {last}: IKM {ikm}, mutu "
    text += f"{each.grade} ({each.performance}), {format_integer(each.n, LANGUAGE)} responden."
    if each.low is not None and each.high is not None:
        text += f" Selang kepercayaan 95 %: {low} sampai {high}."
    if each.others:
        text += f" Tidak dapat dibedakan dari mutu {' dan '.join(each.others)}."
    return text


def _evaluations(told: Year) -> Section:
    title = "Indeks Pelayanan Publik (IPP)"
    if not told.evaluations:
        return Section(title, [Paragraph("Belum ada penilaian untuk tahun ini.")])
    blocks: list[Block] = []
    for each in told.evaluations:
        note = " (perkiraan, belum dinilai seluruhnya oleh evaluator)" if each.is_estimate else ""
        ipp = written(Value(Kind.DECIMAL, each.ipp), LANGUAGE)
        blocks.append(Paragraph(f"{each.unit}: IPP {ipp}, {each.letter} – {each.predicate}{note}."))
    return Section(title, blocks)


def _definitions(told: Year) -> list[Definition]:
    return [
        Definition("Nomor", "menurut hari layanan saat diambil."),
        Definition("Tunggu", "dari masuk antrean sampai panggilan pertama."),
        Definition("Pelayanan", "dari mulai sampai selesai, tanpa waktu ditunda."),
        Definition("Batal", "pergi sebelum dipanggil."),
        Definition("Dalam janji", "bagian yang tidak lebih lama dari standar pelayanan."),
        Definition("Hari puncak", "menurut rata-rata hari yang melayani."),
        Definition(
            "Median dan P90",
            f"dari histogram, paling jauh {share(ERROR, LANGUAGE, 0)} dari yang tepat (definisi "
            f"{told.definitions}).",
        ),
        Definition("Digabung", "instansi dan layanan dengan kurang dari 5 nomor."),
        Definition("Perubahan bagian", "ditulis dalam poin persen."),
        Definition("IKM", "PermenPANRB 14/2017."),
    ]
