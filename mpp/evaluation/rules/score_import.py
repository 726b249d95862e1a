"""A table of users' answers that came in at once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ScoreImport:
    """`source`: the file's name, or that it was pasted. `notes`: rows that were left out, and why."""

    id: int
    evaluation_id: int
    source: str
    users: int
    notes: list[str]
    imported_at: datetime
    imported_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
