"""One command, one transaction, screens woken after it: the same on both databases."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from factories import NINE, a_desk, a_mall, a_ticket, add_row, issued, mall_file, rows_stored
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, StatementError

from mpp.counters.models import malls, zones
from mpp.db.connect import open_database
from mpp.db.schema import from_microseconds, to_microseconds
from mpp.db.seam import Database, Transaction
from mpp.errors import Conflict, QuotaExhausted
from mpp.live.hub import Hub
from mpp.queue.models import number_series, tickets, visits
from mpp.queue.queries.ticket_rows import take_number


def add_and_refuse(tx: Transaction, slug: str) -> int:
    add_row(tx, slug)
    raise Conflict("Setelah menulis.")


class Told:
    """What was woken, and what the database held at that moment."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.seen: list[asyncio.Task[set[str]]] = []
        self.db: Database

    def __call__(self, topics: Any) -> None:
        self.topics += topics
        self.seen.append(asyncio.create_task(self.db.read(rows_stored)))


@pytest.fixture
async def told(database_url: str):
    told = Told()
    told.db = open_database(database_url, told)
    await told.db.start()
    yield told
    await told.db.close()


async def test_screens_are_woken_once_the_commit_can_be_read(told: Told) -> None:
    await told.db.execute(add_row, "a")
    assert told.topics == ["a"]
    assert await asyncio.gather(*told.seen) == [{"a"}]


async def test_what_is_rolled_back_wakes_nobody_and_stays_away(told: Told) -> None:
    with pytest.raises(Conflict):
        await told.db.execute(add_and_refuse, "a")
    assert told.topics == []
    assert await told.db.read(rows_stored) == set()


async def test_a_failure_leaves_the_next_command_a_clean_transaction(told: Told) -> None:
    await told.db.execute(add_row, "a")
    for _ in range(3):
        with pytest.raises(Conflict):
            await told.db.execute(add_and_refuse, "b")
    with pytest.raises(ZeroDivisionError):
        await told.db.execute(lambda tx: add_row(tx, "c") / 0)
    await told.db.execute(add_row, "d")
    assert (told.topics, await told.db.read(rows_stored)) == (["a", "d"], {"a", "d"})


async def test_a_unique_violation_is_an_error_for_its_own_asker_only(told: Told) -> None:
    answers = await asyncio.gather(
        *(told.db.execute(add_row, slug) for slug in ("a", "b", "a", "c")), return_exceptions=True
    )
    assert [isinstance(each, int) for each in answers].count(True) == 3
    assert sorted(told.topics) == ["a", "b", "c"]
    assert await told.db.read(rows_stored) == {"a", "b", "c"}


async def test_a_query_cannot_write(told: Told) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await told.db.read(add_row, "a")
    assert (told.topics, await told.db.read(rows_stored)) == ([], set())


async def test_a_query_sees_one_moment(told: Told) -> None:
    """Two statements of one query agree although somebody commits between them."""
    loop = asyncio.get_running_loop()
    is_sqlite = told.db.url.startswith("sqlite")

    def twice(tx: Transaction) -> tuple[set[str], set[str]]:
        first = rows_stored(tx)
        if is_sqlite:  # a reader's thread: the commit must be over before we go on
            asyncio.run_coroutine_threadsafe(told.db.execute(add_row, "b"), loop).result(10)
        else:  # run_sync on the loop itself: sleep in the database while the other commits
            between.append(loop.create_task(told.db.execute(add_row, "b")))
            tx.conn.exec_driver_sql("SELECT pg_sleep(0.3)")
        return first, rows_stored(tx)

    between: list[asyncio.Task[int]] = []
    await told.db.execute(add_row, "a")
    assert await told.db.read(twice) == ({"a"}, {"a"})
    await asyncio.gather(*between)
    assert await told.db.read(rows_stored) == {"a", "b"}


