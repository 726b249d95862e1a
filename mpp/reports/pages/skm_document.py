"""The survey's report as a paper, in its customary structure, in Indonesian as it is handed in."""

from collections.abc import Sequence
from datetime import datetime

from mpp.documents.chart import Series, ShareBars
from mpp.documents.document import (
    Block,
    Cell,
    Column,
    Document,
    Kind,
    Paragraph,
    Picture,
    Section,
    Table,
    Value,
)
from mpp.documents.wording import share
from mpp.number_format import format_integer, format_long_day
from mpp.reports.pages.monthly_indices import index_sentence, unsur_name, unsur_picture, unsur_table
from mpp.reports.pages.paper import LANGUAGE, mall_paper
from mpp.survey.rules.profile import NAMES, word_of
from mpp.survey.rules.report import FollowUp, Report, realised
from mpp.survey.rules.result import Result, RowFigures
from mpp.survey.rules.unsur import CODES, QUESTIONS, Unsur

HIDDEN = "< 5"
"""Stands where so few answered that nothing is shown."""
WEAKEST = 3


def skm_document(
    mall_name: str, report: Report, plan: Sequence[FollowUp], *, made: datetime, is_synthetic: bool
) -> Document:
    """The whole report: introduction, method, results, conclusion with the plan, annexes."""
    found = report.result
    return mall_paper(
        mall_name,
        "Laporan Survei Kepuasan Masyarakat",
        f"{found.agency or 'Seluruh mal'}, {_days(found)}",
        made=made,
        is_synthetic=is_synthetic,
        summary=_summary(found, plan),
        sections=[
            _introduction(mall_name, found),
            _method(found),
            _results(found),
            _conclusion(found, plan),
            *_annexes(found),
        ],
    )


def _days(found: Result) -> str:
    return (
        f"{format_long_day(found.first, LANGUAGE)} sampai {format_long_day(found.last, LANGUAGE)}"
    )


def _summary(found: Result, plan: Sequence[FollowUp]) -> list[str]:
    said = found.figures
    if said.ikm is None:
        return [f"Belum cukup jawaban untuk indeks ({format_integer(said.n, LANGUAGE)} responden)."]
    return [index_sentence(said), f"Tindakan: {_first(found)}", _planned(plan)]


def _first(found: Result) -> str:
    weakest = ", ".join(
        QUESTIONS[Unsur(each)].name.lower() for each in found.figures.weakest[:WEAKEST]
    )
    return f"unsur yang diperbaiki lebih dahulu, dari yang terendah: {weakest}."


def _planned(plan: Sequence[FollowUp]) -> str:
    if not plan:
        return "Rencana tindak lanjut belum disusun."
    done = share(realised(list(plan)), LANGUAGE, 0)
    return f"Rencana tindak lanjut: {len(plan)} tindakan, terealisasi {done}."


def _introduction(mall_name: str, found: Result) -> Section:
    return Section(
        "I. Pendahuluan",
        [
            Paragraph(
                f"Latar belakang: {mall_name} menilai pelayanannya secara berkala menurut pendapat mereka "
                "yang dilayani, agar perbaikan dimulai dari yang paling lemah."
            ),
            Paragraph(
                "Dasar hukum: UU 25/2009 tentang Pelayanan Publik; PermenPANRB 14/2017 tentang Pedoman "
                "Penyusunan Survei Kepuasan Masyarakat Unit Penyelenggara Pelayanan Publik."
            ),
            Paragraph(
                "Tujuan: mengukur Indeks Kepuasan Masyarakat (IKM), menemukan unsur yang perlu diperbaiki, "
                f"dan menyusun tindak lanjutnya untuk periode {_days(found)}."
            ),
        ],
    )


INTERVALS = {
    "bootstrap": "Selang 95 % dengan bootstrap atas responden.",
    "bounded": "Selang 95 %: ujung bawah dihitung seolah ada satu responden lagi yang memberi 1 pada semua "
    "unsur, ujung atas satu yang memberi 4 (batas Gaffke, dengan sebaran beta).",
}
"""How the interval of a report was found, for reports published before the way changed too."""


