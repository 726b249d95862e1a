"""Ids made by the process: 53 bits, rising with time, unique over every process of an installation.

A row of a mall must be insertable without asking the database for a number (one round trip less on
the hot path, and a sharded database has no common sequence), and a browser must hold the id
exactly, which a JavaScript number does up to 2**53. Layout, high to low:

    41 bits  milliseconds since 2025-01-01 (enough until 2094)
     5 bits  node: which process made it, leased from the database, 0 on SQLite
     7 bits  a counter within the millisecond
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mpp.clock import wall_milliseconds
from mpp.errors import Unavailable

EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
NODE_BITS = 5
COUNTER_BITS = 7
NODES = 1 << NODE_BITS
MAX_ID = (1 << 53) - 1

_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)


def made_at(id_: int) -> datetime:
    """When an id was made by the clock of its process, to the millisecond, in UTC."""
    return _EPOCH + timedelta(milliseconds=id_ >> (NODE_BITS + COUNTER_BITS))


def node_of(id_: int) -> int:
    """Which process made an id."""
    return id_ >> COUNTER_BITS & (NODES - 1)


class IdMaker:
    """Makes ids that rise strictly within one process, whatever the machine's clock does."""

    def __init__(
        self, node: int = 0, *, above: int = 0, milliseconds: Callable[[], int] = wall_milliseconds
    ) -> None:
        """`above`: the highest id already stored, so that a clock set back cannot repeat one."""
        self._milliseconds = milliseconds
        self._tick = 0
        self._count = 0
        self.take(node, above=above)

    def take(self, node: int, *, above: int = 0) -> None:
        """Make ids of this node from now on, above `above` and all that were made before."""
        if not 0 <= node < NODES:
            raise ValueError(f"node must be 0..{NODES - 1}, not {node}")
        self.node = node
        self._suspended = False
        self._tick = max(self._tick, above >> (NODE_BITS + COUNTER_BITS)) + 1
        self._count = 0

    def suspend(self) -> None:
        """Make none until a node is taken again: another process may have this one's number by now."""
        self._suspended = True

    def __call__(self) -> int:
        """The next id; `Unavailable` while suspended."""
        if self._suspended:
            raise Unavailable("Sambungan ke basis data sedang dipulihkan. Coba lagi sebentar.")
        tick = self._milliseconds() - EPOCH_MS
        if tick > self._tick:
            self._tick, self._count = tick, 0
        else:  # same millisecond, or the clock went back: count on, borrow from the next when full
            self._count += 1
            if self._count >> COUNTER_BITS:
                self._tick, self._count = self._tick + 1, 0
        return (((self._tick << NODE_BITS) | self.node) << COUNTER_BITS) | self._count


def lowest_id(ago_s: float, *, milliseconds: Callable[[], int] = wall_milliseconds) -> int:
    """The lowest id that may have been made within the last so many seconds."""
    tick = milliseconds() - EPOCH_MS - int(ago_s * 1000)
    return max(tick, 0) << (NODE_BITS + COUNTER_BITS)
