"""Groups so small that people in them could be recognised are not told apart.

Complementary (secondary) cell suppression: beside the cells that are small, others are hidden so that none
can be reckoned back from the sum (Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, ch. 4).
Whoever knows this rule must not be able to reckon either: a rule that hides as little as it can tells by
what it shows (the "minimality attack", Wong, Fu, Wang & Pei, VLDB 2007). So it looks at the values alone,
never at names or places, and equal cells share a fate: exchange two hidden values, and it hides the same.
"""

from collections.abc import Hashable, Mapping, Set
from typing import Any, Protocol, Self, TypeVar

FEWEST = 5
"""Groups of fewer people are not told apart."""
PROTECTION = 2
"""At least so far apart lie the values that a hidden cell may have (one, where the whole is one person)."""


class Countable(Protocol):
    """Something that tickets are counted in."""

    issued: int

    def __init__(self) -> None: ...
    def merge(self, other: Self, /) -> None: ...


K = TypeVar("K", bound=Hashable)
W = TypeVar("W", bound=Hashable)
T = TypeVar("T", bound=Countable)


def is_small(count: int) -> bool:
    return 0 < count < FEWEST


def hidden(counts: Mapping[K, int], also: Set[K] = frozenset()) -> frozenset[K]:
    """Whose counts are not told, where the sum of all is: at least two, and `FEWEST` people together.

    `also`: those that are hidden for another reason, which keep others company.

    Those of 1 … 4. Where they are too few, or so many or so few people that hardly anything but all ones
    or all fours makes their sum, the smallest others with them, equal ones at once, until the largest is
    `PROTECTION` above the smallest. Where there is no such other, everything: a nought told would help.

    >>> sorted(hidden({"a": 50, "b": 1, "c": 1}))
    ['a', 'b', 'c']
    >>> sorted(hidden({"a": 50, "b": 3, "c": 3, "d": 0}))
    ['b', 'c']
    """
    held = frozenset(key for key, count in counts.items() if is_small(count) or key in also)
    values = [counts[key] for key in held]
    if not held or _keep_each_other(values):
        return held
    above = max(FEWEST, min(values) + PROTECTION)
    most = min((n for key, n in counts.items() if n >= above and key not in held), default=None)
    return held | {key for key, n in counts.items() if most is None or 0 < n <= most}


def _keep_each_other(held: list[int]) -> bool:
    """Cells known to hold 1 … 4 leave each other room to have any of several values; or one is larger."""
    if len(held) > 1 and max(held) >= max(FEWEST, min(held) + PROTECTION):
        return True
    total, least, most = sum(held), len(held), len(held) * (FEWEST - 1)
    return (
        all(map(is_small, held))
        and total >= FEWEST
        and total - least >= PROTECTION
        and most - total >= PROTECTION
    )


def hidden_cells(table: Mapping[W, Mapping[K, int]]) -> frozenset[tuple[W, K]]:
    """Cells not to be told where the sums of rows and of columns are: each agency's classes, and the mall's.

    What a row hides, its column must not give away by subtraction, and the other way round: the rule is
    applied to both in turn until it hides nothing more. That holds against sums; what the choice of the
    cells tells somebody who knows the rule, it does not weigh.
    """
    unseen: set[tuple[W, K]] = set()
    columns = {key for row in table.values() for key in row}
    while True:
        before = len(unseen)
        for name, row in table.items():
            also = {key for key in row if (name, key) in unseen}
            unseen |= {(name, key) for key in hidden(row, also)}
        for key in columns:
            column = {name: row.get(key, 0) for name, row in table.items()}
            also_rows = {name for name in column if (name, key) in unseen}
            unseen |= {(name, key) for name in hidden(column, also_rows)}
        if len(unseen) == before:
            return frozenset(unseen)


def hidden_parts(counts: Mapping[K, int], whole_of: Mapping[Any, W]) -> frozenset[K]:
    """Parts not to be told where the sums of the wholes that they belong to are: agencies' services.

    A hidden whole hides all its parts, which would add up to it; in others the rule holds in each by itself.
    """
    parts: dict[W | None, dict[K, int]] = {}
    for key, count in counts.items():
        parts.setdefault(whole_of.get(key), {})[key] = count
    unseen = hidden({whole: sum(theirs.values()) for whole, theirs in parts.items()})
    return frozenset(
        key
        for whole, theirs in parts.items()
        for key in (theirs if whole in unseen else hidden(theirs))
    )


def pooled(rows: Mapping[K, T]) -> dict[K | None, T]:
    """What is `hidden` as one row, under None. So sums stay true."""
    unseen = hidden({key: row.issued for key, row in rows.items()})
    shown: dict[K | None, T] = {key: row for key, row in rows.items() if key not in unseen}
    if unseen:
        kind = type(next(iter(rows.values())))
        whole = shown[None] = kind()
        for key in unseen:
            whole.merge(rows[key])
    return shown
