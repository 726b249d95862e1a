"""Feeds: one snapshot a change, the same bytes to all, nobody waits for a slow screen."""

import asyncio
from typing import Any

import msgspec

from mpp.live.feed import AT_ONCE, Feed, Feeds, Screen
from mpp.live.hub import Hub


class State(msgspec.Struct):
    version: int
    number: int


class Wall:
    """A socket that takes what it is sent; `stall` makes it choke."""

    def __init__(self) -> None:
        self.got: list[State] = []
        self.arrived = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message: Any) -> None:
        await self.open.wait()
        self.got.append(msgspec.json.decode(message["text"], type=State))
        self.arrived.set()

    async def next(self, number: int) -> State:
        async with asyncio.timeout(2):
            while not self.got or self.got[-1].number != number:
                self.arrived.clear()
                await self.arrived.wait()
        return self.got[-1]


class Source:
    """Something that changes and is shown."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.number = 0

    async def snapshot(self, version: int) -> State:
        return State(version, self.number)

    def change(self) -> None:
        self.number += 1
        self.hub.publish(["t"])


async def test_a_screen_gets_the_whole_state_at_once_and_after_each_change() -> None:
    source = Source(Hub())
    feed = Feed(source.hub, ["t"], source.snapshot)
    wall = Wall()
    feed.join(screen := Screen(wall))
    first = await wall.next(0)
    source.change()
    second = await wall.next(1)
    assert second.version > first.version
    feed.leave(screen)


async def test_a_burst_of_changes_costs_few_snapshots() -> None:
    source = Source(Hub())
    feed = Feed(source.hub, ["t"], source.snapshot)
    wall = Wall()
    feed.join(screen := Screen(wall))
    await wall.next(0)
    for _ in range(50):
        source.change()
    await wall.next(50)
    assert feed.snapshots <= 3
    feed.leave(screen)


async def test_a_stalled_screen_is_dropped_and_delays_nobody() -> None:
    source = Source(Hub())
    feed = Feed(source.hub, ["t"], source.snapshot)
    healthy, stalled = Wall(), Wall()
    choking = Screen(stalled)
    feed.join(screen := Screen(healthy))
    feed.join(choking)
    await healthy.next(0)
    stalled.open.clear()
    source.change()
    async with asyncio.timeout(0.09):  # less than the patience with the stalled one
        await healthy.next(1)
    async with asyncio.timeout(2):
        await choking.dropped.wait()
    source.change()
    await healthy.next(2)
    feed.leave(screen)
    feed.leave(choking)


async def test_a_screen_that_was_briefly_slow_gets_the_newest_state() -> None:
    source = Source(Hub())
    feed = Feed(source.hub, ["t"], source.snapshot)
    wall, quick = Wall(), Wall()
    slow = Screen(wall)
    feed.join(slow)
    feed.join(other := Screen(quick))
    await wall.next(0)
    wall.open.clear()
    source.change()
    await quick.next(1)
    source.change()
    await quick.next(2)
    wall.open.set()
    await wall.next(2)
    assert not slow.dropped.is_set()
    feed.leave(slow)
    feed.leave(other)


async def test_the_hub_forgets_a_feed_that_nobody_watches() -> None:
    hub = Hub()
    source, feeds, wall = Source(hub), Feeds(hub), Wall()
    gone = asyncio.Event()

    async def receive() -> None:
        await gone.wait()
        raise ConnectionError

    showing = asyncio.create_task(feeds.show(wall, receive, "f", ["t"], source.snapshot))
    await wall.next(0)
    assert (feeds.screens, hub.listened) == (1, 1)
    gone.set()
    await showing
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)
    assert (feeds.screens, hub.listened) == (0, 0)


async def test_a_failing_snapshot_says_nothing_and_heals() -> None:
    source = Source(Hub())
    broken = True

    async def snapshot(version: int) -> State:
        if broken:
            raise OSError("the database is away")
        return await source.snapshot(version)

    feed = Feed(source.hub, ["t"], snapshot)
    wall = Wall()
    feed.join(screen := Screen(wall))
    source.change()
    await asyncio.sleep(0)
    assert wall.got == []
    broken = False
    source.change()
    await wall.next(2)
    feed.leave(screen)


def test_versions_rise_whatever_the_clock_does() -> None:
    readings = iter([100, 50, 50, 200])
    hub = Hub(lambda: next(readings))
    seen = []
    for _ in range(3):
        hub.publish(["t"])
        seen.append(hub.version("t"))
    assert seen == [101, 102, 200]


def test_two_processes_agree_on_the_version_once_each_has_heard_the_other() -> None:
    here, there = Hub(lambda: 10), Hub(lambda: 20)
    here.relay, there.relay = there.hear, here.hear
    here.publish(["t"])
    there.publish(["t"])
    here.publish(["t"])
    assert here.version("t") == there.version("t")


class Slow(Source):
    """Takes its time to be read, and notes how many are read at a time."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub)
        self.reading = 0
        self.most = 0
        self.is_full = asyncio.Event()
        self.may_end = asyncio.Event()

    async def snapshot(self, version: int) -> State:
        self.reading += 1
        self.most = max(self.most, self.reading)
        if self.reading == AT_ONCE:
            self.is_full.set()
        await self.may_end.wait()
        self.reading -= 1
        return await super().snapshot(version)


async def test_few_feeds_read_at_once_and_each_has_its_turn() -> None:
    source = Slow(Hub())
    feeds = Feeds(source.hub)
    walls = [Wall() for _ in range(20)]
    gone = asyncio.Event()
    showing = [
        asyncio.create_task(feeds.show(wall, gone.wait, f"feed {n}", ["t"], source.snapshot))
        for n, wall in enumerate(walls)
    ]
    async with asyncio.timeout(2):
        await source.is_full.wait()
    source.change()
    source.may_end.set()
    for wall in walls:
        await wall.next(1)
    assert source.most == AT_ONCE
    assert [len(wall.got) for wall in walls[AT_ONCE:]] == [1] * (len(walls) - AT_ONCE), (
        "what changed while they waited costs no second reading"
    )
    for task in showing:
        task.cancel()
    await asyncio.gather(*showing, return_exceptions=True)
