"""The officer's desk: what its templates read, and which buttons it offers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from mpp.counters.rules.mall import Agency, Counter, Mall, Service, ShiftState, Zone
from mpp.counters.rules.shift import Shift
from mpp.queue.pages.labels import (
    BROUGHT,
    KNOWN_REASONS,
    PRIORITIES,
    SHIFTS,
    SHIFTS_SHORT,
    STATES,
)
from mpp.queue.pages.wire import BroughtOut, DeskOut, TicketOut
from mpp.queue.rules import life
from mpp.queue.rules.life import Action, Priority, State
from mpp.texts import marked
from mpp.web.language import local
from mpp.web.pages import Page


@dataclass(frozen=True)
class Button:
    """Something an officer can do. `asks`: it opens a form first, for reasons and places."""

    action: str
    word: str
    icon: str
    shortcut: str | None = None
    variant: str = "secondary"
    asks: bool = False
    long: str = ""
    """What it is called where there is room."""

    @property
    def title(self) -> str:
        return self.long or self.word


OPEN = Button("open", marked("Buka loket"), "play", "Alt+B", "accent")
GO_ON = Button("open", marked("Lanjutkan melayani"), "play", "Alt+B", "accent")
CHOOSE = Button("open", marked("Buka sebagian layanan"), "list", asks=True)
PAUSE = Button("pause", marked("Jeda"), "pause", "Alt+J", asks=True)
CLOSE = Button("close", marked("Tutup loket"), "stop")
CALL_NEXT = Button("call-next", marked("Panggil berikutnya"), "bell", "F2", "accent")
FINISH_AND_CALL = Button(
    "complete-next", marked("Selesai, panggil berikutnya"), "skip", "F9", variant="accent"
)

BUTTONS: Mapping[Action, tuple[Button, ...]] = {
    Action.START: (Button("start", marked("Mulai layani"), "play", "F4", "accent"),),
    Action.COMPLETE: (
        FINISH_AND_CALL,
        Button("complete", marked("Selesaikan"), "check", "F8", "primary"),
        Button("complete", marked("Hasil lain"), "document", "Alt+H", asks=True),
    ),
    Action.RECALL: (Button("recall", marked("Panggil ulang"), "repeat", "F3"),),
    Action.MISS: (Button("miss", marked("Tidak hadir"), "person-missing", "F7"),),
    Action.RETURN: (
        Button(
            "return", marked("Kembalikan"), "undo", "Alt+K", long=marked("Kembalikan ke antrean")
        ),
    ),
    Action.PARK: (Button("park", marked("Tunda"), "pause", "Alt+T", asks=True),),
    Action.TRANSFER: (Button("transfer", marked("Alihkan"), "transfer", "Alt+A", asks=True),),
    Action.REFER: (
        Button(
            "refer",
            marked("Rujuk"),
            "building",
            "Alt+R",
            asks=True,
            long=marked("Rujuk ke instansi lain"),
        ),
    ),
    Action.RESUME: (Button("resume", marked("Lanjutkan"), "play"),),
    Action.REQUEUE: (Button("requeue", marked("Masukkan antrean lagi"), "undo", asks=True),),
    Action.CALL: (Button("call", marked("Panggil di luar giliran"), "bell", asks=True),),
    Action.CANCEL: (Button("cancel", marked("Batalkan nomor"), "cross", asks=True),),
}
"""By action, in the order in which a desk shows them."""

SHORTCUTS = tuple(
    button
    for button in (CALL_NEXT, *(each for some in BUTTONS.values() for each in some), OPEN, PAUSE)
    if button.shortcut
)
NEEDS_FREE_COUNTER = frozenset({Action.CALL, Action.RESUME})


def buttons_for(
    allowed: Iterable[str], *, is_free: bool = False, is_open: bool = True
) -> tuple[Button, ...]:
    """What a desk offers for a ticket to which `allowed` may happen.

    `is_free`: the counter is open and has nobody in hand, else it can take nobody over. `is_open`:
    it may call the next one afterwards.
    """
    wanted = set(allowed)
    return tuple(
        button
        for action, buttons in BUTTONS.items()
        if action in wanted and (is_free or action not in NEEDS_FREE_COUNTER)
        for button in buttons
        if is_open or button is not FINISH_AND_CALL
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A ticket on the desk. Moments are the mall's local time."""

    ticket: TicketOut
    service: Service | None
    agency: Agency | None
    state_word: str
    priority_word: str
    joined_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    parked_until: datetime | None
    buttons: tuple[Button, ...]

    @property
    def promised_s(self) -> int:
        """The promised service time in seconds; 0 when none is promised."""
        promised = self.service.promised_service if self.service else None
        return int(promised.total_seconds()) if promised else 0

    @property
    def promised_wait_s(self) -> int:
        promised = self.service.promised_wait if self.service else None
        return int(promised.total_seconds()) if promised else 0


@dataclass(frozen=True, kw_only=True)
class DeskView:
    """A counter as its officer sees it."""

    counter: Counter
    zone: Zone | None
    services: Sequence[Service]
    shift: ShiftState
    shift_word: str
    pause_reason: str | None
    shift_buttons: Sequence[Button]
    call_next: Button | None
    current: Line | None
    brought: BroughtOut | None
    brought_word: str
    waiting: Sequence[Line]
    waiting_count: int
    parked: Sequence[Line]
    missed: Sequence[Line]
    served_today: int
    version: int
    now: datetime
    known_reasons: Collection[str] = KNOWN_REASONS


