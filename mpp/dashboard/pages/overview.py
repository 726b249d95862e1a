"""What the manager's live overview shows: the wire type of its socket, made of today's ticket_histories."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from mpp.counters.rules.mall import Counter, Mall, ShiftState
from mpp.counters.rules.shift import Shift
from mpp.dashboard.pages.alerts import AlertOut, WaitingOut, alerts_out
from mpp.dashboard.pages.typical_day import (
    TypicalDayOut,
    hours_of,
    typical_day_out,
)
from mpp.dashboard.rules.background import Today
from mpp.dashboard.rules.typical_day import excess
from mpp.db.schema import to_microseconds
from mpp.metrics.pages.hours import HourOut, hours_out, opening_hours
from mpp.metrics.rules.figures import Tally, TallyTable, summary
from mpp.metrics.rules.spans import Kind, TicketHistory
from mpp.queue.rules.life import State

MOST_WAITING = 7
"""So many of those who wait longest are listed."""


class AgencyLoadOut(msgspec.Struct, kw_only=True):
    """`waiting` stand in this agency's queues now, wherever they took their number."""

    agency: str
    name: str
    short: str
    issued: int
    served: int
    waiting: int


class CounterNowOut(msgspec.Struct, kw_only=True):
    """A counter: open, paused (why) or closed; what it has in hand, and for how many seconds."""

    counter: int
    label: str
    zone: str | None
    state: str
    reason: str | None
    ticket: str | None
    ticket_state: str | None
    service: str | None
    for_s: int | None
    served: int


class OverviewOut(msgspec.Struct, kw_only=True):
    """The mall now. Counts are of today's tickets; `within_wait`: share of 0–1, null: no promise."""

    type: str = "overview"
    version: int
    at: datetime
    mall: str
    is_synthetic: bool
    day: str
    is_open: bool
    issued: int
    waiting: int
    called: int
    serving: int
    parked: int
    served: int
    left: int
    no_show: int
    expired: int
    median_wait_s: float | None
    within_wait: float | None
    target_share: float | None
    """What the services called so far promise, on average."""
    hours: list[HourOut]
    agencies: list[AgencyLoadOut]
    counters: list[CounterNowOut]
    longest: list[WaitingOut]
    alerts: list[AlertOut]
    """What is past the thresholds that were set, the gravest first."""
    typical: TypicalDayOut = msgspec.field(name="usual")


def overview_out(mall: Mall, found: Today, *, version: int, now: datetime) -> OverviewOut:
    """The mall as its live overview tells it; takes some milliseconds: call it off the event loop."""
    ticket_histories, shifts, background = found.ticket_histories, found.shifts, found.background
    hours, agencies = found.hours, found.agencies
    total = hours.total
    waits = _waiting(mall, ticket_histories, now)
    by_hour = hours_out(hours, opening_hours(mall, mall.day(now)))
    moment = hours_of(now.astimezone(mall.time_zone))
    above = excess(background.typical, {each.hour: each.issued for each in by_hour}, moment)
    return OverviewOut(
        version=version,
        at=now,
        mall=mall.slug,
        is_synthetic=mall.is_synthetic,
        day=mall.day(now).isoformat(),
        is_open=mall.is_open(now),
        issued=total.issued,
        waiting=len(waits),
        called=total.ended.get(State.CALLED, 0),
        serving=total.ended.get(State.SERVING, 0),
        parked=total.ended.get(State.PARKED, 0),
        served=total.served,
        left=total.left,
        no_show=total.no_show,
        expired=total.expired,
        median_wait_s=summary(total.seconds[Kind.WAITING]).median_s,
        within_wait=total.share_within(Kind.WAITING),
        target_share=_target(mall, ticket_histories),
        hours=by_hour,
        agencies=_agencies(mall, ticket_histories, agencies),
        counters=_counters(mall, ticket_histories, shifts, now),
        longest=waits[:MOST_WAITING],
        alerts=alerts_out(mall, waits, shifts, total, background, above, now),
        typical=typical_day_out(background.typical, moment),
    )


