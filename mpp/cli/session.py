"""What the short commands share: settings from the environment, an open database, the mall meant."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mpp.cli.files import sqlite_file
from mpp.config import Settings
from mpp.counters.queries import mall_rows
from mpp.counters.rules.mall import Mall
from mpp.db.connect import open_database
from mpp.db.seam import Database
from mpp.errors import Conflict, Invalid
from mpp.queue.commands.fast_paths import fast_paths
from mpp.schema import is_current

R = TypeVar("R")


def on_database(work: Callable[[Database], Awaitable[R]]) -> R:
    """Run `work` with the database that the environment names, which must be migrated."""
    settings = Settings.from_env(os.environ)

    async def run() -> R:
        await must_be_current(settings.database_url)
        # Screens of a running server notice by themselves: they ask for what changed every second.
        db = open_database(settings.database_url, lambda _topics: None, fast_paths())
        await db.start()
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())


async def must_be_current(url: str) -> None:
    """`Conflict` unless the database stands at this release's schema. Makes no file by looking."""
    path = sqlite_file(url)
    if (path is not None and not path.exists()) or not await is_current(url):
        raise Conflict("Skema basis data bukan skema rilis ini. Jalankan `mpp migrate` dahulu.")


async def the_mall(db: Database, slug: str | None) -> Mall:
    """The mall with this slug; without one, the only mall there is."""
    if slug is not None:
        return await db.read(mall_rows.mall, slug)
    known = list(await db.read(mall_rows.mall_revisions))
    if not known:
        raise Invalid("Belum ada mal. Jalankan `mpp load BERKAS.toml` dahulu.", field="mall")
    if len(known) > 1:
        raise Invalid(f"Sebutkan malnya dengan --mall: {', '.join(known)}.", field="mall")
    return await db.read(mall_rows.mall, known[0])
