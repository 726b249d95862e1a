"""The floor of starting and of memory: one Litestar handler under uvicorn, nothing else imported."""

import sys

import uvicorn
from litestar import Litestar, get


@get("/health/ready", sync_to_thread=False)
def hello() -> dict[str, str]:
    """The smallest answer."""
    return {"hello": "world"}


if __name__ == "__main__":
    uvicorn.run(
        Litestar([hello], logging_config=None),
        port=int(sys.argv[sys.argv.index("--port") + 1]),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
    )
