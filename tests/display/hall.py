"""A mall behind a real server that can be stopped and started again."""

import asyncio
import socket
from dataclasses import dataclass, field

import uvicorn
from factories import TestClock
from litestar import Litestar

from mpp.app import create_app
from mpp.clock import wall_microseconds
from mpp.config import Settings
from mpp.db.seam import Database
from mpp.live.hub import Hub


@dataclass
class Hall:
    """The application behind uvicorn, always on the same port."""

    settings: Settings
    clock: TestClock
    port: int = 0
    behind_s: int = 0
    """How much lower the machine's own clock is."""
    faults: list[str] = field(default_factory=list)
    """Errors that its pages have reported."""
    app: Litestar = field(init=False)
    _running: uvicorn.Server | None = None
    _serving: "asyncio.Task[None] | None" = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def db(self) -> Database:
        database: Database = self.app.state.db
        return database

    async def start(self) -> None:
        behind = self.behind_s * 1_000_000
        hub = Hub(lambda: wall_microseconds() - behind)
        self.app = create_app(self.settings, clock=self.clock, hub=hub)
        config = uvicorn.Config(
            self.app,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Little of what nobody reads fits in the system's buffers, so that it is felt soon.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8_192)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._running = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._running.serve(sockets=[listening]))
        while not self._running.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait on
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        if self._running is not None and self._serving is not None:
            self._running.should_exit = True
            await self._serving
        self._running = self._serving = None
