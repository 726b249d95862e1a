"""Alerts as the overview tells them: what is past which threshold, and where to act."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from mpp.counters.rules.mall import Mall, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.dashboard.rules.alerts import Alert, Day, Pause, Queue
from mpp.dashboard.rules.alerts import alerts as past_thresholds
from mpp.dashboard.rules.background import Background
from mpp.dashboard.rules.targets import Key, Unit
from mpp.dashboard.rules.typical_day import Excess
from mpp.metrics.rules.figures import Tally, summary
from mpp.metrics.rules.spans import Kind
from mpp.queue.rules.clock_steps import NOTED, ClockStep


class AlertOut(msgspec.Struct, kw_only=True):
    """`figure` is past `threshold`, both in `unit`; `n`: how many tickets, waits, people or answers make it.

    `service` with how many wait for it (`count`; `late`: longer than promised) and for how long; or
    `counter`, which is paused for a `reason`; or `host`, a machine whose clock was set back at `since`;
    or neither. `act`: the address where something can be done, at counter `act_counter` if it is one;
    empty where no page helps. `name` stays the same as long as it is about the same.
    """

    kind: str
    name: str
    figure: float
    threshold: float
    unit: str
    n: int
    service: str | None = None
    service_name: str | None = None
    agency_short: str | None = None
    count: int | None = None
    longest_s: int | None = None
    promised_s: int | None = None
    counter: str | None = None
    reason: str | None = None
    bound: int | None = None
    """Of arrivals: the most that is usual by `hour` o'clock."""
    hour: int | None = None
    host: str | None = None
    since: datetime | None = None
    act: str
    act_counter: str | None = None


class WaitingOut(msgspec.Struct, kw_only=True):
    """Somebody who waits, and what their service promises."""

    label: str
    service: str
    service_name: str
    agency_short: str
    wait_s: int
    promised_s: int | None
    is_late: bool


_PLACES: Mapping[Key, str] = {
    Key.CROWD: "/desk",
    Key.P90_WAIT: "/overview/day?by=service",
    Key.WITHIN: "/overview/day?by=service",
    Key.ARRIVALS: "#overview-plan",
    Key.LEFT: "/overview/day?by=service",
    Key.NO_SHOW: "/overview/day?by=service",
    Key.IKM: "/overview/skm",
}


def alerts_out(
    mall: Mall,
    waits: Sequence[WaitingOut],
    shifts: Mapping[int, Shift],
    total: Tally,
    background: Background,
    excess: Excess | None,
    now: datetime,
) -> list[AlertOut]:
    """`waits`: everybody who waits, the longest first. `total`: today's tickets.

    A clock that was set back comes first: as long as it stands, every other figure of time is wrong.
    """
    running = background.running
    known = summary(total.seconds[Kind.WAITING])
    open_ones = [each for each in shifts.values() if _is_open(mall, each)]
    day = Day(
        queues=list(_queues(mall, waits, open_ones)),
        pauses=[
            Pause(counter_id=id_, seconds=max(0, int((now - since).total_seconds())))
            for id_, since in background.paused.items()
            if id_ in mall.counter_by_id
        ],
        waiting=len(waits),
        open_counters=len(open_ones),
        waits=known.n,
        p90_s=known.p90_s,
        judged=total.judged.get(Kind.WAITING, 0),
        within=total.share_within(Kind.WAITING),
        issued=total.issued,
        left=total.left,
        no_show=total.no_show,
        excess=excess,
        answers=running.figures.n if running else 0,
        ikm=running.figures.ikm if running else None,
    )
    busy = {each.counter_id for each in open_ones}
    found = past_thresholds(day, background.change.targets)
    clocks = [_of_clock(mall, background.step)] if background.step else []
    return [*clocks, *(_out(mall, each, shifts, busy) for each in found)]


def _is_open(mall: Mall, shift: Shift) -> bool:
    return shift.state is ShiftState.OPEN and shift.counter_id in mall.counter_by_id


def _queues(mall: Mall, waits: Sequence[WaitingOut], shifts: Iterable[Shift]) -> Iterable[Queue]:
    served = {
        mall.service_by_id[service_id].slug
        for shift in shifts
        for service_id in shift.services or mall.counter_by_id[shift.counter_id].weights
        if service_id in mall.service_by_id
    }
    for slug in dict.fromkeys(wait.service for wait in waits if wait.service):
        queue = [wait for wait in waits if wait.service == slug]
        yield Queue(
            service=slug,
            waiting=len(queue),
            longest_s=queue[0].wait_s,
            late=sum(wait.is_late for wait in queue),
            promised_s=queue[0].promised_s,
            has_counter=slug in served,
        )


def _out(mall: Mall, alert: Alert, shifts: Mapping[int, Shift], busy: set[int]) -> AlertOut:
    made = AlertOut(
        kind=alert.key,
        name=alert.name,
        figure=round(alert.figure, 2),
        threshold=alert.threshold,
        unit=alert.unit,
        n=alert.n,
        act=_PLACES.get(alert.key, "/desk"),
    )
    if alert.queue is not None:
        return _of_queue(mall, made, alert.queue, busy)
    if alert.pause is not None:
        counter = mall.counter_by_id[alert.pause.counter_id]
        shift = shifts.get(counter.id)
        made.counter = made.act_counter = counter.label
        made.reason = shift.reason if shift else None
        made.longest_s = alert.pause.seconds
        made.act = f"/desk/{counter.id}"
    if alert.excess is not None:
        made.bound, made.hour = round(alert.excess.bound), alert.excess.hour
    return made


def _of_clock(mall: Mall, step: ClockStep) -> AlertOut:
    """Nobody sets its threshold, and it is mended at the machine, not on a page."""
    return AlertOut(
        kind="clock",
        name=f"clock-{step.host}",
        figure=round(step.behind.total_seconds() / 60, 2),
        threshold=round(NOTED.total_seconds() / 60, 2),
        unit=Unit.MINUTES,
        n=1,
        longest_s=int(step.behind.total_seconds()),
        host=step.host,
        since=step.noticed_at.astimezone(mall.time_zone),
        act="",
    )


def _of_queue(mall: Mall, made: AlertOut, queue: Queue, busy: set[int]) -> AlertOut:
    """Leads to a counter that could serve them and is not open, if there is one."""
    service = mall.service_by_slug[queue.service]
    made.service, made.service_name = service.slug, service.name.id
    made.agency_short = mall.agency_of(service).short
    made.count, made.longest_s, made.promised_s = made.n, queue.longest_s, queue.promised_s
    able = [each for each in mall.counters_for(service.id) if each.id not in busy]
    if able:
        made.act, made.act_counter = f"/desk/{able[0].id}", able[0].label
    return made
