"""Screens of a session end with it."""

import asyncio

import pytest

from mpp.live.sessions import Sessions


class Door:
    """Who is let in, as far as the database says."""

    def __init__(self, *hashes: str) -> None:
        self.open = set(hashes)
        self.asked: list[frozenset[str]] = []

    async def alive(self, hashes: frozenset[str]) -> frozenset[str]:
        self.asked.append(hashes)
        return hashes & self.open


async def test_a_session_that_has_ended_ends_all_its_screens_and_no_others() -> None:
    door = Door("ani", "budi")
    sessions = Sessions(door.alive)
    ani = [asyncio.create_task(sessions.ended("ani")) for _ in range(2)]
    budi = asyncio.create_task(sessions.ended("budi"))
    await asyncio.sleep(0)
    await sessions.ask()
    door.open.remove("ani")
    assert not any(each.done() for each in [*ani, budi])
    await sessions.ask()
    await asyncio.gather(*ani)
    assert door.asked == [frozenset({"ani", "budi"})] * 2, "one question for all of them"
    await sessions.ask()
    assert door.asked[-1] == {"budi"}
    budi.cancel()
    with pytest.raises(asyncio.CancelledError):
        await budi
    await sessions.ask()
    assert len(door.asked) == 3, "nobody looks on: nothing is asked"
