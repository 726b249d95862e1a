"""What is told again instead of being read again, and when it is read all the same."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from mpp.live.feed import Feed, Screen
from mpp.live.hub import Hub
from mpp.live.kept import KEPT_S, SPREAD, Kept

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=4)


class State(msgspec.Struct):
    version: int
    at: datetime
    number: int


class Source:
    """Counts how often it is read; `seconds` is what its clock shows."""

    def __init__(self) -> None:
        self.reads = 0
        self.seconds = 100.0
        self.kept = Kept(seconds=lambda: self.seconds)

    async def state(self, version: int, now: datetime, basis: object = "mall") -> State:
        async def read() -> State:
            self.reads += 1
            return State(version, now, self.reads)

        return await self.kept.state(version, now, basis, read)


async def test_a_heartbeat_tells_the_same_with_the_present_time() -> None:
    source = Source()
    assert await source.state(7, NOW) == State(7, NOW, 1)
    assert await source.state(7, LATER) == State(7, LATER, 1)


async def test_a_change_is_read() -> None:
    source = Source()
    await source.state(7, NOW)
    assert (await source.state(8, NOW)).number == 2, "of a topic"
    assert (await source.state(8, NOW, "the mall, changed")).number == 3, "of what it rests on"


async def test_what_is_old_is_read_again() -> None:
    source = Source()
    await source.state(7, NOW)
    source.seconds += KEPT_S - 1
    assert (await source.state(7, LATER)).number == 1
    source.seconds += KEPT_S * SPREAD + 2
    assert (await source.state(7, LATER)).number == 2
    source.seconds += KEPT_S - 1
    assert (await source.state(7, LATER)).number == 2, "counted from the last reading"


async def test_a_failed_reading_is_not_kept() -> None:
    source = Source()

    async def fails() -> State:
        raise OSError

    for _ in range(2):
        try:
            await source.kept.state(7, NOW, "mall", fails)
        except OSError:
            continue
        raise AssertionError("something was told")
    assert (await source.state(7, NOW)).number == 1


class Wall:
    """Hears a feed."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[State] = asyncio.Queue()

    async def send(self, message: Any) -> None:
        self.heard.put_nowait(msgspec.json.decode(message["text"], type=State))


async def test_a_change_elsewhere_is_read_even_if_its_version_is_no_higher() -> None:
    source, hub, wall = Source(), Hub(), Wall()

    async def snapshot(version: int) -> State:
        return await source.state(version, NOW, hub.news("mall", "visit"))

    feed = Feed(hub, ["mall", "visit"], snapshot)
    feed.join(screen := Screen(wall))
    async with asyncio.timeout(2):
        assert (await wall.heard.get()).number == 1
        hub.publish(["mall"])
        second = await wall.heard.get()
        assert second.number == 2
        hub.hear({"visit": second.version - 1})
        third = await wall.heard.get()
    assert (third.version, third.number) == (second.version, 3)
    feed.leave(screen)


def test_only_news_of_its_own_topics_counts() -> None:
    hub = Hub()
    with hub.listening(["mall"]):
        before = hub.news("mall")
        hub.publish(["another"])
        assert hub.news("mall") == before
        hub.publish(["mall"])
        assert hub.news("mall", "another") > before
