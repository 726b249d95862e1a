"""`mpp recompute`: past days folded, and compared with a full recompute."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from factories import a_ticket
from programs import Run

from mpp.counters.queries import mall_rows
from mpp.db.connect import open_database

LONG_AGO = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def someone_came(path: Path) -> None:
    async def come() -> None:
        db = open_database(f"sqlite:///{path}", lambda _topics: None)
        await db.start()
        mall = await db.read(mall_rows.mall, "mpp-uji")
        await a_ticket(db, mall, now=LONG_AGO, unrestricted=True)
        await db.close()

    asyncio.run(come())


def test_a_recompute_finds_nothing_and_then_what_is_planted(loaded: Run, tmp_path: Path) -> None:
    path = tmp_path / "var/mpp.sqlite3"
    someone_came(path)
    done = loaded("recompute", "--due")
    assert (done.status, done.out.splitlines()[-1]) == (0, "mpp-uji: 1 hari dilipat")
    assert loaded("recompute", "--due").out.endswith("mpp-uji: 0 hari dilipat\n")
    clean = loaded("recompute", "--check")
    assert (clean.status, clean.out) == (0, "mpp-uji: tersimpan = dihitung ulang\n")
    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE rollups SET tally = x'00' WHERE span = 'day' AND \"by\" = 'service'"
        )
    database.close()
    broken = loaded("recompute", "--check", "--mall", "mpp-uji", "--from", "2026-03-02")
    assert broken.status == 1
    assert "mpp-uji: 2026-03-02 service ktp-el: tersimpan ≠ dihitung ulang\n" in broken.out
    assert loaded("recompute", "--check", "--to", "2026-03-01").status == 0
    assert loaded("recompute").status == 0
    assert loaded("recompute", "--check").status == 0
    assert loaded("recompute", "--from", "2026-03-02", "--to", "2026-03-01").status == 2
    assert loaded("recompute", "--check", "--due").status == 2
