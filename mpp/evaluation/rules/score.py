"""The Indeks Pelayanan Publik from an evaluator's levels and users' answers, in exact arithmetic.

    F-02 = Σ aspect's weight × Σ indicator's weight × level       0 … 5
    F-03 = mean of all answers of all users                       0 … 5
    IPP  = 0.75 × F-02 + 0.25 × F-03                               rounded to two decimals, half up

What has no score yet counts as 0, so an unfinished index is a lower bound: it can only rise. It says what is
missing. No rule was found for an evaluation without users' answers, so that is a choice (`WithoutUsers`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from mpp.errors import Invalid
from mpp.evaluation.rules.instrument import TOP, Aspect, Instrument, Predicate, Variant
from mpp.survey.rules.index import round_half_up


class WithoutUsers(StrEnum):
    """What an evaluation without a single user's answer comes to."""

    ZERO = "zero"
    """F-03 counts as 0."""
    EVALUATOR_ALONE = "f02"
    """The index is F-02 alone."""


@dataclass(frozen=True, slots=True)
class AspectScore:
    """`score`: 0 … 5, exact."""

    aspect: Aspect
    score: Fraction
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """`raw`: the exact index, `ipp`: as it is published. `f02_share`: what F-02 counts in it."""

    aspects: tuple[AspectScore, ...]
    f02: Fraction
    f03: Fraction | None
    f02_share: Fraction
    raw: Fraction
    ipp: Decimal
    predicate: Predicate
    missing: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing and self.f03 is not None


Levels = Mapping[int, int]


def score_of(
    instrument: Instrument,
    variant: Variant,
    levels: Levels,
    answers: Sequence[Sequence[int | None]],
    without_users: WithoutUsers = WithoutUsers.ZERO,
) -> Score:
    """`levels`: by the indicator's number. `answers`: one row a user, None where not answered."""
    check_levels(variant, levels)
    check_answers(variant, answers)
    aspects = tuple(_aspect_score(aspect, levels) for aspect in variant.aspect)
    whole = sum(each.aspect.weight for each in aspects)
    f02 = sum((each.score * Fraction(each.aspect.weight, whole) for each in aspects), Fraction(0))
    f03 = users_mean(answers)
    alone = f03 is None and without_users is WithoutUsers.EVALUATOR_ALONE
    share = Fraction(1) if alone else Fraction(instrument.f02_share)
    raw = share * f02 + Fraction(instrument.f03_share) * (f03 or 0)
    ipp = round_half_up(raw)
    missing = tuple(number for each in aspects for number in each.missing)
    return Score(aspects, f02, f03, share, raw, ipp, predicate_of(instrument, ipp), missing)


def _aspect_score(aspect: Aspect, levels: Levels) -> AspectScore:
    within = sum(each.weight for each in aspect.indicator)
    points = sum(each.weight * levels.get(each.number, 0) for each in aspect.indicator)
    missing = tuple(each.number for each in aspect.indicator if each.number not in levels)
    return AspectScore(aspect, Fraction(points, within), missing)


def users_mean(answers: Sequence[Sequence[int | None]]) -> Fraction | None:
    """The mean of all answers; None when there is none."""
    given = [answer for row in answers for answer in row if answer is not None]
    return Fraction(sum(given), len(given)) if given else None


def predicate_of(instrument: Instrument, ipp: Decimal) -> Predicate:
    """The predicate of an index that is already rounded to two decimals."""
    descending = sorted(instrument.predicate, key=lambda each: each.lowest, reverse=True)
    return next(each for each in descending if ipp >= each.lowest)


def next_predicate(instrument: Instrument, ipp: Decimal) -> Predicate | None:
    """The lowest one above; None at the top."""
    above = [each for each in instrument.predicate if each.lowest > ipp]
    return min(above, key=lambda each: each.lowest, default=None)


def check_levels(variant: Variant, levels: Levels) -> None:
    """`Invalid` names an indicator that is not there or a level that is none."""
    known = {each.number for _, each in variant.indicators()} | {e.number for e in variant.extra}
    for number, level in levels.items():
        if number not in known:
            raise Invalid(f"Indikator {number} tidak ada dalam varian ini.", field=f"f02.{number}")
        if not 0 <= level <= TOP:
            raise Invalid(
                f"Indikator {number}: {level} bukan tingkat 0–{TOP}.", field=f"f02.{number}"
            )


def check_answers(variant: Variant, answers: Sequence[Sequence[int | None]]) -> None:
    """`Invalid` names the row, from 1, that has too many or too few answers or an impossible one."""
    for row, given in enumerate(answers, start=1):
        if len(given) != len(variant.question):
            raise Invalid(
                f"Pengguna ke-{row}: {len(given)} jawaban, bukan {len(variant.question)}.",
                field=f"f03[{row - 1}]",
            )
        for each in given:
            if each is not None and not 0 <= each <= TOP:
                raise Invalid(
                    f"Pengguna ke-{row}: {each} bukan jawaban 0–{TOP}.", field=f"f03[{row - 1}]"
                )
