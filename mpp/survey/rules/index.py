"""The satisfaction index (IKM) and its grade, in exact arithmetic.

    NRR_u = Σ values of u / number of respondents who answered u
    IKM   = Σ (NRR_u × weight) × 25

Source: PermenPANRB 14/2017. Rounding to two decimals (half up) comes before grading, because the bounds are
written with two decimals: 76.60 is C, 76.61 is B.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from mpp.survey.rules.unsur import Answers, Unsur
from mpp.texts import marked

SCALE = 25
"""From values of 1–4 to an index of 25–100."""


class Weights(StrEnum):
    """Which weight each of the nine unsur has."""

    EXACT = "exact"
    """1/9: a survey of fours gives 100."""
    ROUNDED = "0.11"
    """As the annex prints it: a survey of fours gives 99. Only to make an older report again."""
    THOUSANDTHS = "0.111"
    """As many older reports print it: a survey of fours gives 99.9. Only to make those again."""

    @property
    def each(self) -> Fraction:
        return Fraction(1, len(Unsur)) if self is Weights.EXACT else Fraction(self.value)


@dataclass(frozen=True, slots=True)
class Grade:
    """A class of the index: from `lowest` (with two decimals) up to the next one."""

    letter: str
    performance: str
    lowest: Decimal


GRADES = (
    Grade("A", marked("Sangat baik"), Decimal("88.31")),
    Grade("B", marked("Baik"), Decimal("76.61")),
    Grade("C", marked("Kurang baik"), Decimal("65.00")),
    # D begins at 25.00; with weights of 0.11 even 24.75 can be
    Grade("D", marked("Tidak baik"), Decimal("0.00")),
)
"""The bounds of 2017. Those of 2004 (43.75, 62.50, 81.25), still in many programs, no longer hold."""


@dataclass(frozen=True, slots=True)
class Index:
    """`nrr`: exact means by unsur, None where nobody answered. `ikm`: rounded to two decimals; None
    unless each of the nine has an answer."""

    n: int
    answered: Mapping[Unsur, int]
    nrr: Mapping[Unsur, Fraction | None]
    ikm: Decimal | None
    weights: Weights

    @property
    def grade(self) -> Grade | None:
        return None if self.ikm is None else grade_of(self.ikm)

    @property
    def weakest_first(self) -> list[Unsur]:
        """The unsur to mend, lowest NRR first; those without an answer are left out."""
        known = [(mean, number, unsur) for number, (unsur, mean) in enumerate(self.nrr.items())
                 if mean is not None]  # fmt: skip
        return [unsur for _, _, unsur in sorted(known)]


def index_of(respondents: Sequence[Answers], weights: Weights = Weights.EXACT) -> Index:
    """The index of a survey. A respondent who answered nothing counts in `n` and in no mean."""
    sums = dict.fromkeys(Unsur, 0)
    answered = dict.fromkeys(Unsur, 0)
    for each in respondents:
        for unsur, value in each.values.items():
            sums[unsur] += value
            answered[unsur] += 1
    return index_from(len(respondents), sums, answered, weights)


def index_from(
    n: int,
    sums: Mapping[Unsur, int],
    answered: Mapping[Unsur, int],
    weights: Weights = Weights.EXACT,
) -> Index:
    """The same from sums, which may have been added up over days, services or agencies."""
    nrr = {u: Fraction(sums[u], answered[u]) if answered[u] else None for u in Unsur}
    known = [mean for mean in nrr.values() if mean is not None]
    ikm = None
    if len(known) == len(Unsur):
        ikm = round_half_up(sum(known, Fraction(0)) * weights.each * SCALE)
    return Index(n, {u: answered[u] for u in Unsur}, nrr, ikm, weights)


def grade_of(ikm: Decimal) -> Grade:
    """The grade of an index that is already rounded to two decimals."""
    return next(grade for grade in GRADES if ikm >= grade.lowest)


def round_half_up(value: Fraction, places: int = 2) -> Decimal:
    """To `places` decimals, halves upward: exact, as done by hand.

    >>> round_half_up(Fraction(76605, 1000))
    Decimal('76.61')
    """
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)


def indistinguishable(grade: Grade, interval: tuple[Decimal, Decimal]) -> list[Grade]:
    """The other grades that the interval reaches into: "tidak dapat dibedakan dari …"."""
    low, high = (grade_of(max(end, Decimal(0))) for end in interval)
    return [each for each in GRADES[GRADES.index(high) : GRADES.index(low) + 1] if each != grade]


# -- how many must be asked ------------------------------------------------------------------------

CHI_SQUARE = Fraction(3841, 1000)  # one degree of freedom, 95 %


def sample_target(population: int) -> int:
    """How many of so many recipients to ask, by Krejcie & Morgan (1970): 95 %, ± 5 points, P = 0.5.

    Rounded to the nearest, as in their table.

    >>> [sample_target(n) for n in (10, 100, 1000, 1_000_000)]
    [10, 80, 278, 384]
    """
    spread = CHI_SQUARE / 4
    size = spread * population / (Fraction(1, 400) * (population - 1) + spread)
    return int(round_half_up(size, 0))
