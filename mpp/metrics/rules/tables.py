"""Rollups as a report's rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from mpp.metrics.rules.aggregation import MALL, Heading, Rollups
from mpp.metrics.rules.figures import By, Key
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.work import Attendance

_WORDS = (By.CHANNEL, By.PRIORITY)


@dataclass(frozen=True)
class RollupTable:
    """What a `TallyTable` is for exact figures: rollups by heading and over all."""

    by: By
    rows: Mapping[Key, Rollup]
    total: Rollup


@dataclass(frozen=True)
class Work:
    """What counters or officers did, and how long they were there."""

    did: RollupTable
    there: Mapping[Key, Attendance]


def rollup_table(rollups: Rollups, by: By) -> RollupTable:
    """Rows of what was issued or measured; a mere mark makes no row."""
    rows = {
        key_of(heading): each
        for heading, each in rollups.items()
        if heading[0] == by and (each.issued or each.times)
    }
    return RollupTable(by, rows, rollups.get((MALL, ""), Rollup()))


def key_of(heading: Heading) -> Key:
    """An id, an hour, a word; None for an empty one."""
    by, key = heading
    if not key:
        return None
    return key if by in _WORDS else int(key)
