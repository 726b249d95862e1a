"""The small mall with its three counters open."""

import pytest
from factories import Desk, TestClock, a_desk, a_mall

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database


@pytest.fixture
async def mall(db: Database) -> Mall:
    made: Mall = await a_mall(db)
    return made


@pytest.fixture
async def one(db: Database, mall: Mall, clock: TestClock) -> Desk:
    """Counter 1: ktp-el and kk."""
    desk: Desk = await a_desk(db, mall, "1", clock)
    return desk


@pytest.fixture
async def two(db: Database, mall: Mall, clock: TestClock) -> Desk:
    """Counter 2: ktp-el."""
    desk: Desk = await a_desk(db, mall, "2", clock)
    return desk


@pytest.fixture
async def three(db: Database, mall: Mall, clock: TestClock) -> Desk:
    """Counter 3: paspor."""
    desk: Desk = await a_desk(db, mall, "3", clock)
    return desk