def _method(found: Result) -> Section:
    response, rule = found.response, found.figures.weights
    weight = "1/9" if rule == "exact" else rule
    n, served, paper, target = (
        format_integer(each, LANGUAGE)
        for each in (found.figures.n, response.served, response.paper, response.target)
    )
    return Section(
        "II. Metode",
        [
            Paragraph(
                "Pengumpulan: setelah dilayani, lewat ponsel atau tablet loket dengan kunci sekali pakai "
                "yang tidak dapat dihubungkan dengan kunjungan; formulir kertas dimasukkan sebagai tabel. "
                "Satu kunjungan dihitung satu kali."
            ),
            Paragraph(
                f"Responden: {n} dari {served} kunjungan terlayani, {paper} di antaranya di kertas. Sasaran "
                f"menurut Krejcie dan Morgan (95 %, galat 5 poin): {target}."
                if response.served
                else f"Responden: {n}, {paper} di antaranya di kertas. Kunjungan tidak tercatat di sistem "
                "ini, jadi tidak ada sasaran menurut Krejcie dan Morgan."
            ),
            Paragraph(
                "Pengolahan: NRR tiap unsur = jumlah nilai / jumlah yang menjawab; IKM = jumlah (NRR × "
                f"{weight}) × 25, dibulatkan dua desimal sebelum digolongkan. "
                f"{INTERVALS[found.figures.method]}"
            ),
        ],
    )


def _results(found: Result) -> Section:
    said = found.figures
    blocks: list[Block] = []
    if said.ikm is not None:
        blocks.append(Paragraph(index_sentence(said)))
    blocks += [unsur_picture(said), unsur_table(said)]
    if found.agencies:
        blocks.append(_rows("agencies", "Menurut instansi", found.agencies))
    blocks += [_profile(field, found) for field in found.profile]
    return Section("III. Hasil", blocks)


def _profile(field: str, found: Result) -> Table:
    name = NAMES[field]
    rows = [
        (
            word_of(field, cell.code),
            HIDDEN if cell.count is None else cell.count,
        )
        for cell in found.profile[field]
    ]
    columns = [Column(name, weight=4), Column("Responden", Kind.INTEGER)]
    return Table(f"profile-{field}", f"Responden menurut {name.lower()}", columns, rows)


def _conclusion(found: Result, plan: Sequence[FollowUp]) -> Section:
    first = _first(found)
    blocks: list[Block] = [Paragraph(first[0].upper() + first[1:]), Paragraph(_planned(plan))]
    if plan:
        blocks.append(
            Table(
                "plan",
                "Rencana tindak lanjut",
                [
                    Column("Tindakan", weight=4),
                    Column("Unsur"),
                    Column("Penanggung jawab", weight=2.4),
                    Column("Tenggat", Kind.DATE, weight=2),
                    Column("Selesai", Kind.DATE, weight=2),
                ],
                [_follow_up(each) for each in plan],
            )
        )
    return Section("IV. Kesimpulan dan rencana tindak lanjut", blocks)


def _follow_up(each: FollowUp) -> tuple[Cell, ...]:
    code = CODES[Unsur(each.unsur)].upper()
    done = Value(Kind.TEXT, "belum") if each.done_on is None else each.done_on
    return (each.action, code, each.person, each.due, done)


def _annexes(found: Result) -> list[Section]:
    asked: list[Block] = [Paragraph(_question(unsur)) for unsur in Unsur]
    annexes = [
        Section("Lampiran 1. Kuesioner baku", asked),
        Section("Lampiran 2. Sebaran jawaban", _spread(found)),
    ]
    if found.services:
        rows = _rows("services", "Menurut layanan", found.services)
        annexes.append(Section("Lampiran 3. Menurut layanan", [rows]))
    return annexes


def _question(unsur: Unsur) -> str:
    asked = QUESTIONS[unsur]
    options = "; ".join(f"{value} {word}" for value, word in enumerate(asked.options, start=1))
    return f"{CODES[unsur].upper()} {asked.text} ({options})"


def _spread(found: Result) -> list[Block]:
    unsur = found.figures.unsur
    columns = [Column("Unsur", weight=4)]
    columns += [Column(str(value), Kind.INTEGER) for value in range(1, 5)]
    columns.append(Column("Tidak menjawab", Kind.INTEGER, weight=1.6))
    rows: list[tuple[Cell, ...]] = [
        (unsur_name(each.unsur), *each.counts, found.figures.n - each.answered) for each in unsur
    ]
    parts = [
        Series(f"nilai {value}", [each.counts[value - 1] for each in unsur])
        for value in range(1, 5)
    ]
    return [
        Picture(
            "spread",
            "Sebaran jawaban tiap unsur",
            "Batang tiap unsur, dibagi menurut nilai 1 sampai 4.",
            ShareBars([unsur_name(each.unsur) for each in unsur], parts, "jawaban"),
        ),
        Table("spread", "Sebaran jawaban", columns, rows),
    ]


def _rows(key: str, caption: str, rows: Sequence[RowFigures]) -> Table:
    return Table(
        key,
        caption,
        [
            Column("Nama", weight=4),
            Column("Terlayani", Kind.INTEGER),
            Column("Responden", Kind.INTEGER, weight=1.2),
            Column("IKM", Kind.DECIMAL),
            Column("Mutu", weight=0.7),
        ],
        [
            (each.name, each.served, HIDDEN if each.n is None else each.n, each.ikm, each.grade)
            for each in rows
        ],
    )
