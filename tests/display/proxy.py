"""A bad line: a TCP proxy that delays, freezes (half-open) and cuts what passes through it."""

import asyncio
import contextlib
from dataclasses import dataclass, field


@dataclass
class BadLine:
    """Between a screen and the server on `port`. Fine at first."""

    port: int
    delay_s: float = 0.0
    """Every piece arrives so much later."""
    _server: asyncio.Server | None = None
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _frozen: bool = False

    async def start(self) -> str:
        """Answers the address to open instead of the server's."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def freeze(self) -> None:
        """Nothing passes any more and nobody is told: lines stay open on both sides, new ones too."""
        self._frozen = True

    def cut(self) -> None:
        """Reset every line; new ones pass unless it is frozen."""
        for writer in self._writers:
            writer.transport.abort()

    def heal(self) -> None:
        """New lines pass again; those that were frozen stay dead."""
        self._frozen = False

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self._writers.add(back)
        if self._frozen:
            return
        far, forth = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers.add(forth)
        for reader, writer in ((near, forth), (far, back)):
            task = asyncio.create_task(self._carry(reader, writer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65_536):
                await asyncio.sleep(self.delay_s)
                if self._frozen:
                    return  # this line is dead for ever, and neither side hears of it
                writer.write(piece)
                await writer.drain()
            writer.close()
