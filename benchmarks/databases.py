"""Databases for one run, copied from a prepared one, and gone at its end."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from benchmarks import worlds

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


@dataclass
class Databases:
    """Makes databases. `postgres`: a server where it may, None where there is none."""

    folder: Path
    postgres: str | None
    _made: list[str] = field(default_factory=list)
    _templates: dict[str, str] = field(default_factory=dict)

    async def fresh(self, kind: str, name: str) -> str:
        """The URL of a new database that holds both malls and no tickets."""
        template = self._templates.get(kind)
        if template is None:
            template = await self.empty(kind, "template")
            await worlds.found(template)
            self._templates[kind] = template
        if kind == SQLITE:
            path = self.folder / f"{name}.sqlite3"
            shutil.copy(make_url(template).database or "", path)
            return f"sqlite:///{path}"
        return await self.copy(template, name)

    async def copy(self, url: str, name: str) -> str:
        """The URL of a new PostgreSQL database that holds what another one does."""
        made = self._name(name)
        await self._manage(f'CREATE DATABASE "{made}" TEMPLATE "{make_url(url).database}"')
        self._made.append(made)
        return self._url(made)

    async def empty(self, kind: str, name: str) -> str:
        """The URL of a database with nothing in it, not even tables."""
        if kind == SQLITE:
            return f"sqlite:///{self.folder / f'{name}.sqlite3'}"
        made = self._name(name)
        await self._manage(f'DROP DATABASE IF EXISTS "{made}"', f'CREATE DATABASE "{made}"')
        self._made.append(made)
        return self._url(made)

    async def drop(self, url: str) -> None:
        """Drop a PostgreSQL database of this run before its end."""
        name = make_url(url).database or ""
        await self._manage(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made.remove(name)

    async def close(self) -> None:
        """Drop what was made on PostgreSQL; the folder is its owner's to remove."""
        await self._manage(
            *(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in self._made)
        )

    def _name(self, name: str) -> str:
        return f"mpp_bench_{os.getpid()}_{name}"

    def _url(self, name: str) -> str:
        assert self.postgres is not None
        return make_url(self.postgres).set(database=name).render_as_string(hide_password=False)

    async def _manage(self, *statements: str) -> None:
        if not statements:
            return
        assert self.postgres is not None
        connection = await asyncpg.connect(self.postgres)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    # -- databases that outlive a run -------------------------------------------------------------

    async def kept(self, name: str) -> str | None:
        """The URL of the PostgreSQL database of this name, None when it does not exist."""
        connection = await asyncpg.connect(self.postgres)
        try:
            is_there = await connection.fetchval(
                "SELECT 1 FROM pg_database WHERE datname = $1", name
            )
        finally:
            await connection.close()
        return self._url(name) if is_there else None

    async def keep(self, url: str, name: str) -> str:
        """Let a database made in this run outlive it, under a name of its own."""
        made = make_url(url).database or ""
        await self._manage(f'ALTER DATABASE "{made}" RENAME TO "{name}"')
        self._made.remove(made)
        return self._url(name)

    async def drop_kept(self, prefix: str) -> int:
        """Drop the kept databases whose names begin so; answers how many."""
        connection = await asyncpg.connect(self.postgres)
        try:
            rows = await connection.fetch(
                "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix
            )
        finally:
            await connection.close()
        await self._manage(*(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)' for row in rows))
        return len(rows)


async def postgres_server() -> str | None:
    """A server that lets us create databases: MPP_TEST_POSTGRES, else the local one; None otherwise."""
    url = os.environ.get("MPP_TEST_POSTGRES", LOCAL)
    with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError):
        connection = await asyncpg.connect(url, timeout=3)
        await connection.close()
        return url
    return None


@contextlib.asynccontextmanager
async def databases(folder: Path) -> AsyncIterator[Databases]:
    """Databases in a folder of this run's own, on the disk that an installation would use."""
    own = folder / f"run-{os.getpid()}"
    own.mkdir(parents=True)
    made = Databases(own, await postgres_server())
    try:
        yield made
    finally:
        await made.close()
        shutil.rmtree(own)
