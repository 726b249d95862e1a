"""Where the bars of means and of the index lie, in percent of their scale."""

from dataclasses import dataclass

from mpp.survey.rules.index import GRADES, SCALE
from mpp.survey.rules.result import Figures, UnsurFigure

LOWEST, HIGHEST = 1.0, 4.0
WEAKEST = 3
"""So many unsur are marked as the ones to mend first."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One unsur: the bar ends at `end`, its interval goes from `low` to `high`."""

    figure: UnsurFigure
    end: float | None
    low: float | None
    high: float | None
    is_weak: bool


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a grade begins."""

    at: float
    letter: str
    lowest: str


def place(mean: float | None) -> float | None:
    """From a mean of 1–4 to percent of the scale."""
    if mean is None:
        return None
    return round((min(max(mean, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST) * 100, 2)


def bounds() -> list[Bound]:
    """D, C, B and A with the percent of the scale at which they begin."""
    found = []
    for grade in reversed(GRADES):
        at = place(float(grade.lowest) / SCALE)
        found.append(Bound(at or 0.0, grade.letter, f"{max(float(grade.lowest), 25):.2f}"))
    return found


def bars(figures: Figures) -> list[Bar]:
    """In the order in which they are asked; the weakest are marked."""
    weak = set(figures.weakest[:WEAKEST])
    return [
        Bar(each, place(each.nrr), place(each.low), place(each.high), each.unsur in weak)
        for each in figures.unsur
    ]


@dataclass(frozen=True, slots=True)
class Scale:
    """The index and its interval on the scale of 25–100."""

    at: float | None
    low: float | None
    high: float | None


def scale(figures: Figures) -> Scale:
    ends = (figures.ikm, figures.low, figures.high)
    return Scale(*(place(None if end is None else end / SCALE) for end in ends))