async def test_a_command_stands_although_its_asker_went_away(told: Told) -> None:
    asking = asyncio.create_task(told.db.execute(add_row, "a"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await told.db.execute(add_row, "b")
    after = await told.db.read(rows_stored)
    assert after in ({"a", "b"}, {"b"})  # done or not done, but never half
    assert sorted(told.topics) == sorted(after)


async def test_many_at_once_take_every_number_once(db: Database) -> None:
    mall = await a_mall(db)
    day = mall.day(NINE)
    numbers = await asyncio.gather(
        *(db.execute(take_number, mall.id, "A", day) for _ in range(100))
    )
    assert sorted(numbers) == list(range(1, 101))
    last = await db.read(lambda tx: tx.conn.execute(select(number_series.c.last_number)).scalar())
    assert last == 100


async def test_racing_with_one_key_gives_one_ticket(db: Database) -> None:
    mall = await a_mall(db)
    answers = await asyncio.gather(*(issued(db, mall, key="same") for _ in range(40)))
    assert len({each.ticket.id for each in answers}) == 1
    assert len({each.visit_token for each in answers}) == 1
    assert [each.is_replay for each in answers].count(False) == 1
    after = await a_ticket(db, mall)
    assert after.number == 2
    rows = await db.read(
        lambda tx: [
            tx.conn.execute(select(func.count()).select_from(table)).scalar()
            for table in (tickets, visits)
        ]
    )
    assert rows == [2, 2]  # the losers left no visit behind


async def test_a_quota_holds_when_everybody_comes_at_once(db: Database) -> None:
    mall = await a_mall(db)  # kk: three a day
    answers = await asyncio.gather(
        *(issued(db, mall, "kk", key=str(n)) for n in range(24)), return_exceptions=True
    )
    refused = [each for each in answers if isinstance(each, QuotaExhausted)]
    assert len(refused) == 21
    numbers = [each.ticket.number for each in answers if not isinstance(each, BaseException)]
    assert sorted(numbers) == [1, 2, 3]


async def test_two_malls_have_numbers_and_keys_of_their_own(db: Database) -> None:
    here = await a_mall(db)
    there = await a_mall(db, mall_file(slug="mpp-lain"))
    first = await a_ticket(db, here, key="k")
    second = await a_ticket(db, there, key="k")
    assert (first.number, second.number) == (1, 1)
    assert first.id != second.id


async def test_ids_go_on_rising_after_a_restart(database_url: str, clock) -> None:
    made = []
    for _ in range(3):
        database = open_database(database_url, Hub().publish)
        await database.start()
        mall = await a_mall(database)
        made.append((await a_ticket(database, mall)).id)
        await database.close()
    assert made == sorted(set(made))


async def test_two_processes_make_different_ids(empty_postgres_url: str) -> None:
    both = [open_database(empty_postgres_url, Hub().publish) for _ in range(2)]
    for database in both:
        await database.start()
    made = await asyncio.gather(*(d.execute(lambda tx: tx.new_id()) for d in both * 300))
    assert len(set(made)) == len(made)
    for database in both:
        await database.close()


# -- moments -------------------------------------------------------------------------------------

moments = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=9))]),
)


@given(moments)
def test_a_moment_is_stored_to_the_microsecond(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=moments)
async def test_a_moment_comes_back_from_the_database_as_it_went(db: Database, moment) -> None:
    def there_and_back(tx: Transaction) -> Any:
        return tx.conn.execute(
            insert(visits)
            .values(
                mall_id=mall_id, id=tx.new_id(), token=str(tx.new_id()), day=moment.date(),
                locale="id", created_at=moment,
            )
            .returning(visits.c.created_at)
        ).scalar_one()  # fmt: skip

    slug = f"m{to_microseconds(moment)}"
    known = await db.read(lambda tx: dict(tx.conn.execute(select(malls.c.slug, malls.c.id)).all()))
    mall_id = known.get(slug) or await db.execute(add_row, slug)
    back = await db.execute(there_and_back)
    assert (back, back.tzinfo) == (moment, UTC)


async def test_a_moment_without_a_time_zone_is_refused(db: Database, clock) -> None:
    mall = await a_mall(db)
    with pytest.raises((StatementError, ValueError)):
        await a_desk(db, mall, "1", lambda: datetime(2026, 11, 23, 9))  # noqa: DTZ001


async def test_the_last_line_of_each_rule_is_in_the_database(db: Database) -> None:
    """A row of another mall cannot be referred to, whatever the code does."""
    mall = await a_mall(db)
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        await db.execute(
            lambda tx: tx.conn.execute(
                insert(zones).values(mall_id=mall.id + 1, slug="z", name="Z", position=0)
            )
        )


@pytest.mark.postgres
async def test_who_waits_for_a_connection_is_served_in_turn(empty_postgres_url: str) -> None:
    """Under load nobody waits for seconds while others come again and again."""
    db = open_database(empty_postgres_url, lambda _topics: None, pool=4)
    await db.start()
    asking = itertools.count()
    begun: list[int] = []

    def begin(tx: Transaction, number: int) -> None:
        begun.append(number)
        rows_stored(tx)

    async def press() -> None:
        for _ in range(20):
            await db.read(begin, next(asking))

    await asyncio.gather(*(press() for _ in range(40)))
    await db.close()
    overtaken = [sum(later > each for later in begun[:n]) for n, each in enumerate(begun)]
    assert max(overtaken) <= 8
