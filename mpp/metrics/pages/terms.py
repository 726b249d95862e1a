"""The term that a page shows, and its neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mpp.metrics.rules.terms import Span, Term, span_of
from mpp.texts import marked

TERM_WORDS: Mapping[Term, str] = {
    Term.MONTH: marked("Bulan"),
    Term.QUARTER: marked("Triwulan"),
    Term.SEMESTER: marked("Semester"),
    Term.YEAR: marked("Tahun"),
}


@dataclass(frozen=True, kw_only=True)
class SpanView:
    """The term shown, its neighbours, and the same day in shorter and longer ones."""

    key: str
    term: str
    number: int
    year: int
    first: date
    previous: str
    following: str | None
    choices: Sequence[tuple[str, str]]
    """Key → what a term of this length is called."""


def span_view(span: Span, today: date) -> SpanView:
    day = min(span.period.last, today) if span.period.first <= today else span.period.first
    following = span.following
    return SpanView(
        key=span.key,
        term=span.term,
        number=span.number,
        year=span.year,
        first=span.period.first,
        previous=span.previous.key,
        following=following.key if following.period.first <= today else None,
        choices=[(span_of(term, day).key, TERM_WORDS[term]) for term in Term],
    )
