"""Where the figures were taken: machine and versions, and which core does what."""

import os
import platform
import sqlite3
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import asyncpg

PACKAGES = (
    "litestar",
    "uvicorn",
    "uvloop",
    "msgspec",
    "sqlalchemy",
    "asyncpg",
    "websockets",
    "duckdb",
)
SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


@dataclass(frozen=True)
class Cores:
    """Which core serves and which one makes the load; None: the system decides."""

    server: int | None
    client: int | None

    @property
    def both(self) -> frozenset[int] | None:
        """For a server of several processes."""
        if self.server is None or self.client is None:
            return None
        return frozenset({self.server, self.client})

    @property
    def note(self) -> str:
        if self.server is None:
            return "server and load generator not pinned to cores"
        return f"server on core {self.server}, load generator on core {self.client}"


def split_cores() -> Cores:
    """Pin this process to one core and leave another to the servers, where there are two."""
    if not hasattr(os, "sched_setaffinity"):
        return Cores(None, None)
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        return Cores(None, None)
    os.sched_setaffinity(0, {usable[1]})
    return Cores(usable[0], usable[1])


async def describe(postgres: str | None, cores: Cores) -> list[str]:
    """Machine, system and versions, one line each."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    lines = [
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB; {_system()}; {cores.note}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (synchronous FULL), "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        await _postgres(postgres),
        f"load average when it began: {load}",
    ]
    if os.getloadavg()[0] > 0.3 * (os.cpu_count() or 1):
        lines.append(
            "the machine was busy with other work: absolute figures are bounds, ratios are rough"
        )
    return lines


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = sys.platform
    return f"{name}, Linux {platform.release()}" if sys.platform == "linux" else name


async def _postgres(url: str | None) -> str:
    if url is None:
        return "PostgreSQL: none answered"
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY ($1)",
            SETTINGS,
        )
    finally:
        await connection.close()
    found = {row["name"]: row["value"] for row in rows}
    settings = ", ".join(f"{name} {found[name]}" for name in SETTINGS[1:] if name in found)
    warning = (
        ""
        if found.get("fsync") == "on"
        else " — a throwaway server that does not sync: not durable"
    )
    return f"PostgreSQL {found.get('server_version', '?')}, {settings}{warning}"
