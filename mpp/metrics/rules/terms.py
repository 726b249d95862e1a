"""The terms for which a survey is reported: month, quarter, semester, year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from mpp.errors import Invalid
from mpp.metrics.rules.periods import Period


class Term(StrEnum):
    """How long a term is."""

    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"


MONTHS: Mapping[Term, int] = MappingProxyType(
    {Term.MONTH: 1, Term.QUARTER: 3, Term.SEMESTER: 6, Term.YEAR: 12}
)


@dataclass(frozen=True, slots=True)
class Span:
    """One term: `number` of it in `year`, from 1."""

    term: Term
    year: int
    number: int

    @property
    def period(self) -> Period:
        length = MONTHS[self.term]
        first = date(self.year, (self.number - 1) * length + 1, 1)
        return Period(first, _add(first, length) - timedelta(days=1))

    @property
    def previous(self) -> "Span":
        return span_of(self.term, self.period.first - timedelta(days=1))

    @property
    def following(self) -> "Span":
        return span_of(self.term, self.period.last + timedelta(days=1))

    @property
    def key(self) -> str:
        """As it stands in an address: `2026-11`, `2026-q4`, `2026-s2`, `2026`.

        >>> Span(Term.SEMESTER, 2026, 2).key
        '2026-s2'
        """
        letter = {Term.QUARTER: "-q", Term.SEMESTER: "-s"}
        if self.term is Term.YEAR:
            return f"{self.year}"
        if self.term is Term.MONTH:
            return f"{self.year}-{self.number:02d}"
        return f"{self.year}{letter[self.term]}{self.number}"


def _add(first: date, months: int) -> date:
    whole = first.year * 12 + first.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def span_of(term: Term, day: date) -> Span:
    """The term in which a day lies."""
    return Span(term, day.year, (day.month - 1) // MONTHS[term] + 1)


def read_span(key: str, today: date) -> Span:
    """Read what `Span.key` wrote; this quarter for an empty one. `Invalid` names the field."""
    if not key:
        return span_of(Term.QUARTER, today)
    year, _, rest = key.partition("-")
    term = {"": Term.YEAR, "q": Term.QUARTER, "s": Term.SEMESTER}.get(rest[:1], Term.MONTH)
    number = "1" if term is Term.YEAR else rest if term is Term.MONTH else rest[1:]
    if _is_whole(year, 4) and _is_whole(number, 2) and 2000 <= int(year) <= today.year + 1:
        found = Span(term, int(year), int(number))
        if 1 <= found.number <= 12 // MONTHS[term] and found.key == key:
            return found
    raise Invalid("Tulis periode sebagai 2026-11, 2026-q4, 2026-s2, atau 2026.", field="period")


def _is_whole(text: str, longest: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= longest
