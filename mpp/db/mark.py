"""What the embedded database is known to have held, noted beside its file.

SQLite opens a file whose write-ahead log was taken away, or a plain copy of a live file, as if nothing
were missing: the last minutes are gone without a word. So the highest event that is on the disk is noted
in a file of its own every few seconds, and whoever opens a database that has less is refused and told. The
note is never ahead of the database, so it raises no false alarm; how much it lags is all that can be lost
unnoticed.
"""

import contextlib
import os
from pathlib import Path

from mpp.errors import Conflict

EVERY_S = 5.0


def note_beside(database: Path) -> Path:
    """Where it stands."""
    return database.with_name(database.name + ".mark")


def write(database: Path, highest: int) -> None:
    """Note it, as a whole or not at all. A disk that is full or gone costs only the note."""
    note = note_beside(database)
    partial = note.with_name(f"{note.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        partial.write_text(f"{highest}\n")
        partial.replace(note)


def must_hold(database: Path, highest: int) -> None:
    """`Conflict` when the database holds less than was noted."""
    note = note_beside(database)
    try:
        noted = int(note.read_text())
    except (OSError, ValueError):
        return  # a new place, or a note that was never finished
    if highest < noted:
        raise Conflict(
            f"Kejadian terakhir yang pernah tersimpan tidak ada lagi di {database}: mungkin berkas "
            "-wal-nya hilang, atau berkas ini disalin dengan cp selagi server berjalan. Kembalikan "
            "berkas yang hilang, atau pulihkan cadangan dengan `mpp restore`. Bila memang ini yang "
            f"dimaksud, hapus {note}."
        )
