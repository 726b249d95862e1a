"""What is known of a ticket, and of the visit that it belongs to."""

from dataclasses import dataclass
from datetime import date, datetime

from mpp.queue.rules.life import Outcome, Priority, State

REFERRAL = "refer"
"""Whose keys those of a referral are; behind it stands the ticket that was referred."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket as it stands now."""

    id: int
    mall_id: int
    visit_id: int
    service_id: int
    day: date
    prefix: str
    number: int
    label: str
    state: State
    priority: Priority
    channel: str
    joined_at: datetime
    rank_at: datetime
    ahead_at_join: int
    open_at_join: int
    calls: int
    events: int
    counter_id: int | None
    target_counter_id: int | None
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    parked_until: datetime | None
    reason: str | None
    outcome: Outcome | None
    issuer: str
    issue_hash: str | None

    @property
    def referred_from(self) -> int | None:
        """The ticket from which this one was made by a referral."""
        maker, _, ticket_id = self.issuer.partition(":")
        return int(ticket_id) if maker == REFERRAL else None


@dataclass(frozen=True)
class Visit:
    """One person's stay."""

    id: int
    mall_id: int
    token: str
    locale: str
    day: date
