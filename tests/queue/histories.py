"""Steps of a hall's day, made up at random, that two worlds can do alike."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from factories import SMALL_MALL, TestClock, a_leader, at_counter
from hypothesis import strategies as st
from sqlalchemy import select

from mpp.counters.commands import shifts as shift_commands
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall
from mpp.db.postgres import PostgresDatabase
from mpp.db.seam import Transaction
from mpp.errors import MppError
from mpp.queue.commands import act, call, issue
from mpp.queue.commands.issue import IssueRequest
from mpp.queue.models import tickets
from mpp.queue.rules.forecast import COUNTERS, KINDS, MALL, Cell, Outlook
from mpp.queue.rules.life import Action, Place, Priority

SERVICES = ("ktp-el", "kk", "paspor")


def hall(slug: str) -> MallFile:
    """Two groups of counters: 1, 2 and 5 share services, 3 and 4 others; kk has a quota of three."""
    document = tomllib.loads(SMALL_MALL)
    document["mall"]["slug"] = slug
    served = [
        [("ktp-el", 2), ("kk", 1)],
        [("ktp-el", 1)],
        [("paspor", 1)],
        [("paspor", 3)],
        [("kk", 3), ("ktp-el", 1)],
    ]
    document["counter"] = [
        {"label": str(n + 1), "services": [{"service": s, "weight": w} for s, w in each]}
        for n, each in enumerate(served)
    ]
    document["officer"] = []
    return msgspec.convert(document, MallFile)


@dataclass
class World:
    """One of the two malls, and what came of each step in it."""

    db: PostgresDatabase
    mall: Mall
    woken: list[str]
    clock: TestClock = field(default_factory=TestClock)
    made: list[int] = field(default_factory=list)
    """Ids of the tickets in the order in which they were made."""
    tokens: list[str] = field(default_factory=list)
    outcomes: list[Any] = field(default_factory=list)

    async def step(self, doing: "Step") -> None:
        """Do it; keep the answer or the refusal, and which screens were woken."""
        self.woken.clear()
        try:
            answer = await doing(self)
        except MppError as error:
            answer = (type(error).__name__, str(error), vars(error))
        self.outcomes.append((answer, sorted(self.woken)))

    def ticket(self, n: int) -> int:
        return self.made[-1 - n % len(self.made)] if self.made else 1

    def counter(self, n: int) -> int:
        return self.mall.counters[n % len(self.mall.counters)].id


Step = Callable[[World], Any]


def known(mall: Mall, service: str) -> Outlook:
    """What is told: awkward numbers, something unknown, and a third of whoever waits for another service."""
    cells = [Cell(0.0, 0.1, 33.3, 200, COUNTERS), None]
    cells += [Cell(100.1 * n, 333.3 * n, 777.7 * n, 20 + n, MALL) for n in range(2, KINDS)]
    shares = {each.id: 100 if each.slug == service else 33 for each in mall.services}
    return Outlook(tuple(cells), shares)


def issuing(
    service: str, priority: Priority, key: str | None, visit: int | None, free: bool
) -> Step:
    async def do(world: World) -> Any:
        token = world.tokens[-1 - visit % len(world.tokens)] if visit and world.tokens else None
        asked = IssueRequest(
            service=world.mall.service(service), issuer="device:1", priority=priority, key=key,
            visit=token, unrestricted=free, device_id=1, outlook=known(world.mall, service),
        )  # fmt: skip
        issued = await world.db.execute(issue.issue_ticket, world.mall, asked, now=world.clock())
        if not issued.is_replay:
            world.made.append(issued.ticket.id)
            world.tokens.append(issued.visit_token)
        return issued

    return do


def calling(n: int) -> Step:
    async def do(world: World) -> Any:
        wanted = world.counter(n)
        by = at_counter(world.mall, world.mall.counter(wanted).label)
        return await world.db.execute(call.call_next, world.mall, wanted, by=by, now=world.clock())

    return do


def acting(ticket: int, action: Action, service: str | None, counter: int | None) -> Step:
    async def do(world: World) -> Any:
        details = act.Details(
            reason="alasan",
            service=world.mall.service(service) if service else None,
            counter_id=None if counter is None else world.counter(counter),
            place=Place.JOINED,
        )
        acted = await world.db.execute(
            act.act, world.mall, world.ticket(ticket), action,
            by=a_leader(world.mall), now=world.clock(), details=details,
        )  # fmt: skip
        if acted.referred is not None:
            world.made.append(acted.referred.id)
        return acted

    return do


def shifting(n: int, what: str, only: str | None) -> Step:
    async def do(world: World) -> None:
        given = (world.mall, world.counter(n))
        by, now = a_leader(world.mall), world.clock()
        if what == "open":
            chosen = None if only is None else [only]
            await world.db.execute(
                shift_commands.open_counter, *given, by=by, now=now, services=chosen
            )
        elif what == "pause":
            await world.db.execute(
                shift_commands.pause_counter, *given, by=by, now=now, reason="salat"
            )
        else:
            await world.db.execute(call.close_counter, *given, by=by, now=now)

    return do


def waiting(seconds: int) -> Step:
    """Time goes on, or the clock is set back."""

    async def do(world: World) -> None:
        world.clock.forward(seconds=seconds)

    return do


small = st.integers(0, 4)
service = st.sampled_from(SERVICES)
issues = st.builds(
    issuing,
    service,
    st.sampled_from([Priority.REGULAR, Priority.REGULAR, Priority.ELDERLY, Priority.PREGNANT]),
    st.sampled_from([None, None, None, "a", "b"]),
    st.sampled_from([None, None, 1, 2]),
    st.booleans(),
)
calls = st.builds(calling, small)
finishing = st.builds(
    acting, st.integers(0, 30), st.sampled_from([Action.START, Action.COMPLETE, Action.MISS]),
    st.none(), st.none(),
)  # fmt: skip
elsewhere = st.builds(
    acting, st.integers(0, 30),
    st.sampled_from([Action.TRANSFER, Action.TRANSFER, Action.REFER, Action.CANCEL, Action.CALL,
                     Action.REQUEUE, Action.RETURN, Action.PARK, Action.RESUME, Action.RECALL]),
    st.none() | service, st.none() | small,
)  # fmt: skip
shifted = st.builds(
    shifting, small, st.sampled_from(["open", "open", "open", "pause", "close"]),
    st.sampled_from([None, None, "ktp-el", "kk"]),
)  # fmt: skip
pauses = st.builds(waiting, st.integers(1, 400) | st.integers(-400, 400))


@st.composite
def turns(draw: st.DrawFn) -> list[Step]:
    """Somebody is called and served at one counter, or sent on to another."""
    n = draw(small)

    def whoever(then: Action, to: int | None = None) -> Step:
        async def do(world: World) -> Any:
            held = await world.db.read(in_hand_at, world.mall.id, world.counter(n))
            if held is None:
                return None
            details = act.Details(counter_id=None if to is None else world.counter(to))
            return await world.db.execute(
                act.act, world.mall, held, then,
                by=a_leader(world.mall), now=world.clock(), details=details,
            )  # fmt: skip

        return do

    last = draw(st.sampled_from(["complete", "complete", "transfer"]))
    end = whoever(Action.COMPLETE) if last == "complete" else whoever(Action.TRANSFER, draw(small))
    return [calling(n), waiting(draw(st.integers(1, 90))), whoever(Action.START), end]


def in_hand_at(tx: Transaction, mall_id: int, counter_id: int) -> int | None:
    wanted = select(tickets.c.id).where(
        tickets.c.mall_id == mall_id,
        tickets.c.counter_id == counter_id,
        tickets.c.state.in_(["called", "serving"]),
    )
    return tx.conn.execute(wanted).scalar()


def alone(step: st.SearchStrategy[Step]) -> st.SearchStrategy[list[Step]]:
    return step.map(lambda each: [each])


joining = st.builds(
    issuing, service, st.sampled_from([Priority.REGULAR, Priority.ELDERLY, Priority.INFANT]),
    st.none(), st.sampled_from([None, None, None, 1]), st.just(True),
)  # fmt: skip
chosen = st.builds(acting, st.integers(0, 30), st.just(Action.CALL), st.none(), small)
twice = st.builds(
    issuing, service, st.just(Priority.REGULAR), st.sampled_from("cdef"), st.none(), st.just(True)
).map(lambda step: [step, step])
crowd = st.lists(joining | pauses, min_size=12, max_size=30)
rest = st.lists(
    st.one_of(
        *(alone(each) for each in (issues, issues, finishing, elsewhere, shifted, pauses, chosen)),
        twice,
        *(turns() for _ in range(6)),
    ),
    min_size=15,
    max_size=40,
)
histories = st.tuples(crowd, rest).map(lambda both: [both[0], *both[1]])
