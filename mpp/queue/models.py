"""Tables of the queue: number series, visits, tickets, and the append-only history of tickets."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)

from mpp.counters.models import in_mall, one_of
from mpp.db.schema import Id, Json, Moment, metadata
from mpp.queue.rules.life import Action, Priority, State


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that matter now: it stays small however long the history grows.

    A query must hold the condition as a literal; behind a bound parameter SQLite overlooks it.
    """
    return Index(
        name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where)
    )


number_series = Table(
    "number_series",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("prefix", String(4), nullable=False),
    Column("day", Date, nullable=False),
    Column("last_number", Integer, nullable=False),
    PrimaryKeyConstraint("mall_id", "prefix", "day"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)

visits = Table(
    "visits",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("token", String(43), nullable=False),
    Column("day", Date, nullable=False),
    Column("locale", String(2), nullable=False),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "token"),
    Index(None, "token"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)

tickets = Table(
    "tickets",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("visit_id", Id, nullable=False),
    Column("service_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("prefix", String(4), nullable=False),
    Column("number", Integer, nullable=False),
    Column("label", String(12), nullable=False),
    Column("state", String(10), nullable=False),
    Column("priority", String(12), nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("joined_at", Moment, nullable=False),
    Column("rank_at", Moment, nullable=False),
    Column("ahead_at_join", Integer, nullable=False),
    Column("open_at_join", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("counter_id", Id),
    Column("target_counter_id", Id),
    Column("called_at", Moment),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("parked_until", Moment),
    Column("reason", String(300)),
    Column("outcome", String(12)),
    Column("issuer", String(40), nullable=False),
    Column("issue_key", String(200)),
    Column("issue_hash", String(64)),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "prefix", "day", "number"),
    UniqueConstraint("mall_id", "issuer", "issue_key"),
    in_mall("visit_id", table="visits"),
    in_mall("service_id", table="services"),
    in_mall("counter_id", table="counters"),
    one_of("state", State),
    one_of("priority", Priority),
    CheckConstraint("(lane = 1) = (priority <> 'regular')", name="lane"),
    CheckConstraint("number > 0", name="number"),
    CheckConstraint(
        "state NOT IN ('called', 'serving') OR counter_id IS NOT NULL", name="somewhere"
    ),
    Index(None, "mall_id", "visit_id"),
    Index(None, "mall_id", "service_id", "day"),
    Index(None, "mall_id", "day"),
    _partial(
        "ix_tickets_waiting",
        "mall_id",
        "service_id",
        "day",
        "lane",
        "rank_at",
        "id",
        where="state = 'waiting'",
    ),
    _partial(
        "uq_tickets_in_hand",
        "mall_id",
        "counter_id",
        where="state IN ('called', 'serving')",
        unique=True,
    ),
    _partial(
        "uq_tickets_visit_in_one_place",
        "mall_id",
        "visit_id",
        where="state IN ('called', 'serving')",
        unique=True,
    ),
    _partial(
        "ix_tickets_targeted",
        "mall_id",
        "target_counter_id",
        where="state = 'waiting' AND target_counter_id IS NOT NULL",
    ),
    _partial("ix_tickets_parked", "mall_id", "counter_id", where="state = 'parked'"),
)

ticket_events = Table(
    "ticket_events",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("ticket_id", Id, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("action", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("service_id", Id, nullable=False),
    Column("counter_id", Id),
    Column("officer_id", Id),
    Column("device_id", Id),
    Column("priority", String(12), nullable=False),
    Column("ahead", Integer),
    Column("open_counters", Integer),
    Column("wait_s", Float),
    Column("data", Json),
    PrimaryKeyConstraint("mall_id", "id"),
    UniqueConstraint("mall_id", "ticket_id", "seq"),
    in_mall("ticket_id", table="tickets"),
    one_of("action", Action),
    one_of("state", State),
    Index(None, "mall_id", "day"),
    _partial(
        "ix_ticket_events_calls_at",
        "mall_id",
        "counter_id",
        "day",  # without it the day's first call at a counter reads all that it ever called
        "id",
        where="action = 'call'",
    ),
    _partial("ix_ticket_events_calls_of", "mall_id", "service_id", "id", where="action = 'call'"),
)
"""What a ticket went through. `ahead` and `open_counters` say how the queue stood when it was issued;
`wait_s`, on the first call, is the wait that it then had. `data` by action:

    issue     {number, label, prefix, channel, visit, forecast: {ahead, free, open, low, mid, high, n, of}}
    call      {reason, rule, version, streak, limit, services: [...], considered: [...]}
    complete  {outcome}        refer {outcome, service, ticket}
    park      {reason, until}  transfer {from, to, counter, place, reason}   requeue, return {place, reason}
    miss, cancel {reason}
"""

clock_steps = Table(
    "clock_steps",
    metadata,
    Column("mall_id", Id, nullable=False),
    Column("id", Id, nullable=False),
    Column("noticed_at", Moment, nullable=False),
    Column("held_at", Moment, nullable=False),
    Column("host", String(100), nullable=False),
    PrimaryKeyConstraint("mall_id", "id"),
    ForeignKeyConstraint(["mall_id"], ["malls.id"]),
)
"""A machine's clock that was set back, noted by the first command that met it; never changed. The id says
which process that was."""
