"""The way to the next predicate: which indicators to raise by how many levels for the least effort.

Each level of an indicator is worth a fixed number of points and costs an estimated effort, so the cheapest
way is a knapsack over (indicator, levels raised), solved exactly: `best[e]` is the most points that effort
e can buy. Of ways with the same effort the one with the most points wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mpp.evaluation.rules.instrument import (
    TOP,
    Indicator,
    Instrument,
    Predicate,
    Step,
    Variant,
    gains,
)
from mpp.evaluation.rules.score import Levels, Score, next_predicate

HALF_A_CENT = Fraction(1, 200)
"""An index is rounded to two decimals before it is judged."""


@dataclass(frozen=True, slots=True)
class Raise:
    """Bring `indicator` from level `now` to level `then`."""

    indicator: Indicator
    now: int
    then: int
    gain: Fraction
    effort: int


@dataclass(frozen=True, slots=True)
class Way:
    """`target` None: already at the top. `raises` empty with a target: no levels reach it."""

    target: Predicate | None
    needed: Fraction
    raises: tuple[Raise, ...]

    @property
    def effort(self) -> int:
        return sum(each.effort for each in self.raises)

    @property
    def gain(self) -> Fraction:
        return sum((each.gain for each in self.raises), Fraction(0))


def way_up(
    instrument: Instrument,
    variant: Variant,
    score: Score,
    levels: Levels,
    efforts: Mapping[int, int] | None = None,
) -> Way:
    """`efforts`: this mall's own estimates by indicator, instead of the instrument's."""
    target = next_predicate(instrument, score.ipp)
    if target is None:
        return Way(None, Fraction(0), ())
    needed = Fraction(target.lowest) - HALF_A_CENT - score.raw
    choices = [
        [
            _raised(step, now, then, efforts or {})
            for now in [levels.get(number, 0)]
            for then in range(now + 1, TOP + 1)
        ]
        for number, step in gains(variant, score.f02_share).items()
    ]
    return Way(target, needed, _cheapest(choices, needed))


def _raised(step: Step, now: int, then: int, efforts: Mapping[int, int]) -> Raise:
    each = efforts.get(step.indicator.number, step.indicator.effort)
    return Raise(step.indicator, now, then, step.gain * (then - now), each * (then - now))


def best_single_steps(
    variant: Variant,
    score: Score,
    levels: Levels,
    efforts: Mapping[int, int] | None = None,
) -> list[Raise]:
    """Every indicator that can rise, one level each, most points for the effort first."""
    steps = [
        _raised(step, levels.get(number, 0), levels.get(number, 0) + 1, efforts or {})
        for number, step in gains(variant, score.f02_share).items()
        if levels.get(number, 0) < TOP
    ]
    return sorted(steps, key=lambda each: (-each.gain / each.effort, each.indicator.number))


def _cheapest(choices: Sequence[Sequence[Raise]], needed: Fraction) -> tuple[Raise, ...]:
    best: dict[int, tuple[Fraction, tuple[Raise, ...]]] = {0: (Fraction(0), ())}
    for options in choices:
        extended = dict(best)
        for spent, (gain, so_far) in best.items():
            for option in options:
                effort, points = spent + option.effort, gain + option.gain
                if effort not in extended or points > extended[effort][0]:
                    extended[effort] = (points, (*so_far, option))
        best = _undominated(extended, needed)
    enough = [(effort, raises) for effort, (gain, raises) in best.items() if gain >= needed]
    return min(enough, key=lambda each: each[0], default=(0, ()))[1]


def _undominated(
    found: Mapping[int, tuple[Fraction, tuple[Raise, ...]]], needed: Fraction
) -> dict[int, tuple[Fraction, tuple[Raise, ...]]]:
    """What no cheaper one outdoes; nothing beyond the first that is enough."""
    kept: dict[int, tuple[Fraction, tuple[Raise, ...]]] = {}
    most = Fraction(-1)
    for effort in sorted(found):
        if found[effort][0] > most:
            most = found[effort][0]
            kept[effort] = found[effort]
            if most >= needed:
                break
    return kept
