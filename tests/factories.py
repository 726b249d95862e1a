"""Small worlds for tests: plain values and plain async functions, fixed times, no chance."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import insert

from mpp.counters.commands import people, shifts
from mpp.counters.commands.load import load_mall
from mpp.counters.models import malls
from mpp.counters.queries import mall_rows
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.queue.commands import act, call, issue
from mpp.queue.commands.issue import Issued, IssueRequest
from mpp.queue.queries import ticket_rows, visit_rows
from mpp.queue.rules.life import Action, Priority
from mpp.queue.rules.ticket import Ticket
from mpp.security import Principal, Role, new_token, token_hash

MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Nine o'clock on a Monday in Jakarta."""

SMALL_MALL = """
[mall]
slug = "mpp-uji"
name = "Mal Pelayanan Publik Uji"
time_zone = "Asia/Jakarta"
notice = "Selamat datang"
notice_en = "Welcome"
priority_head_start_minutes = 15
priority_in_a_row = 2
[mall.hours]
monday = ["08:00-15:00"]
tuesday = ["08:00-15:00"]
[[zone]]
slug = "a"
name = "Zona A"
[[zone]]
slug = "b"
name = "Zona B"
[[agency]]
slug = "dukcapil"
name = "Dinas Kependudukan dan Pencatatan Sipil"
name_en = "Civil Registration"
short = "Dukcapil"
zone = "a"
[[agency.service]]
slug = "ktp-el"
name = "Perekaman KTP-el"
name_en = "ID card"
prefix = "A"
requirements = [{ id = "Fotokopi KK", en = "Copy of the family card" }]
promised_minutes = 10
promised_wait_minutes = 30
[[agency.service]]
slug = "kk"
name = "Kartu Keluarga"
prefix = "K"
daily_quota = 3
[[agency]]
slug = "imigrasi"
name = "Kantor Imigrasi"
short = "Imigrasi"
zone = "b"
[[agency.service]]
slug = "paspor"
name = "Paspor baru"
prefix = "P"
fee = 350000
[[counter]]
label = "1"
zone = "a"
services = [{ service = "ktp-el" }, { service = "kk" }]
[[counter]]
label = "2"
zone = "a"
services = [{ service = "ktp-el" }]
[[counter]]
label = "3"
zone = "b"
services = [{ service = "paspor" }]
[[officer]]
username = "petugas1"
name = "Petugas Satu"
role = "officer"
counters = ["1"]
[[officer]]
username = "manajer"
name = "Manajer"
role = "manager"
"""


@dataclass
class TestClock:
    """A clock that stands until it is set."""

    __test__ = False
    now: datetime = NINE

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def mall_file(text: str = SMALL_MALL, **changes: Any) -> MallFile:
    """A mall file, with fields of `[mall]` changed."""
    document = tomllib.loads(text)
    document["mall"] |= changes
    return msgspec.convert(document, MallFile)


async def a_mall(db: Database, file: MallFile | None = None) -> Mall:
    """A small mall: counters 1 and 2 serve ktp-el (1 also kk), counter 3 serves paspor."""
    wanted = file or mall_file()
    await db.execute(load_mall, wanted)
    return await db.read(mall_rows.mall, wanted.mall.slug)


def at_counter(mall: Mall, label: str) -> Principal:
    """The device of a counter."""
    counter = next(each for each in mall.counters if each.label == label)
    return Principal(
        id=counter.id,
        mall_id=mall.id,
        role=Role.COUNTER,
        name=f"loket {label}",
        counter_ids=frozenset({counter.id}),
        is_device=True,
    )


def a_leader(mall: Mall) -> Principal:
    return Principal(id=1, mall_id=mall.id, role=Role.MANAGER, name="manajer", is_device=True)


