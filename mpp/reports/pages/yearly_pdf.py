"""The year's report as PDF, in Indonesian."""

from collections.abc import Callable
from datetime import datetime

from mpp.metrics.pages.wire import WEEKDAYS
from mpp.metrics.rules.histogram import ERROR
from mpp.number_format import format_decimal, format_integer, format_long_day, format_number
from mpp.reports.pages.pdf import Paper
from mpp.reports.pages.words import number, percent
from mpp.reports.pages.yearly import COUNT, MINUTES, Compared, compared
from mpp.reports.pages.yearly_workbook import REST, month_name
from mpp.reports.rules.yearly import UnitFigure, Units, Year


def year_pdf(mall_name: str, told: Year, *, made: datetime) -> bytes:
    """The report as a file; takes some hundred milliseconds: call it off the event loop."""
    paper = Paper(
        f"Laporan tahunan {told.year}", mall_name, made=made, is_synthetic=told.is_synthetic
    )
    _summary(paper, told)
    _months(paper, told)
    _agencies(paper, told)
    _services(paper, told)
    _indices(paper, told)
    _definitions(paper, told)
    return paper.bytes()


def said_of_gaps(told: Year) -> list[str]:
    """What is not told, because it was not kept here."""
    said, before = [], told.year - 1
    if told.begins_late and told.since is not None:
        said.append(f"Angka tahun {told.year} baru tercatat sejak {format_long_day(told.since)}.")
    if told.before_since is None:
        said.append(f"Tahun {before} tidak tercatat di sistem ini, jadi tidak ada pembandingnya.")
    elif told.compares_short:
        said.append(
            f"Angka tahun {before} baru tercatat sejak {format_long_day(told.before_since)}, jadi selisihnya "
            "belum dapat dijadikan ukuran."
        )
    return said


def said_of_days(told: Year) -> str:
    """Which days are counted, and what they are compared with."""
    before = told.year - 1
    if told.is_over:
        return f"Tahun {told.year} sudah lengkap; dibandingkan dengan seluruh tahun {before}."
    return (
        f"Tahun {told.year} masih berjalan: {told.days_over} dari {told.days_in_year} hari sudah "
        f"lewat, sampai {format_long_day(told.last)}. Dibandingkan dengan hari-hari yang sama tahun lalu, "
        f"{format_long_day(told.before_first)} sampai {format_long_day(told.before_last)}."
    )


def _summary(paper: Paper, told: Year) -> None:
    now = told.now
    for said in (said_of_days(told), *said_of_gaps(told)):
        paper.say(said)
    paper.say(
        f"{format_integer(now.issued)} nomor antrean diterbitkan pada {now.days} hari layanan; "
        f"{format_integer(now.served)} selesai dilayani, {format_integer(now.left)} batal sebelum dipanggil, "
        f"{format_integer(now.no_show)} tidak hadir saat dipanggil."
    )
    peaks = told.peaks
    if peaks is not None:
        paper.say(
            f"Bulan puncak {month_name(peaks.month)} ({format_integer(peaks.month_issued)} nomor); hari "
            f"puncak {WEEKDAYS[peaks.weekday - 1]} (rata-rata {format_decimal(peaks.weekday_mean)} nomor); "
            f"tanggal tersibuk {format_long_day(peaks.day)} ({format_integer(peaks.day_issued)} nomor); jam "
            f"tersibuk {peaks.hour:02d}.00-{peaks.hour:02d}.59 ({format_integer(peaks.hour_issued)} nomor)."
        )
    rows = [(each.word, *_cells(each)) for each in compared(told)]
    paper.table(("", f"{told.year}", f"{told.year - 1}", "Perubahan"), rows, (3, 2, 2, 2))


def _cells(each: Compared) -> tuple[str, str, str]:
    if each.kind == COUNT:
        now, before = (format_integer(int(value or 0)) for value in (each.now, each.before))
        return now, before, _signed(each.difference, percent)
    if each.kind == MINUTES:
        now, before = (_minutes(value) for value in (each.now, each.before))
        return now, before, _signed(each.difference, _minutes)
    said = _signed(each.difference, percent).replace("%", "poin")
    return percent(each.now), percent(each.before), said