def _target(mall: Mall, ticket_histories: Sequence[TicketHistory]) -> float | None:
    called = [
        mall.service_by_id[span.service_id].target_share
        for history in ticket_histories
        for span in history.spans
        if span.kind is Kind.WAITING
        and span.service_id in mall.service_by_id
        and mall.service_by_id[span.service_id].promised_wait is not None
    ]
    return sum(called) / len(called) if called else None


def _waiting(
    mall: Mall, ticket_histories: Sequence[TicketHistory], now: datetime
) -> list[WaitingOut]:
    """Everybody who waits, whoever has waited longest first."""
    now_us = to_microseconds(now)
    waiting = [history for history in ticket_histories if history.state is State.WAITING]
    waiting.sort(key=lambda history: (history.waiting_since_us, history.ticket_id))
    return [_wait(mall, history, max(0, now_us - history.waiting_since_us)) for history in waiting]


def _wait(mall: Mall, history: TicketHistory, waited_us: int) -> WaitingOut:
    service = mall.service_by_id.get(history.current_service_id)
    promised = _seconds(service.promised_wait if service else None)
    waited = waited_us // 1_000_000
    return WaitingOut(
        label=history.label,
        service=service.slug if service else "",
        service_name=service.name.id if service else "–",
        agency_short=mall.agency_of(service).short if service else "–",
        wait_s=waited,
        promised_s=promised,
        is_late=promised is not None and waited > promised,
    )


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _agencies(
    mall: Mall, ticket_histories: Sequence[TicketHistory], table: TallyTable
) -> list[AgencyLoadOut]:
    """Agencies that anybody came to today, the busiest first."""
    waiting: dict[int, int] = {}
    for history in ticket_histories:
        service = mall.service_by_id.get(history.current_service_id)
        if history.state is State.WAITING and service is not None:
            waiting[service.agency_id] = waiting.get(service.agency_id, 0) + 1
    loads = []
    for agency in mall.agencies:
        tally = table.rows.get(agency.id, Tally())
        if tally.issued or agency.id in waiting:
            loads.append(
                AgencyLoadOut(
                    agency=agency.slug,
                    name=agency.name.id,
                    short=agency.short,
                    issued=tally.issued,
                    served=tally.served,
                    waiting=waiting.get(agency.id, 0),
                )
            )
    return sorted(loads, key=lambda load: -load.issued)


def _counters(
    mall: Mall,
    ticket_histories: Sequence[TicketHistory],
    shifts: Mapping[int, Shift],
    now: datetime,
) -> list[CounterNowOut]:
    theirs: dict[int | None, list[TicketHistory]] = {}
    for history in ticket_histories:
        theirs.setdefault(history.counter_id, []).append(history)
    return [
        _counter(mall, each, theirs.get(each.id, []), shifts.get(each.id), now)
        for each in mall.counters
    ]


def _counter(
    mall: Mall,
    counter: Counter,
    theirs: Sequence[TicketHistory],
    shift: Shift | None,
    now: datetime,
) -> CounterNowOut:
    """`theirs`: the tickets that this counter had last."""
    held = next((s for s in theirs if s.state in {State.CALLED, State.SERVING}), None)
    service = mall.service_by_id.get(held.current_service_id) if held else None
    since = max(0, to_microseconds(now) - held.since_us) // 1_000_000 if held else None
    return CounterNowOut(
        counter=counter.id,
        label=counter.label,
        zone=counter.zone,
        state=shift.state if shift else ShiftState.CLOSED,
        reason=shift.reason if shift else None,
        ticket=held.label if held else None,
        ticket_state=held.state if held else None,
        service=service.name.id if service else None,
        for_s=since,
        served=sum(history.state is State.COMPLETED for history in theirs),
    )
