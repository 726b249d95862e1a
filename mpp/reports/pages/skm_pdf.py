"""The survey's report on paper, in its customary structure, in Indonesian as it is handed in."""

from collections.abc import Sequence
from datetime import datetime

from mpp.number_format import format_decimal, format_long_day
from mpp.reports.pages.pdf import Paper
from mpp.survey.pages.results import UNSUR, UNSUR_CODES
from mpp.survey.rules.profile import FIELDS, NAMES
from mpp.survey.rules.report import FollowUp, Report, realised
from mpp.survey.rules.result import Figures, Result, RowFigures
from mpp.survey.rules.unsur import QUESTIONS, Unsur

HIDDEN = "< 5"


def report_pdf(
    mall_name: str,
    report: Report,
    follow_ups: Sequence[FollowUp],
    *,
    made: datetime,
    is_synthetic: bool,
) -> bytes:
    """The whole report: introduction, method, results, conclusion with the plan, annexes."""
    found = report.result
    paper = Paper(
        "Laporan Survei Kepuasan Masyarakat", mall_name, made=made, is_synthetic=is_synthetic
    )
    paper.say(f"{found.agency or 'Seluruh mal'}, {_days(found)}")
    _introduction(paper, mall_name, found)
    _method(paper, found)
    _results(paper, found)
    _conclusion(paper, found.figures, follow_ups)
    _annexes(paper, found)
    return paper.bytes()


def _introduction(paper: Paper, mall_name: str, found: Result) -> None:
    paper.heading("I. Pendahuluan")
    paper.say(
        f"Latar belakang: {mall_name} menilai pelayanannya secara berkala menurut pendapat mereka yang "
        "dilayani, agar perbaikan dimulai dari yang paling lemah."
    )
    paper.say(
        "Dasar hukum: UU 25/2009 tentang Pelayanan Publik; PermenPANRB 14/2017 tentang Pedoman "
        "Penyusunan Survei Kepuasan Masyarakat Unit Penyelenggara Pelayanan Publik."
    )
    paper.say(
        "Tujuan: mengukur Indeks Kepuasan Masyarakat (IKM), menemukan unsur yang perlu diperbaiki, dan "
        f"menyusun tindak lanjutnya untuk periode {_days(found)}."
    )


def _method(paper: Paper, found: Result) -> None:
    response, rule = found.response, found.figures.weights
    paper.heading("II. Metode")
    paper.say(
        "Pengumpulan: setelah dilayani, lewat ponsel atau tablet loket dengan kunci sekali pakai yang "
        "tidak dapat dihubungkan dengan kunjungan; formulir kertas dimasukkan sebagai tabel. Satu "
        "kunjungan dihitung satu kali."
    )
    paper.say(
        f"Responden: {found.figures.n} dari {response.served} kunjungan terlayani, {response.paper} di "
        f"antaranya di kertas. Sasaran menurut Krejcie dan Morgan (95 %, galat 5 poin): {response.target}."
    )
    weight = "1/9" if rule == "exact" else rule
    paper.say(
        f"Pengolahan: NRR tiap unsur = jumlah nilai / jumlah yang menjawab; IKM = jumlah (NRR x {weight}) "
        "x 25, dibulatkan dua desimal sebelum digolongkan. Selang 95 % dengan bootstrap atas responden."
    )


def _results(paper: Paper, found: Result) -> None:
    figures = found.figures
    paper.heading("III. Hasil")
    paper.say(
        f"IKM {_number(figures.ikm)}, mutu {figures.grade} ({figures.performance}); selang 95 %: "
        f"{_number(figures.low)} sampai {_number(figures.high)}."
    )
    if figures.others:
        paper.say(f"Tidak dapat dibedakan dari mutu {' dan '.join(figures.others)}.")
    paper.heading("Nilai tiap unsur")
    paper.bars(
        [(_named(each.unsur), each.nrr or 0.0, _number(each.nrr, 3)) for each in figures.unsur],
        most=4.0,
    )
    paper.table(
        ["Unsur", "Menjawab", "NRR", "95 % bawah", "95 % atas"],
        [
            [
                _named(each.unsur),
                str(each.answered),
                *(_number(value, 3) for value in (each.nrr, each.low, each.high)),
            ]
            for each in figures.unsur
        ],
        [6, 2.4, 2, 2.6, 2.6],
    )
    if found.agencies:
        paper.heading("Menurut instansi")
        _rows(paper, found.agencies)
    paper.heading("Profil responden")
    for field, cells in found.profile.items():
        paper.table(
            [NAMES[field], "Responden"],
            [
                [
                    FIELDS[field].get(cell.code, "tidak dijawab"),
                    HIDDEN if cell.count is None else str(cell.count),
                ]
                for cell in cells
            ],
            [4, 1],
        )


def _conclusion(paper: Paper, figures: Figures, follow_ups: Sequence[FollowUp]) -> None:
    paper.heading("IV. Kesimpulan dan rencana tindak lanjut")
    weakest = ", ".join(UNSUR[unsur].lower() for unsur in figures.weakest[:3])
    paper.say(f"Unsur yang diperbaiki lebih dahulu, dari yang terendah: {weakest}.")
    if not follow_ups:
        paper.say("Rencana tindak lanjut belum disusun.")
        return
    paper.table(
        ["Tindakan", "Unsur", "Penanggung jawab", "Tenggat", "Selesai"],
        [
            [
                each.action,
                UNSUR_CODES[each.unsur],
                each.person,
                f"{each.due:%d-%m-%Y}",
                "belum" if each.done_on is None else f"{each.done_on:%d-%m-%Y}",
            ]
            for each in follow_ups
        ],
        [6, 1.3, 4, 2.4, 2.4],
    )
    paper.say(f"Terealisasi {round((realised(list(follow_ups)) or 0) * 100)} %.")


def _annexes(paper: Paper, found: Result) -> None:
    paper.heading("Lampiran 1. Kuesioner baku")
    for unsur in Unsur:
        asked = QUESTIONS[unsur]
        options = "; ".join(f"{value} {word}" for value, word in enumerate(asked.options, start=1))
        paper.say(f"{UNSUR_CODES[unsur.value]} {asked.text} ({options})")
    paper.heading("Lampiran 2. Sebaran jawaban")
    paper.table(
        ["Unsur", "1", "2", "3", "4", "Tidak menjawab"],
        [
            [_named(each.unsur), *map(str, each.counts), str(found.figures.n - each.answered)]
            for each in found.figures.unsur
        ],
        [6, 1.5, 1.5, 1.5, 1.5, 3],
    )
    if found.services:
        paper.heading("Lampiran 3. Menurut layanan")
        _rows(paper, found.services)


def _rows(paper: Paper, rows: Sequence[RowFigures]) -> None:
    paper.table(
        ["Nama", "Terlayani", "Responden", "IKM", "Mutu"],
        [
            [
                each.name,
                "-" if each.served is None else str(each.served),
                HIDDEN if each.n is None else str(each.n),
                _number(each.ikm),
                each.grade or "-",
            ]
            for each in rows
        ],
        [6, 2.4, 2.6, 2, 1.5],
    )


def _named(unsur: str) -> str:
    return f"{UNSUR_CODES[unsur]} {UNSUR[unsur]}"


def _number(value: float | None, places: int = 2) -> str:
    return format_decimal(value, places, none="-")


def _days(found: Result) -> str:
    return f"{format_long_day(found.first)} sampai {format_long_day(found.last)}"
