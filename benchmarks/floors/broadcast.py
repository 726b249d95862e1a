"""The floor of a call reaching every display: `websockets.broadcast` and nothing else.

Whoever sends a message has that very message broadcast to every connection.
"""

import argparse
import http

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.http11 import Request, Response


async def run(port: int) -> None:
    """Serve until the process is told to end."""
    everybody: set[ServerConnection] = set()

    async def attend(connection: ServerConnection) -> None:
        everybody.add(connection)
        try:
            async for message in connection:
                broadcast(everybody, message)
        finally:
            everybody.discard(connection)

    def health(connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/health/ready":
            return connection.respond(http.HTTPStatus.OK, "ok")
        return None

    async with serve(
        attend, "127.0.0.1", port, compression=None, process_request=health, ping_interval=None
    ) as server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(run(parser.parse_args().port))
