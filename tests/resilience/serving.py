"""`mpp serve` as a process that can be killed, and started again on the same database and port."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.resilience.wire import Wire

READY_S = 90.0


def a_free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Served:
    """A server of its own process group: `kill` is the power cut for all of it."""

    url: str
    folder: Path
    workers: int = 1
    port: int = field(default_factory=a_free_port)
    process: subprocess.Popen[bytes] | None = None
    variables: dict[str, str] = field(default_factory=dict)
    """Of its environment, beside the folder and the database."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / f"serve-{self.port}.log"

    async def start(self) -> None:
        """Start it and wait until it answers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - a test may wait for a fork
                [
                    *(sys.executable, "-m", "mpp", "serve"),
                    *("--port", str(self.port), "--workers", str(self.workers)),
                ],
                env=kept
                | {"MPP_DATABASE_URL": self.url, "MPP_DATA_DIR": str(self.folder)}
                | self.variables,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with asyncio.timeout(READY_S):
            while not await self._answers():
                assert self.process.poll() is None, self.log.read_text()
                await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        wire = Wire.to(self.base)
        with suppress(OSError, EOFError):
            answer = await wire.ask(wire.request("GET", "/health/ready"))
            return bool(answer.status == 200)
        return False

    def kill(self) -> None:
        """SIGKILL to all its processes at once: nothing is flushed, nothing is closed."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def worker_pids(self) -> list[int]:
        """The processes of several workers that live now."""
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [
            int(child)
            for child in children
            if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()
        ]

    def kill_one_worker(self) -> None:
        """SIGKILL to one of several worker processes."""
        workers = self.worker_pids()
        assert len(workers) == self.workers
        os.kill(workers[0], signal.SIGKILL)

    def end(self) -> int:
        """SIGTERM; the exit status."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def faults(self) -> list[str]:
        """What its log tells of bugs and outages."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]
        return [str(each) for each in lines if each["level"] in {"error", "critical"}]
