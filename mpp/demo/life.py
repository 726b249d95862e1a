"""Bring the prepared mall to life: everybody who works and comes there, at one pace."""

import contextlib
import ssl

import httpx

from mpp.clock import Clock
from mpp.demo.api import Api, Pace, Person
from mpp.demo.crowd import Crowd
from mpp.demo.officers import Officer
from mpp.demo.visitors import Seen, Visitors
from mpp.demo.world import World

ANSWER_S = 30.0


async def live(world: World, pace: Pace, clock: Clock, seen: Seen) -> None:
    """Run until cancelled. `seen` is told of every visit."""
    made = world.tokens
    async with contextlib.AsyncExitStack() as stack:
        trust = ssl.create_default_context()  # one for all: making it costs more than the rest

        async def browser() -> httpx.AsyncClient:
            client = httpx.AsyncClient(base_url=made.base, timeout=ANSWER_S, verify=trust)
            return await stack.enter_async_context(client)

        shared = await browser()
        crowd = await stack.enter_async_context(Crowd())
        typical = {slug: each.minutes for slug, each in world.file.demo.service.items()}
        staff = {each.counter: each for each in made.officers}
        for each in made.counters:
            api = Api(shared, each.token)
            if (who := staff.get(each.id)) is not None:
                page = f"/desk/{each.id}"
                api = Person(await browser(), who.username, who.password, page=page)
            counter = world.mall.counter(each.id)
            crowd.add(Officer(world.mall, counter, api, pace, typical).work())
        kiosks = [Api(shared, each.token) for each in made.kiosks]
        visitors = Visitors(world.mall, world.file, kiosks, Api(shared), pace, clock, seen)
        crowd.add(visitors.come())
        await crowd.stay()
