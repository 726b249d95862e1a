"""A hall that runs, and its mall."""

from collections.abc import AsyncIterator

import pytest
from factories import TestClock, a_mall

from mpp.config import Settings
from mpp.counters.rules.mall import Mall
from tests.display.hall import Hall


@pytest.fixture
async def hall(settings: Settings, clock: TestClock) -> AsyncIterator[Hall]:
    """A running hall on SQLite."""
    hall = Hall(settings, clock)
    await hall.start()
    yield hall
    await hall.stop()
    assert hall.faults == []


@pytest.fixture
async def mall(hall: Hall) -> Mall:
    mall: Mall = await a_mall(hall.db)
    hall.app.state.malls.stale()
    return mall
