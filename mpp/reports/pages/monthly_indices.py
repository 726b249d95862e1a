"""The two indices in the month's report: satisfaction (IKM) and public service (IPP)."""

from mpp.documents.chart import Interval, IntervalChart, Mark
from mpp.documents.document import (
    Block,
    Column,
    Figure,
    Figures,
    Kind,
    Note,
    Paragraph,
    Picture,
    Section,
    Table,
    Value,
)
from mpp.documents.wording import decimal
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.instrument import TOP
from mpp.number_format import format_integer
from mpp.reports.pages.paper import DEFINITIONS, LANGUAGE
from mpp.reports.rules.monthly import Monthly
from mpp.survey.rules.index import GRADES, SCALE
from mpp.survey.rules.result import Figures as SurveyFigures
from mpp.survey.rules.unsur import CODES, QUESTIONS, Unsur

LOWEST, HIGHEST = 1, 4
"""Of an answer."""


def survey(found: Monthly) -> Section:
    """The index with its interval, and the nine unsur."""
    said = found.survey.figures
    title = "Survei Kepuasan Masyarakat"
    if said.ikm is None:
        few = f"Belum cukup jawaban untuk indeks ({format_integer(said.n, LANGUAGE)} responden)."
        return Section(title, [Paragraph(few)])
    return Section(
        title,
        [
            Paragraph(index_sentence(said)),
            unsur_picture(said),
            unsur_table(said),
            Note(
                "NRR: jumlah nilai dibagi yang menjawab. IKM: jumlah NRR × 1/9 × 25 (PermenPANRB 14/2017), "
                f"dibulatkan sebelum digolongkan; lengkapnya: {DEFINITIONS}#ikm"
            ),
        ],
    )


def index_sentence(said: SurveyFigures) -> str:
    """The index, its grade, its interval, and what it cannot be told from."""
    people = format_integer(said.n, LANGUAGE)
    text = f"IKM {_two(said.ikm)}, mutu {said.grade} ({said.performance}), {people} responden."
    if said.low is not None and said.high is not None:
        text += f" Selang kepercayaan 95 %: {_two(said.low)} sampai {_two(said.high)}."
    if said.others:
        text += f" Tidak dapat dibedakan dari mutu {' dan '.join(said.others)}."
    return text


def unsur_name(unsur: str) -> str:
    return f"{CODES[Unsur(unsur)].upper()} {QUESTIONS[Unsur(unsur)].name}"


def unsur_picture(said: SurveyFigures) -> Picture:
    """Means with their intervals, and where the grades begin."""
    marks = [
        Mark(grade.letter, float(grade.lowest) / SCALE)
        for grade in GRADES
        if float(grade.lowest) / SCALE > LOWEST
    ]
    rows = [Interval(unsur_name(each.unsur), each.nrr, each.low, each.high) for each in said.unsur]
    weakest = unsur_name(said.weakest[0]) if said.weakest else "–"
    return Picture(
        "unsur",
        "Nilai rata-rata tiap unsur (1–4) dengan selang 95 %; garis titik-titik: mulai mutu",
        f"Batang tiap unsur; yang terendah {weakest}.",
        IntervalChart(rows, LOWEST, HIGHEST, "NRR", marks),
    )


def unsur_table(said: SurveyFigures) -> Table:
    """The same as figures."""
    low, high = (Column(f"95 %, {end}", Kind.DECIMAL, places=3) for end in ("bawah", "atas"))
    return Table(
        "unsur",
        "Nilai tiap unsur",
        [
            Column("Unsur", weight=4),
            Column("Menjawab", Kind.INTEGER, weight=1.2),
            Column("NRR", Kind.DECIMAL, places=3),
            low,
            high,
        ],
        [(unsur_name(e.unsur), e.answered, e.nrr, e.low, e.high) for e in said.unsur],
    )


def index(found: Monthly) -> Section:
    """The newest evaluation: the index of public service on its scale."""
    blocks = [] if found.evaluation is None else _index(found.evaluation)
    return Section("Indeks Pelayanan Publik (IPP)", blocks)


def _index(newest: Evaluation) -> list[Block]:
    score = newest.score
    guess = "" if newest.is_judged else " Perkiraan: belum semua indikator dinilai evaluator."
    ipp = decimal(score.ipp, LANGUAGE, 2)
    starts = [each for each in newest.instrument.predicate if each.lowest > 0]
    named = ", ".join(f"{e.letter} {decimal(e.lowest, LANGUAGE, 2)}" for e in starts)
    return [
        Paragraph(
            f"IPP {ipp}, predikat {score.predicate.letter} ({score.predicate.name}); {newest.unit}, "
            f"{newest.year}.{guess}"
        ),
        Figures([Figure("ipp", "IPP", Value(Kind.DECIMAL, score.ipp), score.predicate.name)]),
        Picture(
            "ipp",
            f"Indeks Pelayanan Publik, skala 0–{TOP}; garis titik-titik: mulai predikat ({named})",
            f"Satu batang dari 0 sampai {ipp} pada skala 0–{TOP}.",
            IntervalChart(
                [Interval("IPP", score.ipp, None, None)],
                0,
                TOP,
                "indeks",
                [Mark(each.letter, each.lowest) for each in starts],
            ),
        ),
        Note(
            f"IPP: {newest.instrument.source}; evaluasi terakhir, bukan angka bulan ini. "
            f"Lengkapnya: {DEFINITIONS}#ipp"
        ),
    ]


def _two(value: float | None) -> str:
    return decimal(value, LANGUAGE, 2)
