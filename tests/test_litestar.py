"""What we use of Litestar beyond its documented interface: a new release must not change it unnoticed."""

import asyncio
from typing import Any

from litestar import Litestar, get
from litestar.di import NamedDependency, Provide
from litestar.routes import HTTPRoute
from litestar.testing import AsyncTestClient

from mpp.web.handlers import one_at_a_time


@get("/")
async def tasks(first: NamedDependency[Any], second: NamedDependency[Any]) -> int:
    """How many tasks beside the request's own were made for its dependencies."""
    return len({first, second} - {asyncio.current_task()})


def small_app() -> Litestar:
    """Both dependencies are the task that hands them over."""

    async def provide_first() -> Any:
        return asyncio.current_task()

    async def provide_second() -> Any:
        return asyncio.current_task()

    dependencies = {"first": Provide(provide_first), "second": Provide(provide_second)}
    return Litestar([tasks], dependencies=dependencies, logging_config=None)


async def tasks_made(app: Litestar) -> int:
    async with AsyncTestClient(app) as client:
        return int((await client.get("/")).text)


async def test_dependencies_are_handed_over_without_a_task_for_each() -> None:
    app = small_app()
    one_at_a_time(app)
    assert await tasks_made(app) == 0


async def test_by_itself_litestar_makes_a_task_for_each() -> None:
    """When this fails, `one_at_a_time` has become needless: remove it."""
    assert await tasks_made(small_app()) == 2


async def test_no_route_of_ours_was_passed_over(app: Litestar) -> None:
    batches = [
        len(batch)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for _, model in route.route_handler_map.values()
        for batch in model.dependency_batches
    ]
    assert set(batches) == {1}