@dataclass
class Desk:
    """An open counter and what its officer does."""

    db: Database
    mall: Mall
    by: Principal
    clock: Callable[[], datetime]
    counter_id: int = field(init=False)

    def __post_init__(self) -> None:
        self.counter_id = next(iter(self.by.counter_ids))

    async def call(self) -> Ticket | None:
        return await self.db.execute(
            call.call_next, self.mall, self.counter_id, by=self.by, now=self.clock()
        )

    async def start(self) -> Ticket:
        """Call and start whoever is next; somebody must wait."""
        called = await self.call()
        assert called is not None
        return await self.do(called, Action.START)

    async def do(self, ticket: Ticket, action: Action, **details: Any) -> Ticket:
        return (await self.acted(ticket, action, **details)).ticket

    async def acted(self, ticket: Ticket, action: Action, **details: Any) -> act.Acted:
        return await self.db.execute(
            act.act,
            self.mall,
            ticket.id,
            action,
            by=self.by,
            now=self.clock(),
            details=act.Details(**details),
        )

    async def serve(self) -> Ticket | None:
        """Call, start and complete whoever is next."""
        called = await self.call()
        if called is None:
            return None
        await self.do(called, Action.START)
        return await self.do(called, Action.COMPLETE)


async def a_desk(db: Database, mall: Mall, label: str, clock: Callable[[], datetime]) -> Desk:
    """Counter `label`, opened."""
    desk = Desk(db, mall, at_counter(mall, label), clock)
    await db.execute(shifts.open_counter, mall, desk.counter_id, by=desk.by, now=clock())
    return desk


async def history(db: Database, ticket: Ticket) -> list[Any]:
    """The ticket's events in order."""
    return await db.read(visit_rows.events_of, ticket.mall_id, ticket.id)


async def now_is(db: Database, ticket: Ticket) -> Ticket:
    """The ticket as it stands now."""
    found: Ticket = await db.read(ticket_rows.ticket, ticket.mall_id, ticket.id)
    return found


async def a_ticket(
    db: Database,
    mall: Mall,
    service: str = "ktp-el",
    *,
    now: datetime = NINE,
    priority: Priority = Priority.REGULAR,
    key: str | None = None,
    **wish: Any,
) -> Ticket:
    return (await issued(db, mall, service, now=now, priority=priority, key=key, **wish)).ticket


async def issued(
    db: Database, mall: Mall, service: str = "ktp-el", *, now: datetime = NINE, **wish: Any
) -> Issued:
    made = IssueRequest(
        service=mall.service(service), issuer=wish.pop("issuer", "device:1"), **wish
    )
    return await db.execute(issue.issue_ticket, mall, made, now=now)


async def a_device(
    db: Database,
    mall: Mall,
    role: Role,
    *,
    counter: str | None = None,
    zone: str | None = None,
    unrestricted: bool = False,
) -> str:
    """Enrol a device; answers its bearer token."""
    token = new_token(role)
    counter_id = next((c.id for c in mall.counters if c.label == counter), None)
    await db.execute(
        people.enrol_device,
        mall,
        role=role,
        name=f"{role} {counter or zone or ''}".strip(),
        hashed=token_hash(token),
        now=NINE,
        counter_id=counter_id,
        zone=zone,
        unrestricted=unrestricted,
    )
    return token


async def a_person(
    db: Database,
    mall: Mall,
    role: Role,
    username: str,
    *,
    counters: Sequence[str] = (),
    now: datetime = NINE,
) -> str:
    """Somebody who has signed in; answers the token that their cookie would hold."""
    token = new_token("session")
    officer_id = await db.execute(
        people.add_officer,
        mall,
        username=username,
        name=username.capitalize(),
        role=role,
        hashed="no password opens this",
        counter_ids=[c.id for c in mall.counters if c.label in counters],
    )
    await db.execute(
        people.sign_in,
        mall.id,
        hashed=token_hash(token),
        now=now,
        lasts=timedelta(days=30),
        officer_id=officer_id,
    )
    return token


# -- one row, for the seam's own tests --------------------------------------------------------------


def add_row(tx: Transaction, slug: str) -> int:
    """A command that writes one row and wakes one topic."""
    mall_id = tx.new_id()
    tx.conn.execute(
        insert(malls).values(
            id=mall_id, slug=slug, name=slug, time_zone="Asia/Jakarta", revision=1, notice="",
            priority_head_start_s=0, priority_in_a_row=1, public_issue=False, hours={},
        )
    )  # fmt: skip
    tx.wake(slug)
    return mall_id


def rows_stored(tx: Transaction) -> set[str]:
    """The slugs of what `add_row` has stored."""
    return set(mall_rows.mall_revisions(tx))
