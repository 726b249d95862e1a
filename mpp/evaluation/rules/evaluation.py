"""One evaluation of a unit in a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mpp.evaluation.rules.instrument import Instrument, Variant, instrument_of
from mpp.evaluation.rules.score import Score, WithoutUsers, score_of
from mpp.evaluation.rules.standing import Judged, is_judged, standing

Answers = Sequence[Sequence[int | None]]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One unit in one year. `users`: a row a user, answers in the order of the questions."""

    mall_id: int
    id: int
    year: int
    unit: str
    instrument_key: str
    variant_name: str
    without_users: WithoutUsers
    judged: Mapping[int, Judged]
    users: Answers

    @property
    def instrument(self) -> Instrument:
        return instrument_of(self.instrument_key)

    @property
    def variant(self) -> Variant:
        return self.instrument.variant_of(self.variant_name)

    @property
    def score(self) -> Score:
        """By the evaluator's levels, and the unit's own where there is none."""
        return self.score_at(standing(self.judged))

    def score_at(self, levels: Mapping[int, int]) -> Score:
        """By levels that are supposed."""
        return score_of(self.instrument, self.variant, levels, self.users, self.without_users)

    @property
    def is_judged(self) -> bool:
        """The evaluator has given every level of the index: it is no estimate any more."""
        numbers = frozenset(each.number for _, each in self.variant.indicators())
        return is_judged(self.judged, numbers)


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    id: int
    indicator: int | None
    text: str
    followed_up: str | None
    followed_up_on: date | None
