"""305 malls with 30 counters each: loaded once by the product's own command, kept for later runs.

Each has the agencies, services and zones of the demo's mall, as far as 30 of its counters serve them. Their
clocks differ as the nation's do; kiosks know no opening hours, so that the busiest quarter of an hour
can be measured at any time of day, in all of them at once.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import insert, text

from benchmarks import worlds
from benchmarks.databases import POSTGRES, Databases
from mpp import migrations, schema
from mpp.clock import system_clock
from mpp.counters.commands import load, people
from mpp.counters.models import devices
from mpp.counters.queries import mall_rows
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall, Service
from mpp.db.seam import Transaction
from mpp.demo.world import the_file
from mpp.ids import IdMaker
from mpp.security import Role, token_hash

MALLS, COUNTERS = 305, 30
CLOCKS = (*("Asia/Jakarta",) * 7, *("Asia/Makassar",) * 2, "Asia/Jayapura")  # of ten malls
DISPLAYS = 3  # one at the door that shows all of the mall, one in each of the first zones
PREFIX = "mpp_bench_nation_"


@dataclass(frozen=True)
class Books:
    """What the database says of all malls."""

    tickets: int
    numbers: int
    """Sum of the last number of every series: equals `tickets` when there is no gap and no double."""
    calls: int


async def nation(databases: Databases, say: Callable[[str], None], count: int = MALLS) -> str:
    """The URL of a fresh copy of the nation: counters open, nobody there yet."""
    name = f"{PREFIX}{count}_{_fingerprint()}"
    kept = await databases.kept(name)
    if kept is None:
        await databases.drop_kept(f"{PREFIX}{count}_")
        say(f"loading {count} malls (once; later runs use them again)")
        made = await databases.empty(POSTGRES, "nation")
        await schema.migrate(made)
        await worlds.at_once(made, load_malls, count)
        kept = await databases.keep(made, name)
    url = await databases.copy(kept, "nation_day")
    await worlds.at_once(url, open_malls)
    return url


async def forget(databases: Databases) -> None:
    """Remove what is kept."""
    if databases.postgres is not None:
        await databases.drop_kept(PREFIX)


def _fingerprint() -> str:
    """Changes with the schema, with the demo's mall and with this module."""
    versions = sorted(Path(migrations.__path__[0]).glob("versions/*.py"))
    read = b"".join(each.read_bytes() for each in [*versions, Path(__file__)])
    return hashlib.sha256(read + msgspec.json.encode(the_file())).hexdigest()[:10]


# -- making --------------------------------------------------------------------------------------


def mall_file(n: int) -> MallFile:
    """The demo's mall with another name and clock, its first 30 counters and what they serve."""
    file = the_file()
    chosen = file.counter[:COUNTERS]
    served = {each.service for counter in chosen for each in counter.services}
    agencies = [
        msgspec.structs.replace(agency, service=kept)
        for agency in file.agency
        if (kept := [each for each in agency.service if each.slug in served])
    ]
    about = msgspec.structs.replace(
        file.mall, slug=f"mpp-{n:03}", name=f"MPP Kota {n}", time_zone=CLOCKS[n % len(CLOCKS)]
    )
    return msgspec.structs.replace(
        file, mall=about, agency=agencies, counter=chosen, officer=[], period=[], holiday=[]
    )


def load_malls(tx: Transaction, count: int) -> None:
    """So many malls with a kiosk, a manager and a device at each counter."""
    tx.new_id = IdMaker(worlds.LOADER_NODE, milliseconds=lambda: worlds.LONG_AGO_MS)
    for n in range(count):
        file = mall_file(n)
        load.load_mall(tx, file)
        mall = mall_rows.mall(tx, file.mall.slug)
        for role in (Role.KIOSK, Role.MANAGER):
            people.enrol_device(
                tx,
                mall,
                role=role,
                name=str(role),
                hashed=token_hash(mall_token(role, mall)),
                now=system_clock(),
                unrestricted=True,
            )
        _enrol_counters(tx, mall)
    tx.conn.execute(text("ANALYZE"))


def _enrol_counters(tx: Transaction, mall: Mall) -> None:
    """A device a counter, in one statement a mall."""
    rows = [
        {
            "mall_id": mall.id,
            "id": tx.new_id(),
            "role": Role.COUNTER,
            "name": f"loket {each.label}",
            "token_hash": token_hash(counter_token(each.id)),
            "counter_id": each.id,
            "unrestricted": False,
            "created_at": system_clock(),
        }
        for each in mall.counters
    ]
    tx.conn.execute(insert(devices), rows)


def mall_token(role: Role, mall: Mall) -> str:
    """The token of the mall's kiosk or of its manager."""
    return f"bench-{role}-{mall.slug}"


def counter_token(counter_id: int) -> str:
    """The token of the device at this counter."""
    return f"bench-counter-{counter_id}"


# -- using ---------------------------------------------------------------------------------------


def open_malls(tx: Transaction) -> None:
    """Every counter of every mall, from now on."""
    for mall in _malls(tx):
        worlds.open_all(tx, mall, now=system_clock())
    tx.conn.execute(text("ANALYZE shifts"))


def _malls(tx: Transaction) -> list[Mall]:
    return [mall_rows.mall(tx, slug) for slug in mall_rows.mall_revisions(tx)]


async def malls_of(url: str) -> list[Mall]:
    """Every mall of the database."""
    return await worlds.at_once(url, _malls)


def boards_of(mall: Mall) -> list[tuple[str, frozenset[int]]]:
    """The path of each display's socket, and the counters whose calls it shows."""
    path = f"/live/malls/{mall.slug}/board"
    everywhere = (path, frozenset(each.id for each in mall.counters))
    return [everywhere] + [
        (f"{path}?zone={zone.slug}", frozenset(c.id for c in mall.counters if c.zone == zone.slug))
        for zone in mall.zones[: DISPLAYS - 1]
    ]


def services_of(mall: Mall, counter_id: int) -> Sequence[Service]:
    """What this counter serves."""
    return [mall.service_by_id[each] for each in mall.counter_by_id[counter_id].weights]


async def books(url: str) -> Books:
    """Count."""
    return await worlds.at_once(url, _count)


def _count(tx: Transaction) -> Books:
    row = tx.conn.execute(
        text(
            """
            SELECT (SELECT count(*) FROM tickets),
                   (SELECT coalesce(sum(last_number), 0) FROM number_series),
                   (SELECT count(DISTINCT ticket_id) FROM ticket_events WHERE action = 'call')
            """
        )
    ).one()
    return Books(*(int(each) for each in row))
