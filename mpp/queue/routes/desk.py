"""Pages of this part."""

from litestar import Router

router = Router("/", route_handlers=[])