def _months(paper: Paper, told: Year) -> None:
    paper.heading("Nomor diambil per bulan")
    bars: list[tuple[str, float, str]] = []
    for month in told.months:
        name = month_name(month.month)
        if month.issued is not None:
            mark = f" (s.d. tgl {told.last.day})" if month.is_partial else ""
            bars.append((f"{name} {told.year}{mark}", month.issued, format_integer(month.issued)))
        if month.before is not None:
            bars.append((f"{name} {told.year - 1}", month.before, format_integer(month.before)))
    paper.bars(bars)
    rows = [
        (
            month_name(month.month),
            "-" if month.issued is None else format_integer(month.issued),
            "-" if month.before_same is None else format_integer(month.before_same),
            _signed(month.change, percent),
            "-" if month.before is None else format_integer(month.before),
        )
        for month in told.months
    ]
    before = told.year - 1
    head = ("Bulan", f"{told.year}", f"{before}, hari sama", "Perubahan", f"{before}, sebulan")
    paper.table(head, rows, (3, 2, 2, 2, 2))


def _agencies(paper: Paper, told: Year) -> None:
    paper.heading("Instansi, menurut jumlah nomor")
    paper.bars(
        [(each.name, each.issued, format_integer(each.issued)) for each in told.agencies.rows]
    )
    _units(paper, told.agencies, told)


def _services(paper: Paper, told: Year) -> None:
    paper.heading(f"Layanan ({len(told.services.rows)} terbanyak)")
    _units(paper, told.services, told)


def _units(paper: Paper, units: Units, told: Year) -> None:
    before = told.year - 1
    head = ("Nama", "Nomor", "Selesai", "Bagian", "Tunggu, median", "Tunggu dalam janji",
            "Layanan dalam janji", "Perubahan", f"Peringkat {before}")  # fmt: skip
    rows = [_unit(each) for each in units.rows]
    if units.rest is not None:
        rest = units.rest
        said = (format_integer(rest.issued), format_integer(rest.served), percent(rest.share))
        rows.append((f"{REST}: {rest.units}", *said, "-", "-", "-", "-", "-"))
    paper.table(head, rows, (7, 2.2, 2.2, 2, 2.4, 2.2, 2.2, 2.6, 2.4))


def _unit(each: UnitFigure) -> tuple[str, ...]:
    wait = each.waiting_median_s
    return (
        f"{each.rank}. {each.name}",
        format_integer(each.issued),
        format_integer(each.served),
        percent(each.share),
        _minutes(None if wait is None else wait / 60),
        percent(each.within_wait),
        percent(each.within_service),
        _signed(each.change, percent),
        "-" if each.rank_before is None else str(each.rank_before),
    )


def _indices(paper: Paper, told: Year) -> None:
    paper.heading("Survei Kepuasan Masyarakat (IKM)")
    if not told.surveys:
        paper.say("Belum ada hasil survei yang diterbitkan untuk tahun ini.")
    for each in told.surveys:
        text = f"{format_long_day(each.first)} sampai {format_long_day(each.last)}: "
        text += f"IKM {number(each.ikm)}, mutu {each.grade} ({each.performance}), "
        text += f"{format_integer(each.n)} responden."
        if each.low is not None and each.high is not None:
            text += f" Selang kepercayaan 95 %: {number(each.low)} sampai {number(each.high)}."
        if each.others:
            text += f" Tidak dapat dibedakan dari mutu {' dan '.join(each.others)}."
        paper.say(text)
    paper.heading("Indeks Pelayanan Publik (IPP)")
    if not told.evaluations:
        paper.say("Belum ada penilaian untuk tahun ini.")
    for judged in told.evaluations:
        note = " (perkiraan, belum dinilai seluruhnya oleh evaluator)" if judged.is_estimate else ""
        paper.say(
            f"{judged.unit}: IPP {number(judged.ipp)}, {judged.letter} - {judged.predicate}{note}."
        )


def _definitions(paper: Paper, told: Year) -> None:
    paper.heading("Arti angka")
    paper.define(
        "Nomor menurut hari layanan saat diambil. Tunggu: dari masuk antrean sampai panggilan "
        "pertama. Pelayanan: dari mulai sampai selesai, tanpa waktu ditunda. Batal: pergi sebelum "
        "dipanggil. Dalam janji: bagian yang tidak lebih lama dari standar pelayanan. Hari puncak "
        "menurut rata-rata hari yang melayani. Median dan P90 dari histogram, paling jauh "
        f"{format_number(100 * ERROR)} % dari yang tepat (definisi "
        f"{told.definitions}). Instansi dan layanan dengan kurang dari 5 nomor digabung. Perubahan "
        "bagian ditulis dalam poin persen. IKM: PermenPANRB 14/2017."
    )


# -- words for figures -----------------------------------------------------------------------------


def _minutes(value: float | None) -> str:
    return "-" if value is None else f"{format_decimal(value)} mnt"


def _signed(value: float | None, written: Callable[[float | None], str]) -> str:
    """With a plus where it grew."""
    if value is None:
        return "-"
    text = written(value)
    return f"+{text}" if value > 0 else text
