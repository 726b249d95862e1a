"""A published result, and the plan to mend what it found."""

from dataclasses import dataclass
from datetime import date, datetime

from mpp.survey.rules.import_file import Outline
from mpp.survey.rules.result import Result


@dataclass(frozen=True)
class Report:
    """A published result, as it was when it was issued."""

    id: int
    first: date
    last: date
    agency_id: int | None
    result: Result
    issued_at: datetime
    media: tuple[str, ...]


@dataclass(frozen=True)
class FollowUp:
    """What is to be done against what a report found: one line of the follow-up plan (RTL)."""

    id: int
    unsur: str
    action: str
    person: str
    due: date
    evidence: str | None
    done_on: date | None


def realised(follow_ups: list[FollowUp]) -> float | None:
    """Which share of the follow-ups is done (0–1); None without any."""
    if not follow_ups:
        return None
    return sum(each.done_on is not None for each in follow_ups) / len(follow_ups)


@dataclass(frozen=True)
class Import:
    """A table of paper surveys that was read in. What earlier releases did not record is None."""

    id: int
    file_name: str
    respondents: int
    imported_at: datetime
    imported_by: str | None
    first: date | None
    last: date | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None


@dataclass(frozen=True)
class Upload:
    """A table that waits for somebody to say yes."""

    id: int
    file_name: str
    outline: Outline
