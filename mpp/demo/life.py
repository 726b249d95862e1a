"""Bring the prepared mall to life: everybody who works and comes there, at one pace."""

import contextlib
from collections.abc import Callable

import httpx

from mpp.clock import Clock
from mpp.demo.api import Api, Pace
from mpp.demo.crowd import Crowd
from mpp.demo.officers import Officer
from mpp.demo.visitors import Visitors
from mpp.demo.world import World

ANSWER_S = 30.0


async def live(world: World, pace: Pace, clock: Clock, first: Callable[[str], None]) -> None:
    """Run until cancelled. `first` is told the secret of the first visit there is."""
    made, told = world.tokens, False

    def shown(token: str) -> None:
        nonlocal told
        if not told:
            told = True
            first(token)

    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=made.base, timeout=ANSWER_S, limits=limits)
        )
        crowd = await stack.enter_async_context(Crowd())
        typical = {slug: each.minutes for slug, each in world.file.demo.service.items()}
        for each in made.counters:
            counter = world.mall.counter(each.id)
            officer = Officer(world.mall, counter, Api(client, each.token), pace, typical)
            crowd.add(officer.work())
        kiosks = [Api(client, each.token) for each in made.kiosks]
        visitors = Visitors(world.mall, world.file, kiosks, Api(client), pace, clock, shown)
        crowd.add(visitors.come())
        await crowd.stay()
