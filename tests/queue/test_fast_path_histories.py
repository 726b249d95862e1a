"""Random histories, lived through twice: by PostgreSQL's fast paths and by the commands alone.

Two malls of one database, alike in all but their ids, go through the same history; afterwards every
answer, refusal, woken topic and stored row must be the same. `make fuzz` lives through more of them.
"""

import asyncio
import os
import re
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from dataclasses import asdict, is_dataclass
from typing import Any

import pytest
from factories import NINE, a_mall
from hypothesis import Phase, given, settings
from sqlalchemy import select

from mpp.counters.models import counters, services, shift_events, shifts
from mpp.db.postgres import PostgresDatabase
from mpp.db.seam import FastPath, FastPathContext, FastPaths, NotCovered, Transaction
from mpp.queue.commands.fast_paths import fast_paths
from mpp.queue.models import number_series, ticket_events, tickets, visits
from tests.queue.histories import Step, World, hall, histories, shifting

pytestmark = pytest.mark.postgres
EXAMPLES = int(os.environ.get("MPP_FUZZ_EXAMPLES", "15"))
LIVED = (ticket_events, tickets, visits, number_series, shift_events, shifts)
"""What a history writes, in an order in which it can be deleted."""
MADE_BY_CHANCE = {"token", "visit_token", "issue_hash"}
"""The hash is of the visit's token, too; `test_fast_paths.py` compares it where there is none."""
LONG_NUMBER = re.compile(r"\d{13,}")


class Pair:
    """The same mall twice: the first uses the fast paths, the second does not."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner()
        self.covered: Tally[str] = Tally()
        self.seen: Tally[str] = Tally()
        self.worlds = [
            self.runner.run(self._open(url, "cepat", self._counted(fast_paths()))),
            self.runner.run(self._open(url, "biasa", {})),
        ]

    def _counted(self, paths: FastPaths) -> FastPaths:
        def counting(name: str, path: FastPath) -> FastPath:
            async def run(context: FastPathContext, *args: Any, **kwargs: Any) -> Any:
                try:
                    answer = await path(context, *args, **kwargs)
                except NotCovered:
                    self.covered[f"{name} left"] += 1
                    raise
                self.covered[name] += 1
                return answer

            return run

        return {command: counting(command.__name__, path) for command, path in paths.items()}

    async def _open(self, url: str, slug: str, paths: FastPaths) -> World:
        woken: list[str] = []
        db = PostgresDatabase(url, woken.extend, paths, pool=2)
        await db.start()
        return World(db, await a_mall(db, hall(slug)), woken)

    def close(self) -> None:
        for world in self.worlds:
            self.runner.run(world.db.close())
        self.runner.close()

    async def live(self, history: Iterable[Step]) -> list[Any]:
        """What came of a history in both, ids named alike."""
        found = []
        for world in self.worlds:
            world.made, world.tokens, world.outcomes = [], [], []
            world.clock.now = NINE
            await world.db.execute(forget, world.mall.id)
            for step in [shifting(n, "open", None) for n in range(5)]:
                await world.step(step)
        for step in history:
            for world in self.worlds:
                await world.step(step)
        for world in self.worlds:
            stored = await world.db.read(everything, world.mall.id)
            names = await world.db.read(names_of, world.mall.id)
            found.append(named([world.outcomes, stored], names))
        self._note(found[0])
        return found

    def _note(self, found: list[Any]) -> None:
        outcomes, stored = found
        self.seen.update(answer[0] for answer, _ in outcomes if isinstance(answer, list) and answer)
        self.seen["replay"] += sum(
            isinstance(answer, dict) and answer.get("is_replay") is True for answer, _ in outcomes
        )
        for row in stored["ticket_events"]:
            self.seen[(row["data"] or {}).get("rule", "no rule")] += 1


def forget(tx: Transaction, mall_id: int) -> None:
    for table in LIVED:
        tx.conn.execute(table.delete().where(table.c.mall_id == mall_id))


def everything(tx: Transaction, mall_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that the queue has stored: every column of every row, in the order of their making."""
    return {
        table.name: [
            dict(row)
            for row in tx.conn.execute(
                select(table).where(table.c.mall_id == mall_id).order_by(*table.primary_key)
            ).mappings()
        ]
        for table in LIVED
    }


def names_of(tx: Transaction, mall_id: int) -> dict[int, str]:
    """Id → what it is and the how manieth of its kind."""
    names = {mall_id: "the mall"}
    for table in (services, counters, tickets, visits, ticket_events, shifts, shift_events):
        wanted = select(table.c.id).where(table.c.mall_id == mall_id).order_by(table.c.id)
        for n, (found,) in enumerate(tx.conn.execute(wanted)):
            names[found] = f"{table.name} {n}"
    return names


def named(value: Any, names: dict[int, str]) -> Any:
    """The same with names in the place of ids, and without what is made by chance."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return {k: named(v, names) for k, v in value.items() if k not in MADE_BY_CHANCE}
    if isinstance(value, list | tuple | set | frozenset):
        return [named(each, names) for each in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return names.get(value, value)
    if isinstance(value, str):
        return LONG_NUMBER.sub(lambda found: names.get(int(found[0]), found[0]), value)
    return value


@pytest.fixture
def pair(empty_postgres_url: str) -> Iterator[Pair]:
    made = Pair(empty_postgres_url)
    yield made
    made.close()


def test_both_ways_live_through_the_same_histories(pair: Pair) -> None:
    @settings(max_examples=EXAMPLES, phases=(Phase.generate, Phase.shrink))
    @given(histories)
    def live(history: list[list[Step]]) -> None:
        fast, plain = pair.runner.run(pair.live(step for each in history for step in each))
        for n, (ours, theirs) in enumerate(zip(fast[0], plain[0], strict=True)):
            assert ours == theirs, f"step {n}"
        for table, rows in plain[1].items():
            assert fast[1][table] == rows, table

    live()
    assert pair.covered["issue_ticket"] > pair.covered["issue_ticket left"]
    assert pair.covered["call_next"] > pair.covered["call_next left"]
    rules = {"only", "longest", "priority", "weight", "bound", "targeted", "chosen"}
    refusals = {"CounterNotOpen", "CounterBusy", "KeyReused", "QuotaExhausted", "Conflict"}
    assert rules | refusals | {"replay"} <= {what for what, count in pair.seen.items() if count}
