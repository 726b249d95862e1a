"""Somebody who knows the rule of suppression, every sum and all that is shown, and solves for the rest."""

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any, TypeVar

from mpp.metrics.rules.disclosure import PROTECTION

K = TypeVar("K")
Counts = Mapping[K, int]


def shared_out(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to share so many people out over so many cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in shared_out(total - first, cells - 1):
            yield (first, *others)


def possible(counts: Counts[K], told: Set[K], view: Callable[[Counts[K]], Any]) -> list[Counts[K]]:
    """Every table that would be published just as this one is; `told`: the cells that are shown."""
    seen, unseen = view(counts), [key for key in counts if key not in told]
    if not unseen:
        return [counts]
    ways = shared_out(sum(counts[key] for key in unseen), len(unseen))
    tables = ({**counts, **dict(zip(unseen, way, strict=True))} for way in ways)
    return [table for table in tables if view(table) == seen]


def spread(counts: Counts[K], told: Set[K], view: Callable[[Counts[K]], Any]) -> int:
    """How far apart the values of the best known cell lie; `PROTECTION` where nothing is hidden."""
    found = possible(counts, told, view)
    return min(
        (
            max(table[key] for table in found) - min(table[key] for table in found)
            for key in counts
            if key not in told
        ),
        default=PROTECTION,
    )


def protection_of(total: int) -> int:
    """What the rule promises of a table of so many people."""
    return min(PROTECTION, total)
