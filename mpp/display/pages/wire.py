"""The board as JSON: over GET and as every message of its websocket."""

from datetime import datetime

import msgspec

from mpp.display.rules import Area, BoardNow, Call
from mpp.queue.pages.wire import WaitOut, wait_out


class CallOut(msgspec.Struct, kw_only=True):
    """A ticket at a counter. `agency`, `service`: slugs; `counter`: an id."""

    label: str
    counter: int
    counter_label: str
    agency: str
    agency_name: str
    agency_short: str
    service: str
    service_name: str
    state: str
    calls: int
    called_at: datetime


class NextOut(msgspec.Struct, kw_only=True):
    """The numbers that a service calls next, unless priority puts another before them."""

    service: str
    service_name: str
    agency: str
    agency_short: str
    labels: list[str]


class WaitingOut(msgspec.Struct):
    """How many wait for a service, and how long somebody would wait who joined now.

    `expected_wait` is null where nobody waits, no counter is open or the evidence is too thin.
    """

    service: str
    count: int
    expected_wait: WaitOut | None


class BoardOut(msgspec.Struct, kw_only=True):
    """What hangs on the wall. No personal data: numbers and counters only.

    `called`: at the zone's counters now, newest call first; `called_at` counts a recall too.
    `recent`: who left them last. `zone` is null for all of the mall.
    """

    type: str = "board"
    version: int
    at: datetime
    mall: str
    day: str
    zone: str | None
    zone_name: str | None
    called: list[CallOut]
    recent: list[CallOut]
    next: list[NextOut]
    waiting: list[WaitingOut]
    notice: str
    notice_en: str | None


def board_out(found: BoardNow, *, version: int, now: datetime) -> BoardOut:
    """As the wall tells it."""
    area, lines = found.area, found.lines
    mall, zone = area.mall, area.zone
    return BoardOut(
        version=version,
        at=now,
        mall=mall.slug,
        day=mall.day(now).isoformat(),
        zone=zone.slug if zone else None,
        zone_name=zone.name.id if zone else None,
        called=[_call_out(area, each) for each in found.called if each.counter_id in area.counters],
        recent=[_call_out(area, each) for each in found.recent if each.counter_id in area.counters],
        next=[
            NextOut(
                service=service.slug,
                service_name=service.name.id,
                agency=area.agencies[service_id].slug,
                agency_short=area.agencies[service_id].short,
                labels=list(lines[service_id].labels),
            )
            for service_id, service in area.services.items()
            if service_id in lines
        ],
        waiting=[
            WaitingOut(
                service=service.slug,
                count=lines[service_id].count if service_id in lines else 0,
                expected_wait=wait_out(found.expected.get(service_id)),
            )
            for service_id, service in area.services.items()
        ],
        notice=mall.notice.id,
        notice_en=mall.notice.en,
    )


def _call_out(area: Area, call: Call) -> CallOut:
    service = area.mall.service_by_id.get(call.service_id)  # None: retired while it is served
    agency = area.mall.agency_of(service) if service else None
    return CallOut(
        label=call.label,
        counter=call.counter_id,
        counter_label=area.counters[call.counter_id].label,
        agency=agency.slug if agency else "",
        agency_name=agency.name.id if agency else "",
        agency_short=agency.short if agency else "",
        service=service.slug if service else "",
        service_name=service.name.id if service else "",
        state=call.state,
        calls=call.calls,
        called_at=call.called_at,
    )
