"""Groups so small that people in them could be recognised are not told apart."""

from collections.abc import Mapping
from typing import Protocol, Self, TypeVar

from mpp.metrics.rules.figures import Key

FEWEST = 5
"""Groups of fewer people are not told apart."""


class Countable(Protocol):
    """Something that tickets are counted in."""

    issued: int

    def __init__(self) -> None: ...
    def merge(self, other: Self, /) -> None: ...


T = TypeVar("T", bound=Countable)


def is_small(count: int) -> bool:
    return 0 < count < FEWEST


def pooled(rows: Mapping[Key, T]) -> dict[Key, T]:
    """Small groups as one, under None; a pool that is small itself takes in the smallest group beside it.

    So sums stay true, and no group can be found by subtracting the others from the whole.
    """
    order = sorted(rows.items(), key=lambda item: (item[1].issued, str(item[0])))
    pool = [key for key, row in order if is_small(row.issued)]
    if not pool:
        return dict(rows)
    others = [key for key, row in order if key not in pool]
    while others and is_small(sum(rows[key].issued for key in pool)):
        pool.append(others.pop(0))
    kind = type(rows[pool[0]])
    whole = kind()
    for key in pool:
        whole.merge(rows[key])
    return {key: rows[key] for key in rows if key not in pool} | {None: whole}
