"""How the application is put on a port: the socket, the lock, uvicorn's settings, how it ends."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Coroutine, Generator
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from mpp.cli.connections import Http, Sockets, end
from mpp.errors import Conflict

SIGNALS = (signal.SIGINT, signal.SIGTERM)
UNREAD_S = 30
"""Seconds after which the kernel gives up a connection whose other end takes nothing any more."""
GRACE_S = 5
"""Seconds that requests under way get at the end; live sockets are told to come back at once."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; `Conflict` with one clear line when the port cannot be had. 0: any free."""
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        taken = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        raise Conflict(
            f"{host}:{port} tidak dapat dipakai: {error.strerror or error}. "
            "Pilih yang lain dengan --port."
        ) from error
    taken.setblocking(False)
    # What the listening socket is set to, each connection inherits.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # no answer waits for another
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_S * 1000)
    return taken


def base_address(listening: socket.socket) -> str:
    """The address to type on this machine for a socket that listens."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared only
    return f"http://[{host}]:{port}" if ":" in host and "[" not in host else f"http://{host}:{port}"


def leads_home(url: str) -> bool:
    """Whether an address means the machine itself for whoever opens it.

    >>> leads_home("http://127.0.0.1:8000"), leads_home("https://antrean.example.go.id")
    (True, False)
    """
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "0.0.0.0", "::", "::1") or host.startswith("127.")  # noqa: S104


def uvicorn_config(app: Any, *, workers: int = 1, factory: bool = False) -> uvicorn.Config:
    """uvicorn as it was measured to be fastest, and silent about itself."""
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        loop="uvloop",
        http=Http,
        ws=Sockets,
        ws_per_message_deflate=False,
        ws_max_size=64 * 1024,  # what screens and desks send is a few bytes
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # web.peer reads them, as far as MPP_TRUSTED_PROXIES says
        timeout_graceful_shutdown=GRACE_S,
    )


class Server(uvicorn.Server):
    """A server that SIGINT and SIGTERM end in order; further ones change nothing, as it is soon over.

    First `/health/ready` says that it is going, for `drain_s` seconds in which everything is served as
    before, so that a balancer in front sends nobody here any more; then requests under way finish.
    """

    def __init__(self, config: uvicorn.Config, *, drain_s: float = 0) -> None:
        super().__init__(config)
        self._drain_s = drain_s

    async def main_loop(self) -> None:
        await super().main_loop()
        self.config.loaded_app.state.going = True
        await asyncio.sleep(self._drain_s)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end(self.server_state)
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # Not by the loop, which puts the default back when it closes: a second one would then kill.
        def stop(_number: int, _frame: FrameType | None) -> None:
            _on_signals(signal.SIG_IGN)
            self.should_exit = True  # which the server looks at ten times a second

        _on_signals(stop)
        yield


def run_until_signal(work: Callable[[], Coroutine[Any, Any, None]], server: Server) -> None:
    """Run `work`, which prepares and serves, on a loop of its own until a signal ends it.

    Until the server takes the signals over, the first one raises KeyboardInterrupt wherever `work`
    is, so that no long step of the preparation has to be waited for.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        _on_signals(signal.SIG_IGN)
        raise KeyboardInterrupt

    _on_signals(interrupt)
    working = work()
    try:
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.get_loop()
            runner.run(working)
    finally:
        working.close()  # a signal may have come before the loop took it over


def _on_signals(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    """Let this deal with what ends a program."""
    for each in SIGNALS:
        signal.signal(each, handler)