def desk_view(mall: Mall, desk: DeskOut) -> DeskView:
    """The desk's page from what its socket says."""
    counter = mall.counter(desk.counter)
    shift = ShiftState(desk.shift)
    is_free = shift is ShiftState.OPEN and desk.current is None

    def lines(tickets: Iterable[TicketOut]) -> tuple[Line, ...]:
        return tuple(line(mall, each, is_free=is_free) for each in tickets)

    in_hand = desk.current

    return DeskView(
        counter=counter,
        zone=mall.zone_of(counter),
        services=services_of(mall, counter),
        shift=shift,
        shift_word=SHIFTS[shift],
        pause_reason=desk.pause_reason,
        shift_buttons=shift_buttons(shift, len(counter.weights), in_hand is not None),
        call_next=CALL_NEXT if is_free else None,
        current=line(mall, in_hand, is_open=shift is ShiftState.OPEN) if in_hand else None,
        brought=desk.brought,
        brought_word=BROUGHT[Action(desk.brought.action)] if desk.brought else "",
        waiting=lines(desk.waiting),
        waiting_count=desk.waiting_count,
        parked=lines(desk.parked),
        missed=lines(desk.missed),
        served_today=desk.served_today,
        version=desk.version,
        now=local(desk.at, mall.time_zone),
    )


def services_of(mall: Mall, counter: Counter) -> list[Service]:
    return [mall.service_by_id[each] for each in counter.weights if each in mall.service_by_id]


def shift_buttons(shift: ShiftState, services: int, in_hand: bool) -> tuple[Button, ...]:
    """What can be done to the counter itself; it is not closed while somebody stands at it."""
    closing = () if in_hand else (CLOSE,)
    if shift is ShiftState.CLOSED:
        return (OPEN, CHOOSE) if services > 1 else (OPEN,)
    if shift is ShiftState.PAUSED:
        return (GO_ON, *closing)
    return (PAUSE, *closing)


def line(mall: Mall, ticket: TicketOut, *, is_free: bool = False, is_open: bool = True) -> Line:
    service = mall.service_by_slug.get(ticket.service)

    def clock(moment: datetime | None) -> datetime | None:
        return local(moment, mall.time_zone) if moment else None

    state = State(ticket.state)
    return Line(
        ticket=ticket,
        service=service,
        agency=mall.agency_of(service) if service else None,
        state_word=STATES[state],
        priority_word=PRIORITIES[Priority(ticket.priority)],
        joined_at=local(ticket.joined_at, mall.time_zone),
        called_at=clock(ticket.called_at),
        started_at=clock(ticket.started_at),
        ended_at=clock(ticket.ended_at),
        parked_until=clock(ticket.parked_until),
        buttons=buttons_for(life.desk_actions(state), is_free=is_free, is_open=is_open),
    )


@dataclass(frozen=True)
class Notice:
    """What the desk says of the last press. `kind`: success, info, warning, error."""

    text: str
    kind: str = "success"
    stays: bool = False
    """Until the next press; else it goes by itself after a while."""


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """`/desk/{counter_id}`."""

    template: ClassVar[str] = "queue/desk.html"
    desk: DeskView
    notice: Notice | None
    is_one_of_many: bool
    """Whether this principal may go to other counters too."""
    keys: Sequence[Button] = SHORTCUTS


@dataclass(frozen=True, kw_only=True)
class DeskParts(Page):
    """The parts of the desk that change, for a page that is open already. `notice`: of a press."""

    template: ClassVar[str] = "queue/desk_now.html"
    desk: DeskView
    notice: Notice | None


@dataclass(frozen=True)
class CounterChoice:
    """A counter among others. `agencies`: whose services it serves, in short."""

    counter: Counter
    zone: Zone | None
    agencies: str
    shift: ShiftState
    shift_word: str


def counter_choices(
    mall: Mall, counters: Iterable[Counter], shifts: Mapping[int, Shift]
) -> list[CounterChoice]:
    """`shifts`: the present ones, by counter."""
    choices = []
    for counter in counters:
        shift = shifts[counter.id].state if counter.id in shifts else ShiftState.CLOSED
        theirs = services_of(mall, counter)
        agencies = dict.fromkeys(mall.agency_of(service).short for service in theirs)
        choices.append(
            CounterChoice(
                counter, mall.zone_of(counter), ", ".join(agencies), shift, SHIFTS_SHORT[shift]
            )
        )
    return choices


def by_zone(choices: Iterable[CounterChoice]) -> list[tuple[Zone | None, list[CounterChoice]]]:
    """Grouped, in the order in which the zones come first."""
    groups: dict[str, tuple[Zone | None, list[CounterChoice]]] = {}
    for choice in choices:
        slug = choice.zone.slug if choice.zone else ""
        groups.setdefault(slug, (choice.zone, []))[1].append(choice)
    return list(groups.values())


@dataclass(frozen=True, kw_only=True)
class DeskListPage(Page):
    """`/desk` for somebody with several counters, or none."""

    template: ClassVar[str] = "queue/desk_list.html"
    groups: Sequence[tuple[Zone | None, Sequence[CounterChoice]]]
