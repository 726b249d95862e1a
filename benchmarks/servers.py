"""Server processes under measurement: started on their own core, timed, weighed, stopped."""

import asyncio
import contextlib
import os
import random
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import request, talk

PORTS = range(8180, 8280)
START_S = 30.0
Pin = int | frozenset[int] | None
"""The core or cores of a process; None: those of the load generator."""
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """User and system time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    port: int
    pid: int
    started_s: float
    """From the start of the process to its first answer."""

    def workers(self) -> list["Server"]:
        """Its worker processes; empty where it serves by itself."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [
            Server(self.port, int(pid), self.started_s)
            for pid in children
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]

    def sockets(self) -> int:
        """Connections of any kind that the process holds."""
        held = 0
        for each in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                held += str(each.readlink()).startswith("socket:")
        return held

    def cpu_s(self) -> float:
        """User and system time that the process has used."""
        return cpu_s(self.pid)

    def memory_mib(self) -> float:
        """Resident memory now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


def free_port() -> int:
    """One of `PORTS` that nobody listens on: any, as another run may be looking for one, too."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"no port is free in {PORTS}")


@contextlib.asynccontextmanager
async def serving(
    arguments: Sequence[str],
    *,
    core: Pin,
    ready: str = "/health/ready",
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Server]:
    """`python -m ARGUMENTS --port N` on its core, from its first answer to `ready` on."""
    port = free_port()
    cores = {core} if isinstance(core, int) else core or ()
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *arguments, "--port", str(port)),
            env={**_installed(os.environ), **(environment or {})},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=errors,
            preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, cores),
        )
        try:
            await _first_answer(process, port, ready)
            yield Server(port, process.pid, time.perf_counter() - began)
        except RuntimeError as error:
            errors.seek(0)
            raise RuntimeError(f"{error}\n{errors.read()[-3000:].decode()}") from error
        finally:
            await _stop(process)


def _installed(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program that was installed: its modules are compiled when they are put there."""
    return {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}


async def _first_answer(process: asyncio.subprocess.Process, port: int, path: str) -> None:
    message = request("GET", path)
    until = time.perf_counter() + START_S
    while time.perf_counter() < until:
        if process.returncode is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError):
            connection = await talk(port)
            status, body = await connection.ask(message)
            connection.close()
            if status == 200:
                return
            raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")
        await asyncio.sleep(0.002)
    raise RuntimeError(f"no answer within {START_S:.0f} s")


async def _stop(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()


def product(
    url: str,
    data_dir: Path,
    core: Pin,
    *,
    ready: str = "/health/ready",
    workers: int = 1,
    **more: str,
) -> contextlib.AbstractAsyncContextManager[Server]:
    """The product as it is run: `mpp serve` on this database. `more`: further settings."""
    environment = {"MPP_DATABASE_URL": url, "MPP_DATA_DIR": str(data_dir), **more}
    arguments = ["mpp", "serve", *(["--workers", str(workers)] if workers > 1 else [])]
    return serving(arguments, core=core, ready=ready, environment=environment)
