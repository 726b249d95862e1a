"""A database file that is damaged, or that lacks what it held: one line that says what to do."""

import asyncio
import shutil
from pathlib import Path

import pytest
from factories import a_ticket
from programs import Run

from mpp.counters.queries import mall_rows
from mpp.db.connect import open_database


@pytest.fixture
def database(loaded: Run, tmp_path: Path) -> Path:
    """The embedded database, with the small mall and nobody at it."""
    return tmp_path / "var/mpp.sqlite3"


async def take_a_number(database: Path, *, copy_to: Path | None = None) -> None:
    """A process takes a number and ends; `copy_to`: somebody copies the file alone before it does."""
    db = open_database(f"sqlite:///{database}", lambda _topics: None)
    await db.start()
    if copy_to is not None:
        shutil.copy(database, copy_to)
    await a_ticket(db, await db.read(mall_rows.mall, "mpp-uji"), unrestricted=True)
    await db.close()


@pytest.mark.parametrize(
    "command",
    [("serve", "--port", "0"), ("verify",), ("device", "list"), ("officer", "disable", "rina"), ("migrate",)],
    ids=lambda command: command[0],
)  # fmt: skip
@pytest.mark.parametrize("damage", ["no database at all", "its middle is gone"])
def test_a_damaged_file_is_one_line(
    command: tuple[str, ...], damage: str, mpp: Run, database: Path
) -> None:
    content = bytearray(database.read_bytes())
    if damage == "no database at all":
        content[:] = b"not a database" * 1000
    else:
        content[4096:] = b"\xa5" * (len(content) - 4096)
    database.write_bytes(content)
    done = mpp(*command)
    assert (done.status, done.err.count("\n")) == (2, 1), done.err
    assert "mpp restore" in done.err


def test_a_copy_of_a_live_file_in_its_place_is_noticed(
    loaded: Run, mpp: Run, database: Path, tmp_path: Path
) -> None:
    """As when the write-ahead log was taken away: SQLite itself would open it without a word."""
    copy = tmp_path / "copied-with-cp"
    asyncio.run(take_a_number(database, copy_to=copy))
    asyncio.run(take_a_number(database))
    assert mpp("device", "list").status == 0
    shutil.copy(copy, database)
    for command in (("serve", "--port", "0"), ("device", "list")):
        done = mpp(*command)
        assert (done.status, done.err.count("\n")) == (2, 1), done.err
        assert "mpp.sqlite3.mark" in done.err
    (database.parent / "mpp.sqlite3.mark").unlink()  # somebody who means it
    assert mpp("device", "list").status == 0


def test_an_older_backup_that_is_restored_is_meant(
    loaded: Run, mpp: Run, database: Path, tmp_path: Path
) -> None:
    asyncio.run(take_a_number(database))
    assert mpp("backup", tmp_path / "backup").status == 0
    asyncio.run(take_a_number(database))
    assert mpp("restore", tmp_path / "backup").status == 0
    assert mpp("verify").status == 0
