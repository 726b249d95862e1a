"""A yearly report as it was published."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Edition:
    """A publication without its figures. `withdrawn_at`: None while it holds."""

    id: int
    year: int
    edition: int
    definitions: str
    issued_at: datetime
    issued_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    reason: str | None

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
