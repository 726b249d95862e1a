"""Invariants of what is stored. Each function takes what is stored of one day and names every breach.

The history (events) is the truth; a ticket's columns must agree with it. Nothing is repaired here.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from mpp.metrics.rules.candidates import SLACK, Queues
from mpp.metrics.rules.replayed import contradictions
from mpp.metrics.rules.stored_day import (
    Day,
    Invariant,
    Line,
    Violation,
    conservation,
    listed,
    numbering,
)
from mpp.queue.rules.life import IN_HAND, TRANSITIONS, Action, Priority, State
from mpp.queue.rules.turns import VERSION, Head, choose

CLOCK_SLACK = timedelta(seconds=2)
"""A moment is taken when a request arrives. Of two that wait for each other the later may be done
first, and machines' clocks differ: steps back that are not longer than this are no breach."""


def broken(day: Day) -> Iterator[Violation]:
    """Every breach of every invariant on this day."""
    yield from conservation(day)
    yield from numbering(day)
    yield from histories(day)
    yield from in_hand(day)
    yield from choices(day)
    yield from clocks(day)
    yield from officers(day)


# -- histories -----------------------------------------------------------------------------------


def histories(day: Day) -> Iterator[Violation]:
    """Every event is a legal step, none is missing, and the columns say what the events say."""
    by_ticket = _by_ticket(day)
    for ticket_id in sorted(day.rows.keys() - by_ticket.keys()):
        yield day.breach(
            Invariant.HISTORY, day.label(ticket_id), "tiket tanpa riwayat pada hari ini"
        )
    for ticket_id, lines in by_ticket.items():
        row = day.rows.get(ticket_id)
        subject = day.label(ticket_id)
        if row is None:
            yield day.breach(Invariant.HISTORY, subject, "riwayat tanpa tiket pada hari ini")
            continue
        for detail in unlawful_steps(lines):
            yield day.breach(Invariant.HISTORY, subject, detail)
        for detail in contradictions(row, lines):
            yield day.breach(Invariant.STATE, subject, detail)


def _by_ticket(day: Day) -> dict[int, list[Line]]:
    """Each ticket's events in order of `seq`."""
    by_ticket: dict[int, list[Line]] = {}
    for line in sorted(day.lines, key=lambda line: line.seq):
        by_ticket.setdefault(line.ticket_id, []).append(line)
    return by_ticket


def unlawful_steps(lines: Sequence[Line]) -> Iterator[str]:
    """What is wrong with one ticket's history, in order of `seq`, judged by `TRANSITIONS` alone."""
    sequence = [line.seq for line in lines]
    if sequence != list(range(1, len(lines) + 1)):
        yield f"urutan riwayat {listed(sequence)}; seharusnya 1–{len(lines)}"
    before: Line | None = None
    for line in lines:
        step = f"langkah {line.seq} ({line.action})"
        yield from (f"{step}: {fault}" for fault in _faults(before, line))
        before = line


def _faults(before: Line | None, line: Line) -> Iterator[str]:
    if before is None:
        if (line.action, line.state) != (Action.ISSUE, State.WAITING):
            yield "riwayat harus dimulai dengan pengambilan nomor"
        return
    leads_to = TRANSITIONS.get((State(before.state), Action(line.action)))
    if leads_to is None:
        yield f"tidak boleh dari keadaan {before.state}"
    elif leads_to != line.state:
        yield f"harus menuju {leads_to}, tercatat {line.state}"
    if line.service_id != before.service_id and line.action != Action.TRANSFER:
        yield "layanan berganti tanpa pengalihan"
    if line.state in IN_HAND and line.counter_id is None:
        yield "tanpa loket"
    if line.at < before.at - CLOCK_SLACK:
        yield f"waktu mundur dari {before.at.isoformat()} ke {line.at.isoformat()}"


# -- one at a time -------------------------------------------------------------------------------


def in_hand(day: Day) -> Iterator[Violation]:
    """Never two tickets in hand at a counter, never a visit in hand at two counters."""
    stays = list(_stays(day.lines))
    for stay, other in _overlapping(stays, lambda stay: stay.counter_id):
        counter = day.counters.get(stay.counter_id, str(stay.counter_id))
        both = f"{day.label(stay.ticket_id)} dan {day.label(other.ticket_id)}"
        detail = f"{both} bersamaan pada {other.since.isoformat()}"
        yield day.breach(Invariant.IN_HAND, f"loket {counter}", detail)
    visit_of = {row.id: row.visit_id for row in day.rows.values()}
    for stay, other in _overlapping(stays, lambda stay: visit_of.get(stay.ticket_id)):
        if stay.counter_id != other.counter_id:
            both = f"{day.label(stay.ticket_id)} dan {day.label(other.ticket_id)}"
            detail = f"satu kunjungan di dua loket pada {other.since.isoformat()}"
            yield day.breach(Invariant.IN_HAND, both, detail)


class _Stay(NamedTuple):
    """A ticket in hand at a counter; `until` None: still."""

    ticket_id: int
    counter_id: int
    since: datetime
    until: datetime | None


def _stays(lines: Iterable[Line]) -> Iterator[_Stay]:
    """Every time that a ticket was in hand, called and served in one."""
    open_stays: dict[int, _Stay] = {}
    for line in sorted(lines, key=lambda line: (line.ticket_id, line.seq)):
        stay = open_stays.get(line.ticket_id)
        here = line.counter_id if line.state in IN_HAND else None
        if stay is not None and here != stay.counter_id:
            yield stay._replace(until=max(line.at, stay.since))
            del open_stays[line.ticket_id]
        if here is not None and line.ticket_id not in open_stays:
            open_stays[line.ticket_id] = _Stay(line.ticket_id, here, line.at, None)
    yield from open_stays.values()


