"""Count and print: inside, error and width over all, and by people ahead, hour and service."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from benchmarks.forecast.calls import Judged, bucket
from mpp.metrics.rules.promised_ranges import Held, held

ENOUGH = 200
"""A part with fewer cases than this is left out: its share is chance."""


def score(judged: Sequence[Judged]) -> dict[str, Any]:
    """The figures as JSON takes them; shares are between 0 and 1, of those that were told a range."""
    whole = _figures(held(each.told for each in judged))
    return whole | {
        "buckets": _parts(judged, lambda each: bucket(each.told.found)),
        "hours": _parts(judged, lambda each: each.told.hour),
        "services": _parts(judged, lambda each: each.service),
    }


def _parts(judged: Iterable[Judged], part: Callable[[Judged], Hashable]) -> dict[str, Any]:
    parts: dict[Hashable, list[Judged]] = defaultdict(list)
    for each in judged:
        if each.told.expected is not None:
            parts[part(each)].append(each)
    return {
        str(name): _figures(held(each.told for each in parts[name]))
        for name in sorted(parts, key=_order)
        if len(parts[name]) >= ENOUGH
    }


def _order(name: Hashable) -> tuple[int, str]:
    digits = str(name).split("-")[0].rstrip("+")
    return (int(digits), "") if digits.isdigit() else (-1, str(name))


def _figures(found: Held) -> dict[str, Any]:
    told = found.told
    return {
        "n": found.n,
        "silent": _round(found.silent / found.n if found.n else None, 4),
        "inside": _round(found.share_inside, 4),
        "below": _round(found.below / told if told else None, 4),
        "above": _round(found.above / told if told else None, 4),
        "error_s": _round(found.error_s, 1),
        "width_s": _round(found.width_s, 1),
        "median_width_s": _round(found.median_width_s, 1),
    }


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
