"""Run a command or a query: one plain function, one transaction, and the screens woken after it.

    ticket = await db.execute(commands.issue_ticket, request, now=clock())
    board  = await db.read(queries.board, mall_id, now=clock())

A command may run more than once before it is acknowledged (a batch rolled back, a race lost), so it
must have no effect outside its transaction. Screens are woken with the topics that it named, and
only when the commit has succeeded.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, text

from mpp.ids import IdMaker

P = ParamSpec("P")
R = TypeVar("R")

Publish = Callable[[Iterable[str]], object]
"""Wakes the screens that show one of these topics; called on the event loop."""


class Transaction:
    """What a command is given: the connection, new ids, and a list of screens to wake."""

    __slots__ = ("conn", "is_postgres", "new_id", "raw", "topics")

    def __init__(self, conn: Connection, new_id: IdMaker) -> None:
        self.conn = conn
        self.new_id = new_id
        self.is_postgres = conn.dialect.name == "postgresql"
        self.raw: Any = None if self.is_postgres else conn.connection.driver_connection
        self.topics: set[str] = set()

    def wake(self, *topics: str) -> None:
        """Ask for these topics' screens to be woken once this transaction is committed."""
        self.topics.update(topics)

    def lock(self, key: int) -> None:
        """Let one transaction at a time pass for this key (an id). On SQLite one writes anyway."""
        if self.is_postgres:
            self.conn.execute(_LOCK, {"key": key})


_LOCK = text("SELECT pg_advisory_xact_lock(:key)")

Command = Callable[Concatenate[Transaction, P], R]


class NotCovered(Exception):
    """A fast path does not cover this case."""


@dataclass(frozen=True)
class FastPathContext:
    """What a fast path is given."""

    pool: Any
    """An asyncpg pool whose connections commit each statement."""
    new_id: IdMaker
    memory: dict[Any, Any]
    """What fast paths remember between calls, as long as the database is open."""


FastPath = Callable[..., Awaitable[tuple[Any, set[str]]]]
"""A coroutine that does the plain case of a command on PostgreSQL in a statement or two.

It is called as `path(context, *args, **kwargs)` and answers the command's result and the topics to
wake, having committed; or it raises `NotCovered` having done nothing, and the command itself runs
and finds the right answer or the right refusal.
"""

FastPaths = Mapping[Any, FastPath]
"""Command → how PostgreSQL can do the same in fewer round trips."""

POOL = 8
"""Connections to PostgreSQL that are kept for commands and queries, and as many for fast paths."""
BESIDE_POOLS = 3
"""Connections beside those: the lease of the node number, and the relay's two."""
NO_FAST_PATHS: FastPaths = MappingProxyType({})


class Database(ABC):
    """The seam. `start` before the first use, `close` at the end."""

    url: str

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    async def execute(self, command: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a command in one transaction; answer after its commit. Errors roll it back."""

    @abstractmethod
    async def read(self, query: Command[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on one consistent snapshot; writing is refused by the database itself."""

    @property
    def node(self) -> int:
        """The number of this process among all on the database, as it stands in the ids that it makes."""
        return 0  # an embedded database has one server

    async def leads(self) -> bool:
        """Whether this process, of all on the database, is the one that does the chores."""
        return True  # an embedded database has one server
