"""A handler's dependencies cost it nothing."""

from litestar import Litestar
from litestar.routes import HTTPRoute


def test_dependencies_are_handed_over_without_a_task_each(app: Litestar) -> None:
    batches = [
        len(batch)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for _, model in route.route_handler_map.values()
        for batch in model.dependency_batches
    ]
    assert set(batches) == {1}
