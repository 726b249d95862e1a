"""The embedded database's writer: many commands share one commit, and a failure stays its own."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from factories import a_mall, a_ticket, add_row, rows_stored
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from mpp.db import mark
from mpp.db.connect import open_database
from mpp.db.seam import Database, Transaction
from mpp.errors import Conflict, Unavailable
from mpp.queue.models import ticket_events


@dataclass
class Writer:
    """A database whose writer can be held, so that what is asked meanwhile becomes one batch."""

    db: Database
    woken: list[str] = field(default_factory=list)
    runs: dict[str, int] = field(default_factory=dict)

    def wake(self, topics: Any) -> None:
        self.woken += sorted(topics)

    @property
    def path(self) -> str:
        return str(make_url(self.db.url).database)

    def counted(self, slug: str, command: Callable[[Transaction, str], Any] = add_row) -> Any:
        """`command` for `slug`, counting how often it is run."""

        def run(tx: Transaction) -> Any:
            self.runs[slug] = self.runs.get(slug, 0) + 1
            return command(tx, slug)

        return run

    async def together(self, *commands: Callable[[Transaction], Any]) -> list[Any]:
        """Run these commands as one batch; answers results and errors."""
        reached, go = threading.Event(), threading.Event()

        def hold(_tx: Transaction) -> None:
            reached.set()
            go.wait(20)

        holding = asyncio.create_task(self.db.execute(hold))
        await asyncio.to_thread(reached.wait, 20)
        asked = [asyncio.create_task(self.db.execute(each)) for each in commands]
        await asyncio.sleep(0)  # every task has put its command in the queue
        go.set()
        await holding
        return await asyncio.gather(*asked, return_exceptions=True)


@pytest.fixture
async def writer(sqlite_url: str) -> AsyncIterator[Writer]:
    held = Writer(None)  # type: ignore[arg-type]
    held.db = open_database(sqlite_url, held.wake)
    await held.db.start()
    yield held
    await held.db.close()


def refuse(_tx: Transaction, _slug: str) -> None:
    raise Conflict("Sebelum menulis.")


def write_and_fail(tx: Transaction, slug: str) -> None:
    add_row(tx, slug)
    raise Conflict("Setelah menulis.")


async def test_commands_that_wait_together_share_one_commit(writer: Writer) -> None:
    seen_from_outside = []

    def look(_tx: Transaction) -> None:
        with sqlite3.connect(writer.path) as other:
            seen_from_outside.append(other.execute("SELECT count(*) FROM malls").fetchone()[0])
        other.close()

    await writer.together(writer.counted("a"), writer.counted("b"), look)
    assert seen_from_outside == [0]  # two commands had run, nothing was committed yet
    assert writer.runs == {"a": 1, "b": 1}
    assert writer.woken == ["a", "b"]


async def test_a_refusal_before_any_write_just_leaves_the_batch(writer: Writer) -> None:
    answers = await writer.together(
        writer.counted("a"), writer.counted("no", refuse), writer.counted("b")
    )
    assert [type(each) for each in answers] == [int, Conflict, int]
    assert writer.runs == {"a": 1, "no": 1, "b": 1}
    assert (writer.woken, await writer.db.read(rows_stored)) == (["a", "b"], {"a", "b"})


async def test_a_failure_after_a_write_undoes_the_batch_and_each_runs_alone(
    writer: Writer,
) -> None:
    answers = await writer.together(
        writer.counted("a"), writer.counted("no", write_and_fail), writer.counted("b")
    )
    assert [type(each) for each in answers] == [int, Conflict, int]
    assert writer.runs == {"a": 2, "no": 2, "b": 1}  # b had not been reached when all was undone
    assert (writer.woken, await writer.db.read(rows_stored)) == (["a", "b"], {"a", "b"})


async def test_ids_given_out_are_those_that_were_stored(writer: Writer) -> None:
    answers = await writer.together(
        writer.counted("a"), writer.counted("no", write_and_fail), writer.counted("b")
    )
    ids: dict[str, int] = await writer.db.read(
        lambda tx: dict(tx.raw.execute("SELECT slug, id FROM malls"))
    )
    assert ids == {"a": answers[0], "b": answers[2]}


async def test_a_held_lock_is_a_clear_refusal_soon_and_for_all_at_once(writer: Writer) -> None:
    """Another process holds the file for too long: 503 for whoever waits, then work goes on."""
    await writer.db.execute(lambda tx: tx.raw.execute("PRAGMA busy_timeout=300"))
    other = sqlite3.connect(writer.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = monotonic()
    answers = await asyncio.gather(
        *(writer.db.execute(add_row, f"s{n}") for n in range(20)), return_exceptions=True
    )
    took = monotonic() - began
    other.execute("ROLLBACK")
    other.close()
    assert {type(each) for each in answers} == {Unavailable}
    assert took < 2  # not twenty times the patience, one after the other
    assert await writer.db.read(rows_stored) == set()
    assert isinstance(await writer.db.execute(add_row, "after"), int)


async def test_a_full_disk_loses_nothing_that_was_acknowledged(writer: Writer) -> None:
    """SQLite ends the whole transaction by itself when the disk is full: the batch must notice."""

    def limit(tx: Transaction) -> None:
        (pages,) = tx.raw.execute("PRAGMA page_count").fetchone()
        tx.raw.execute(f"PRAGMA max_page_count={pages + 2}")

    def bulky(tx: Transaction, slug: str) -> int:
        mall_id = tx.new_id()
        tx.raw.execute(
            "INSERT INTO malls (id, slug, name, time_zone, revision, notice, hours, public_issue,"
            " priority_head_start_s, priority_in_a_row) VALUES (?, ?, ?, '', 1, '', '{}', 0, 0, 1)",
            (mall_id, slug, "x" * 9000),
        )
        tx.wake(slug)
        return mall_id

    await writer.db.execute(limit)
    answers = await writer.together(
        *(writer.counted(f"s{n}", bulky if n % 3 == 1 else add_row) for n in range(12))
    )
    kept = {f"s{n}" for n, each in enumerate(answers) if isinstance(each, int)}
    assert {type(each) for each in answers} == {int, Unavailable}
    assert await writer.db.read(rows_stored) == kept
    assert set(writer.woken) == kept


async def test_a_transaction_that_ended_by_itself_is_done_again_one_by_one(writer: Writer) -> None:
    """What SQLite undoes on its own (a full disk, an error of the file) must not stay half undone."""

    def undo_all(tx: Transaction, _slug: str) -> None:
        tx.raw.execute("INSERT OR ROLLBACK INTO malls SELECT * FROM malls WHERE slug = 'there'")

    await writer.db.execute(add_row, "there")
    answers = await writer.together(
        writer.counted("a"), writer.counted("no", undo_all), writer.counted("b")
    )
    assert [type(each) for each in answers] == [int, sqlite3.IntegrityError, int]
    assert await writer.db.read(rows_stored) == {"there", "a", "b"}
    assert writer.runs == {"a": 2, "no": 2, "b": 1}


async def test_a_hot_statement_that_fails_is_told_apart_like_any_other(writer: Writer) -> None:
    """Statements that go straight to the driver fail with its own errors, not SQLAlchemy's."""

    def full(tx: Transaction) -> None:
        add_row(tx, "a")
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(Unavailable):
        await writer.db.execute(full)
    with pytest.raises(Unavailable):
        await writer.db.read(lambda tx: tx.raw.execute("SELECT * FROM malls WHERE nothing_like_it"))
    assert await writer.db.read(rows_stored) == set()


async def test_what_is_queued_at_the_end_is_still_done(writer: Writer) -> None:
    asked = [asyncio.create_task(writer.db.execute(add_row, f"s{n}")) for n in range(50)]
    await asyncio.sleep(0)
    await writer.db.close()
    answers = await asyncio.gather(*asked)
    assert len(set(answers)) == 50


async def test_the_writer_goes_on_after_each_note_of_what_is_stored(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mark, "EVERY_S", 0.0)
    db = open_database(sqlite_url, lambda _topics: None)
    await db.start()
    mall = await a_mall(db)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    for _ in range(3):
        await a_ticket(db, mall, unrestricted=True)
    stored = await db.read(lambda tx: tx.conn.scalar(select(func.max(ticket_events.c.id))))
    await db.execute(lambda _tx: None)  # whoever is answered after it knows that it is written
    assert int(mark.note_beside(file).read_text()) == stored
    await db.close()
