"""Prepare the demo's mall: its data loaded, devices enrolled afresh, passwords set, counters open."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import select, update

from mpp.clock import Clock
from mpp.counters.commands import people, shifts
from mpp.counters.commands.load import load_mall
from mpp.counters.models import devices, malls, officers
from mpp.counters.queries import mall_rows, shift_rows
from mpp.counters.rules.file import DemoServicePart, MallFile
from mpp.counters.rules.mall import Mall
from mpp.counters.rules.source import read_mall
from mpp.db.seam import Database, Transaction
from mpp.demo import tokens
from mpp.queue.commands import end
from mpp.security import Principal, Role, new_token, token_hash

MALL = Path(__file__).parent / "mall.toml"
KIOSKS = 2
INTEGRATIONS = {Role.MANAGER: "integrasi manajer", Role.ADMIN: "integrasi admin"}


@dataclass(frozen=True)
class World:
    """The prepared mall and everything that lets somebody in."""

    mall: Mall
    file: MallFile
    tokens: tokens.Tokens
    supervisors: tuple[tuple[str, str], ...]
    """User name and password of those who watch the hall."""


@dataclass(frozen=True)
class _Device:
    """A device to enrol, with the token that only this process will know."""

    role: Role
    name: str
    token: str
    counter_id: int | None = None
    zone: str | None = None


async def prepare(db: Database, clock: Clock, base: str) -> World:
    """Load, enrol, open: everything that stands before the first visitor comes.

    Going on with an earlier run's database, all its tokens and passwords stop working.
    """
    file = the_file()
    mall = await load(db, clock)
    now = clock()
    await db.execute(end.close_day, mall, mall.day(now) - timedelta(days=1), now=now)
    passwords = await _set_passwords(db, mall, file)
    wanted = _devices(mall)
    await db.execute(_enrol, mall, wanted, now=now)
    await db.execute(_open_counters, mall, file, now=now)
    made = _tokens(mall, file, base, wanted, passwords)
    watching = tuple(
        (each.username, passwords[each.username])
        for each in file.officer
        if each.role == Role.SUPERVISOR
    )
    return World(mall, file, made, watching)


def the_file() -> MallFile:
    """The demo's mall as it is delivered."""
    return read_mall(MALL.read_text(encoding="utf-8"), MALL.name)


async def load(db: Database, clock: Clock) -> Mall:
    """The demo's mall as its file has it, with every counter closed."""
    file = the_file()
    await db.execute(load_mall, file)
    await db.execute(_mark_as_play, file.mall.slug)
    mall = await db.read(mall_rows.mall, file.mall.slug)
    await db.execute(_close_counters, mall, now=clock())
    return mall


def _close_counters(tx: Transaction, mall: Mall, *, now: datetime) -> None:
    """As an earlier run left them; whoever is in hand stays where they are."""
    for counter_id in shift_rows.present_shifts(tx, mall.id):
        shifts.close_shift(tx, mall, counter_id, by=None, now=now)


def typical() -> Mapping[str, DemoServicePart]:
    """What the demo's file knows of services: share of arrivals and usual minutes, by slug."""
    return the_file().demo.service


def _mark_as_play(tx: Transaction, slug: str) -> None:
    """Nobody shall take the demo's figures for a real mall's."""
    tx.conn.execute(update(malls).where(malls.c.slug == slug).values(is_synthetic=True))


async def _set_passwords(db: Database, mall: Mall, file: MallFile) -> dict[str, str]:
    """New random passwords for everybody; answers them by user name."""
    passwords = {each.username: tokens.new_password() for each in file.officer}
    hashed = await asyncio.to_thread(_hashed, passwords)

    def store(tx: Transaction) -> None:
        for username, value in hashed.items():
            people.set_password(tx, mall.id, username, value)

    await db.execute(store)
    return passwords


def _hashed(passwords: Mapping[str, str]) -> dict[str, str]:
    """Their argon2id hashes, made quickly: random passwords that last one run need no slow hash."""
    hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    return {username: hasher.hash(password) for username, password in passwords.items()}


def _devices(mall: Mall) -> list[_Device]:
    return [
        *(_Device(Role.KIOSK, f"kios {n}", new_token("kiosk")) for n in range(1, KIOSKS + 1)),
        *(
            _Device(Role.DISPLAY, f"layar {zone.slug}", new_token("display"), zone=zone.slug)
            for zone in mall.zones
        ),
        *(
            _Device(Role.COUNTER, f"loket {each.label}", new_token("counter"), counter_id=each.id)
            for each in mall.counters
        ),
        *(_Device(role, name, new_token(role)) for role, name in INTEGRATIONS.items()),
    ]


def _enrol(tx: Transaction, mall: Mall, wanted: Sequence[_Device], *, now: datetime) -> None:
    """Every earlier device of the demo's mall is revoked; the new ones know no opening hours."""
    tx.conn.execute(
        update(devices)
        .where(devices.c.mall_id == mall.id, devices.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    for device in wanted:
        people.enrol_device(
            tx,
            mall,
            role=device.role,
            name=device.name,
            hashed=token_hash(device.token),
            now=now,
            counter_id=device.counter_id,
            zone=device.zone,
            unrestricted=True,
        )


def _open_counters(tx: Transaction, mall: Mall, file: MallFile, *, now: datetime) -> None:
    """Every counter's officer begins the day, or goes on after a pause."""
    rows = tx.conn.execute(
        select(officers.c.id, officers.c.username).where(officers.c.mall_id == mall.id)
    )
    ids = {row.username: row.id for row in rows}
    theirs = {label: ids[each.username] for each in file.officer for label in each.counters}
    for counter in mall.counters:
        officer_id = theirs.get(counter.label)
        by = Principal(
            id=officer_id or 0,
            mall_id=mall.id,
            role=Role.OFFICER,
            name="",
            is_device=not officer_id,
        )
        shifts.open_counter(tx, mall, counter.id, by=by, now=now)


def _tokens(
    mall: Mall,
    file: MallFile,
    base: str,
    wanted: Sequence[_Device],
    passwords: dict[str, str],
) -> tokens.Tokens:
    token = {(each.role, each.counter_id, each.zone): each.token for each in wanted}
    by_label = {each.label: each.id for each in mall.counters}

    def leader(role: Role) -> tokens.Leader:
        person = next(each.username for each in file.officer if each.role == role)
        return tokens.Leader(person, passwords[person], token[role, None, None])

    return tokens.Tokens(
        base=base,
        mall=mall.slug,
        kiosks=[tokens.Kiosk(d.name, d.token) for d in wanted if d.role is Role.KIOSK],
        displays=[
            tokens.Display(d.name, d.zone or "", d.token) for d in wanted if d.role is Role.DISPLAY
        ],
        counters=[
            tokens.Counter(
                each.id,
                each.label,
                each.zone,
                [mall.service_by_id[service].slug for service in each.weights],
                token[Role.COUNTER, each.id, None],
            )
            for each in mall.counters
        ],
        officers=[
            tokens.Officer(each.username, passwords[each.username], by_label[each.counters[0]])
            for each in file.officer
            if each.role == Role.OFFICER and each.counters
        ],
        manager=leader(Role.MANAGER),
        admin=leader(Role.ADMIN),
    )