def _overlapping(
    stays: Iterable[_Stay], key: Callable[[_Stay], Hashable]
) -> Iterator[tuple[_Stay, _Stay]]:
    """Pairs of different tickets with the same key whose stays overlap by more than the slack."""
    current: dict[Hashable, _Stay] = {}
    for stay in sorted(stays, key=lambda stay: stay.since):
        where = key(stay)
        before = current.get(where)
        if where is not None and before is not None and before.ticket_id != stay.ticket_id:
            ends = [end for end in (before.until, stay.until) if end is not None]
            if not ends or min(ends) - stay.since > CLOCK_SLACK:
                yield before, stay
        if before is None or (before.until is not None and _ends_later(stay, before.until)):
            current[where] = stay


def _ends_later(stay: _Stay, moment: datetime) -> bool:
    return stay.until is None or stay.until > moment


# -- who was next --------------------------------------------------------------------------------


def choices(day: Day) -> Iterator[Violation]:
    """Every call has the candidates that waited, and made again from them chooses the same ticket."""
    streaks: dict[int | None, int] = {}
    queues = Queues(day, _by_ticket(day))
    for line in sorted(day.lines, key=lambda line: line.id):
        if line.action != Action.CALL:
            continue
        streak = streaks.get(line.counter_id, 0)
        is_priority = line.priority != Priority.REGULAR
        streaks[line.counter_id] = streak + 1 if is_priority else 0
        fault = _other_choice(line, streak, day.priority_limit)
        if fault is None and (line.data or {}).get("rule") != "chosen":
            fault = queues.fault(line)
        if fault is not None:
            yield day.breach(Invariant.CHOICE, day.label(line.ticket_id), fault)


def _other_choice(call: Line, streak: int, present_limit: int) -> str | None:
    data = call.data or {}
    rule = data.get("rule")
    if rule == "chosen":  # out of turn, on an officer's word
        return None if data.get("reason") else "dipanggil di luar giliran tanpa alasan"
    try:
        heads = [_head(each) for each in data["considered"]]
        stored, limit = int(data["streak"]), int(data.get("limit", present_limit))
        version = int(data.get("version", 1))
    except (KeyError, TypeError, ValueError) as error:
        return f"pilihan tidak tersimpan lengkap: {error!r}"
    if stored != min(streak, max(limit, 1)):
        return f"tercatat {stored} panggilan prioritas berturut-turut, menurut riwayat {streak}"
    again = choose(heads, priority_in_a_row=stored, limit=limit, now=call.at, version=version)
    if again is None or again.head.ticket_id != call.ticket_id:
        return f"menurut aturan giliran {again.head.label if again else 'tidak ada'}"
    if version < VERSION or again.rule == rule:  # reasons of the first rule had other words
        return None
    return f"alasan tercatat {rule}, menurut aturan {again.rule}"


def _head(stored: Mapping[str, Any]) -> Head:
    return Head(
        ticket_id=stored["ticket"],
        label=stored["label"],
        service_id=stored["service"],
        priority=Priority(stored["priority"]),
        joined_at=datetime.fromisoformat(stored["joined_at"]),
        rank_at=datetime.fromisoformat(stored["rank_at"]),
        weight=stored["weight"],
        is_targeted=stored["targeted"],
    )


# -- when and by whom ----------------------------------------------------------------------------

LIVE = timedelta(minutes=1)
AT_ONCE = timedelta(milliseconds=50)


def clocks(day: Day) -> Iterator[Violation]:
    """The time between two events of a ticket is the time between the ids that they were given.

    An id holds the millisecond in which its event was written. Only of a day that was lived, not made
    up later, and of ids that one process made: the clocks of two may differ. Nothing can be told where a
    clock was set back and the mall's time was held, nor of ids made in one go: a process that starts
    above the ids of one whose clock was ahead counts on from there until its own has caught up.
    """
    if day.clock_was_off:
        return
    off = sorted(abs(line.at - line.made_at) for line in day.lines)
    if not off or off[len(off) // 2] > LIVE:
        return
    for lines in _by_ticket(day).values():
        for before, line in pairwise(lines):
            told = line.made_at - before.made_at
            runs_ahead = told < AT_ONCE and line.made_at - line.at > SLACK
            if before.node != line.node or runs_ahead:
                continue
            if abs(line.at - before.at - told) > SLACK:
                seconds = (line.at - before.at).total_seconds()
                detail = (
                    f"langkah {line.seq} ({line.action}): {seconds:.0f} detik sesudah langkah "
                    f"{before.seq}, ditulis {told.total_seconds():.0f} detik sesudahnya"
                )
                yield day.breach(Invariant.CLOCK, day.label(line.ticket_id), detail)


def officers(day: Day) -> Iterator[Violation]:
    """Whoever acted at a counter was one of its officers, or a leader."""
    for line in day.lines:
        if line.officer_id is None or line.counter_id is None:
            continue
        step = f"langkah {line.seq} ({line.action})"
        theirs = day.counters_of.get(line.officer_id, frozenset())
        if theirs is not None and line.counter_id not in theirs:
            counter = day.counters.get(line.counter_id, str(line.counter_id))
            detail = f"{step}: petugas {line.officer_id} tidak bertugas di loket {counter}"
            yield day.breach(Invariant.OFFICER, day.label(line.ticket_id), detail)
