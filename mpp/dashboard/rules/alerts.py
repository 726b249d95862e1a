"""What a manager should act on now: today's figures against the thresholds that were set, the gravest first.

Pure: whoever calls has counted. An alert names its figure, its threshold and how many it is made of; shares
of few tickets raise none (`Target.fewest`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mpp.dashboard.rules.targets import TARGETS, Key, Unit, Values
from mpp.dashboard.rules.typical_day import Excess


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Those who wait for a service now. `late`: longer than promised; seconds."""

    service: str
    waiting: int
    longest_s: int
    late: int
    promised_s: int | None
    has_counter: bool


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A counter that calls nobody, since so many seconds."""

    counter_id: int
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Day:
    """Today so far. Shares of 0–1; None where nothing is known."""

    queues: Sequence[Queue] = ()
    pauses: Sequence[Pause] = ()
    waiting: int = 0
    open_counters: int = 0
    waits: int = 0
    p90_s: float | None = None
    judged: int = 0
    within: float | None = None
    issued: int = 0
    left: int = 0
    no_show: int = 0
    excess: Excess | None = None
    answers: int = 0
    ikm: float | None = None


@dataclass(frozen=True, kw_only=True)
class Alert:
    """`figure` is past `threshold`, both in the target's unit; `n`: how many the figure is made of."""

    key: Key
    figure: float
    threshold: float
    n: int
    queue: Queue | None = None
    pause: Pause | None = None
    excess: Excess | None = None

    @property
    def unit(self) -> Unit:
        return TARGETS[self.key].unit

    @property
    def name(self) -> str:
        """The same as long as it is about the same thing."""
        if self.queue is not None:
            return f"{self.key}-{self.queue.service}"
        return f"{self.key}-{self.pause.counter_id}" if self.pause is not None else str(self.key)

    @property
    def past(self) -> float:
        """How far past the threshold it is, as a ratio; 1 is on it."""
        low, high = sorted((self.figure, self.threshold))
        return high / low if low > 0 else float("inf")


GRAVITY = (
    (Key.NO_COUNTER,),  # people whom nobody will call
    (Key.LATE,),  # a promise broken to people who stand there
    (Key.CROWD, Key.PAUSED),  # what will break the next one
    (Key.P90_WAIT, Key.WITHIN, Key.ARRIVALS),  # how the day goes
    (Key.LEFT, Key.NO_SHOW),  # who is gone already
    (Key.IKM,),  # what months have made
)
"""The gravest first; within a row whoever has waited longest, then what is furthest past."""
_RANK = {key: rank for rank, row in enumerate(GRAVITY) for key in row}


def alerts(day: Day, targets: Values) -> list[Alert]:
    """Everything past its threshold, the gravest first."""
    found = [*_queues(day, targets), *_pauses(day, targets)]
    found += [each for each in _figures(day, targets) if each is not None]
    return sorted(found, key=lambda each: (_RANK[each.key], -_waited(each), -each.past, each.name))


def _waited(each: Alert) -> int:
    return each.queue.longest_s if each.queue else 0


def _queues(day: Day, targets: Values) -> Iterator[Alert]:
    """A service that nobody serves is told as that alone: opening a counter is what helps either way."""
    nobody, late = targets[Key.NO_COUNTER], targets[Key.LATE]
    for queue in day.queues:
        if not queue.has_counter and nobody is not None and queue.waiting >= nobody:
            n = queue.waiting
            yield Alert(key=Key.NO_COUNTER, figure=n, threshold=nobody, n=n, queue=queue)
        elif late is not None and queue.late >= late and queue.late:
            yield Alert(key=Key.LATE, figure=queue.late, threshold=late, n=queue.late, queue=queue)


def _pauses(day: Day, targets: Values) -> Iterator[Alert]:
    longest = targets[Key.PAUSED]
    for pause in day.pauses:
        minutes = pause.seconds / 60
        if longest is not None and minutes > longest:
            yield Alert(key=Key.PAUSED, figure=minutes, threshold=longest, n=1, pause=pause)


def _figures(day: Day, targets: Values) -> Iterator[Alert | None]:
    crowd = day.waiting / day.open_counters if day.open_counters else None
    yield _above(Key.CROWD, targets, crowd, day.waiting)
    p90 = None if day.p90_s is None else day.p90_s / 60
    yield _above(Key.P90_WAIT, targets, p90, day.waits)
    within = None if day.within is None else day.within * 100
    yield _below(Key.WITHIN, targets, within, day.judged)
    yield _arrivals(day, targets)
    for key, count in ((Key.LEFT, day.left), (Key.NO_SHOW, day.no_show)):
        share = 100 * count / day.issued if day.issued else None
        yield _above(key, targets, share, day.issued)
    yield _below(Key.IKM, targets, day.ikm, day.answers)


def _above(key: Key, targets: Values, figure: float | None, n: int) -> Alert | None:
    limit = targets[key]
    if limit is None or figure is None or n < TARGETS[key].fewest:
        return None
    rounded = _rounded(figure)
    return Alert(key=key, figure=rounded, threshold=limit, n=n) if rounded > limit else None


def _below(key: Key, targets: Values, figure: float | None, n: int) -> Alert | None:
    limit = targets[key]
    if limit is None or figure is None or n < TARGETS[key].fewest:
        return None
    rounded = _rounded(figure)
    return Alert(key=key, figure=rounded, threshold=limit, n=n) if rounded < limit else None


def _rounded(figure: float) -> float:
    """29 of 100 is 29 %, not 28.999999999999996."""
    return round(figure, 6)


def _arrivals(day: Day, targets: Values) -> Alert | None:
    limit, found = targets[Key.ARRIVALS], day.excess
    if limit is None or found is None or found.count < TARGETS[Key.ARRIVALS].fewest:
        return None
    percent = _rounded(found.percent)
    if percent <= limit:
        return None
    return Alert(key=Key.ARRIVALS, figure=percent, threshold=limit, n=found.count, excess=found)
