"""The two indices in the month's report: satisfaction (IKM) and public service (IPP)."""

from mpp.evaluation.rules.evaluation import Evaluation
from mpp.number_format import format_decimal, format_integer
from mpp.reports.pages import pdf_rows
from mpp.reports.pages.pdf import Paper
from mpp.reports.pages.words import number
from mpp.survey.rules.result import Figures
from mpp.survey.rules.unsur import QUESTIONS, Unsur

DEFINITIONS = "/overview/definitions"
"""Where every figure's meaning is written in full."""


def survey(paper: Paper, said: Figures) -> None:
    """The index with its interval, and the nine unsur."""
    paper.heading("Survei Kepuasan Masyarakat")
    if said.ikm is None or said.grade is None:
        paper.say(f"Belum cukup jawaban untuk indeks ({said.n} responden).")
        return
    text = f"IKM {number(said.ikm)}, mutu {said.grade} ({said.performance}), "
    text += f"{format_integer(said.n)} responden."
    if said.low is not None and said.high is not None:
        text += f" Selang kepercayaan 95 %: {number(said.low)} sampai {number(said.high)}."
    if said.others:
        text += f" Tidak dapat dibedakan dari mutu {' dan '.join(said.others)}."
    paper.say(text)
    pdf_rows.unsur(paper, said)
    if said.weakest:
        paper.say(f"Unsur terlemah: {QUESTIONS[Unsur(said.weakest[0])].name}.")
    paper.define(
        "NRR: jumlah nilai dibagi yang menjawab. IKM: jumlah NRR x 1/9 x 25 (PermenPANRB 14/2017), "
        f"dibulatkan sebelum digolongkan; lengkapnya: {DEFINITIONS}#ikm"
    )


def index(paper: Paper, newest: Evaluation) -> None:
    """The newest evaluation: the index of public service in a line."""
    score = newest.score
    paper.heading("Indeks Pelayanan Publik (IPP)")
    guess = "" if newest.is_judged else " Perkiraan: belum semua indikator dinilai evaluator."
    paper.say(
        f"IPP {format_decimal(score.ipp, 2)}, predikat {score.predicate.letter} ({score.predicate.name}); "
        f"{newest.unit}, {newest.year}.{guess}"
    )
    pdf_rows.ipp(paper, score.ipp, newest.instrument.predicate)
    paper.define(
        f"IPP: {newest.instrument.source}; evaluasi terakhir, bukan angka bulan ini. "
        f"Lengkapnya: {DEFINITIONS}#ipp"
    )
