"""What a feed read last, told again while nothing of it has changed.

Most messages of a quiet screen are heartbeats. Reading the same again for each of them would keep the
database busy with a nation's phones: 2,000 of them every four seconds are 500 readings a second.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec

KEPT_S = 20.0
"""Seconds after which it is read again all the same: estimates age, and an event might be lost …"""
SPREAD = 0.5
"""… and up to so many times more, by chance of the clock, so that not all screens are due at once."""


class Snapshot(Protocol):
    """A msgspec Struct that states when it was true and at which version."""

    version: int
    at: datetime


S = TypeVar("S", bound=Snapshot)


class Kept:
    """One a feed. `lasts`: seconds, see `KEPT_S`; `seconds`: a clock that only goes forward."""

    def __init__(
        self, lasts: float = KEPT_S, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._lasts = lasts
        self._seconds = seconds
        self._state: Any = None
        self._basis: Any = None
        self._until = 0.0

    async def state(
        self, version: int, now: datetime, basis: object, read: Callable[[], Awaitable[S]]
    ) -> S:
        """The state at `version`: read, or the last one with the present time.

        `basis`: what it rests on, compared by equality (the hub's news of its topics, the mall as it is
        loaded, the day). The caller has heard from the database lately: what is told again says that it
        answers.
        """
        known = self._state
        moment = self._seconds()
        if (
            known is None
            or known.version != version
            or self._basis != basis
            or moment > self._until
        ):
            known = await read()
            self._state, self._basis = known, basis
            self._until = moment + self._lasts * (1 + SPREAD * (moment * 1e3 % 1))
            return known
        return msgspec.structs.replace(known, at=now)  # type: ignore[no-any-return]
