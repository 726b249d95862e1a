"""Which level of an indicator counts: the evaluator's, where there is one, else the unit's own.

The index of the evaluator's levels is the one that is published. As long as the evaluator has not judged
everything, the unit's own levels fill the gaps: an estimate, and said to be one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mpp.evaluation.rules.score import Levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is known of one indicator in one evaluation. `own`: F-01, `level`: the evaluator's, F-02."""

    own: int | None = None
    level: int | None = None
    evidence: str = ""
    note: str = ""
    effort: int | None = None

    @property
    def standing(self) -> int | None:
        return self.own if self.level is None else self.level


NOTHING = Judged()


def standing(judged: Mapping[int, Judged]) -> Levels:
    """The levels that count, by indicator."""
    return {number: it.standing for number, it in judged.items() if it.standing is not None}


def efforts(judged: Mapping[int, Judged]) -> Mapping[int, int]:
    """The unit's own estimates of effort, by indicator."""
    return {number: it.effort for number, it in judged.items() if it.effort is not None}


def is_judged(judged: Mapping[int, Judged], numbers: frozenset[int]) -> bool:
    """The evaluator has given a level to each of these indicators."""
    return all(judged.get(number, NOTHING).level is not None for number in numbers)
