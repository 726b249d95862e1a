"""A survey's result, as it is shown now and as it is kept when it is published."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from mpp.metrics.rules.disclosure import FEWEST
from mpp.survey.rules.index import (
    Index,
    Weights,
    index_from,
    indistinguishable,
    round_half_up,
    sample_target,
)
from mpp.survey.rules.interval import (
    Interval,
    Patterns,
    interval_from,
    mean_interval,
)
from mpp.survey.rules.unsur import Unsur


class UnsurFigure(msgspec.Struct, frozen=True, kw_only=True):
    """An unsur's mean of 1–4 with four decimals and its 95 % interval; None where there is none."""

    unsur: str
    answered: int
    nrr: float | None
    low: float | None
    high: float | None
    counts: list[int]
    """How many gave 1, 2, 3 and 4."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The index with all that belongs to it. `others`: grades that it cannot be told from.

    `method`: how the interval was found; reports that do not say were drawn again and again.
    """

    n: int
    weights: str
    ikm: float | None
    grade: str | None
    performance: str | None
    low: float | None
    high: float | None
    method: Literal["bootstrap", "bounded"] = "bootstrap"
    others: list[str]
    unsur: list[UnsurFigure]
    weakest: list[str]


class RowFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One service, agency or channel. `n`: None where nothing is told, by the rule of `disclosure.hidden`."""

    key: str
    name: str
    n: int | None
    served: int | None
    ikm: float | None
    grade: str | None
    low: float | None
    high: float | None


class ProfileCell(msgspec.Struct, frozen=True, kw_only=True):
    """`count`: None where it is not shown."""

    code: str
    count: int | None


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """Of `served` visits, `answered` answered through the phone or the tablet; `target` should."""

    served: int
    answered: int
    paper: int
    target: int

    @property
    def share(self) -> float | None:
        """Of those served; None where nobody was."""
        return min(1.0, self.answered / self.served) if self.served else None

    @property
    def progress(self) -> float | None:
        """Towards the target, paper counting too; None where no visit was recorded, so there is none."""
        return min(1.0, (self.answered + self.paper) / self.target) if self.target else None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report. `quick`: how many tapped each of the four faces."""

    first: date
    last: date
    agency: str | None
    figures: Figures
    response: Response
    quick: list[int]
    agencies: list[RowFigures]
    services: list[RowFigures]
    channels: list[RowFigures]
    profile: dict[str, list[ProfileCell]]


def index_of_patterns(patterns: Patterns, weights: Weights = Weights.EXACT) -> Index:
    """The index from patterns of answers with how often each was given."""
    sums = dict.fromkeys(Unsur, 0)
    answered = dict.fromkeys(Unsur, 0)
    for key, often in patterns.items():
        for unsur, value in zip(Unsur, key, strict=True):
            sums[unsur] += value * often
            answered[unsur] += often if value else 0
    return index_from(sum(patterns.values()), sums, answered, weights)


def figures_of(patterns: Patterns, weights: Weights = Weights.EXACT) -> Figures:
    """The index with its interval, and each unsur's mean with its own."""
    found = index_of_patterns(patterns, weights)
    sure = interval_from(patterns, weights)
    low, high = _ends(sure)
    grade = found.grade
    others = indistinguishable(grade, sure) if grade and sure else []
    return Figures(
        n=found.n,
        weights=weights.value,
        ikm=_number(found.ikm),
        grade=grade.letter if grade else None,
        performance=grade.performance if grade else None,
        low=low,
        high=high,
        method="bounded",
        others=[each.letter for each in others],
        unsur=[_unsur(found, unsur, patterns) for unsur in Unsur],
        weakest=[unsur.value for unsur in found.weakest_first],
    )


def nothing_of(n: int, weights: Weights = Weights.EXACT) -> Figures:
    """What is said of so few respondents that each could be recognised: how many they are."""
    return msgspec.structs.replace(figures_of({}, weights), n=n)


def _unsur(found: Index, unsur: Unsur, patterns: Patterns) -> UnsurFigure:
    at = list(Unsur).index(unsur)
    counts: Counter[int] = Counter()
    for key, often in patterns.items():
        if key[at]:
            counts[key[at]] += often
    mean, sure = found.nrr[unsur], mean_interval(counts)
    return UnsurFigure(
        unsur=unsur.value,
        answered=found.answered[unsur],
        nrr=None if mean is None else float(round_half_up(mean, 4)),
        low=None if sure is None else round(sure[0], 4),
        high=None if sure is None else round(sure[1], 4),
        counts=[counts[value] for value in (1, 2, 3, 4)],
    )


def row_of(
    key: str,
    name: str,
    patterns: Patterns,
    served: int | None,
    weights: Weights = Weights.EXACT,
    *,
    is_hidden: bool = False,
) -> RowFigures:
    """A row beside the whole; of fewer than `FEWEST` respondents, and of a hidden one, nothing is said."""
    n = sum(patterns.values())
    if is_hidden or n < FEWEST:
        return RowFigures(
            key=key, name=name, n=None if is_hidden or n else 0, served=served, ikm=None, grade=None,
            low=None, high=None,
        )  # fmt: skip
    found = index_of_patterns(patterns, weights)
    low, high = _ends(interval_from(patterns, weights))
    grade = found.grade
    return RowFigures(
        key=key,
        name=name,
        n=n,
        served=served,
        ikm=_number(found.ikm),
        grade=grade.letter if grade else None,
        low=low,
        high=high,
    )


def response_of(served: int, by_channel: Mapping[str, int]) -> Response:
    """How many answered of those served, and how many should by Krejcie & Morgan."""
    paper = by_channel.get("paper", 0)
    return Response(
        served=served,
        answered=sum(by_channel.values()) - paper,
        paper=paper,
        target=sample_target(served),
    )


def _ends(sure: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if sure is None else (float(sure[0]), float(sure[1]))


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
