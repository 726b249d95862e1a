"""One ticket's history lived through again: what its columns, and each event's own values, must be."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from mpp.metrics.rules.stored_day import Line, Row
from mpp.queue.rules.life import RETURNS, Action, Place, Priority

_RETURNS = frozenset(RETURNS)
_ARRIVES = frozenset({Action.CALL, Action.RESUME})
_ENDS = frozenset(
    {Action.COMPLETE, Action.REFER, Action.MISS, Action.CANCEL, Action.CLOSE_DAY}
)  # fmt: skip


def columns(lines: Sequence[Line]) -> dict[str, Any]:
    """What a ticket's columns must hold after these events, in order of `seq`.

    A column whose value the events alone do not give (the place of a priority ticket that has not
    gone to the end: the mall's head start of that day is not kept) is left out.
    """
    first = lines[0]
    data = first.data or {}
    told: dict[str, Any] = {
        "visit_id": data.get("visit"),
        "prefix": data.get("prefix"),
        "number": data.get("number"),
        "label": data.get("label"),
        "channel": data.get("channel"),
        "priority": first.priority,
        "joined_at": first.at,
        "rank_at": first.at,
        "ahead_at_join": first.ahead,
        "open_at_join": first.open_counters,
        "calls": 0,
        **dict.fromkeys(
            (
                "counter_id", "target_counter_id", "called_at", "started_at", "ended_at",
                "parked_until", "reason", "outcome",
            )
        ),
    }  # fmt: skip
    at_end = False
    for line in lines:
        told |= _changes(line, told)
        if line.action in _RETURNS:
            at_end = (line.data or {}).get("place") == Place.LAST
    told |= {"state": lines[-1].state, "service_id": lines[-1].service_id, "events": len(lines)}
    if first.priority != Priority.REGULAR and not at_end:
        del told["rank_at"]
    return told


def _changes(line: Line, told: Mapping[str, Any]) -> dict[str, Any]:
    data = line.data or {}
    if line.action in _ARRIVES:
        return {
            "counter_id": line.counter_id, "target_counter_id": None, "calls": told["calls"] + 1,
            "called_at": line.at, "parked_until": None, "reason": data.get("reason"),
        }  # fmt: skip
    if line.action in _RETURNS:
        return {
            **dict.fromkeys(("counter_id", "called_at", "started_at", "ended_at", "reason")),
            "target_counter_id": data.get("counter"),
            "rank_at": line.at if data.get("place") == Place.LAST else told["joined_at"],
        }
    if line.action in _ENDS:
        outcome = data.get("outcome", told["outcome"])
        return {"ended_at": line.at, "outcome": outcome}
    if line.action == Action.RECALL:
        return {"calls": told["calls"] + 1}
    if line.action == Action.START:
        return {"started_at": line.at}
    if line.action == Action.PARK:
        return {"parked_until": _moment(data.get("until")), "reason": data.get("reason")}
    return {}


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def contradictions(row: Row, lines: Sequence[Line]) -> Iterator[str]:
    """Where the ticket's columns differ from what its events make of them, and events from each other."""
    told = columns(lines)
    for name, value in told.items():
        if getattr(row, name) != value:
            yield f"{name} pada tiket {getattr(row, name)}, menurut riwayat {value}"
    if "rank_at" not in told and row.rank_at > row.joined_at:
        yield f"rank_at pada tiket {row.rank_at}, sesudah masuk antrean"
    yield from _false_events(lines)


def _false_events(lines: Sequence[Line]) -> Iterator[str]:
    """Events whose counter, priority or facts of the queue are not those that came before them."""
    first, counter, called = lines[0], None, False
    for line in lines:
        step = f"langkah {line.seq} ({line.action})"
        is_first_call = line.action == Action.CALL and not called
        tells = is_first_call or line.action == Action.ISSUE
        expected: dict[str, Any] = {
            "priority": first.priority,
            "ahead": first.ahead if tells else None,
            "open_counters": first.open_counters if tells else None,
        }
        if line.action not in _ARRIVES:
            expected["counter_id"] = counter
        for name, value in expected.items():
            if getattr(line, name) != value:
                yield f"{step}: {name} {getattr(line, name)}, menurut riwayat {value}"
        wait = (line.at - first.at).total_seconds() if is_first_call else None
        if not _same(line.wait_s, wait):
            yield f"{step}: wait_s {line.wait_s}, menurut riwayat {wait}"
        called = called or line.action == Action.CALL
        if line.action in _ARRIVES:
            counter = line.counter_id
        elif line.action in _RETURNS:
            counter = None


def _same(stored: float | None, told: float | None) -> bool:
    if stored is None or told is None:
        return stored is told
    return abs(stored - told) < 1e-3
