"""How often may somebody try? Asked before anything costly is done; counted for all processes together."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from mpp.config import Settings
from mpp.counters.commands import limits
from mpp.counters.commands.limits import UsedUp
from mpp.counters.queries import sign_in_rows
from mpp.counters.rules import limit as rules
from mpp.counters.rules.limit import Limit
from mpp.db.seam import Database
from mpp.errors import TooManyRequests
from mpp.passwords import Passwords
from mpp.security import MAX_CACHED, Security
from mpp.web.request_params import peer

KNOWN_COOKIE = "mpp_known"
"""Says that somebody has signed in with this browser before, and nothing else."""
KNOWN_DAYS = 400
PER_ADDRESS = 120
"""Sign-ins a minute that a process looks at: all officers of a mall may begin behind one address."""
TOO_OFTEN = "Terlalu banyak percobaan masuk."


class Limits:
    """Limits in the database. What is used up is remembered here meanwhile: a hail of tries that are
    refused anyway must not keep the database's one writer busy.
    """

    def __init__(self, db: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._monotonic = monotonic
        self._used_up: dict[str, float] = {}

    async def take(self, wanted: Mapping[str, Limit], detail: str, *, now: datetime) -> None:
        """Count a try against all of these keys; `TooManyRequests` with this detail when one is used up."""
        soonest = max((self._used_up.get(key, 0.0) for key in wanted), default=0.0)
        wait = soonest - self._monotonic()
        if wait > 0:
            raise TooManyRequests(detail, retry_after_s=int(wait) + 1)
        try:
            await self._db.execute(limits.take, wanted, now=now)
        except UsedUp as refused:
            if len(self._used_up) >= MAX_CACHED:
                self._used_up.clear()
            self._used_up[refused.key] = self._monotonic() + refused.wait.total_seconds()
            raise refused.refusal(detail) from None

    async def give_back(self, taken: Mapping[str, Limit], *, now: datetime) -> None:
        """That try does not count after all."""
        for key in taken:
            self._used_up.pop(key, None)
        await self._db.execute(limits.give_back, taken, now=now)


@dataclass(frozen=True)
class Admitted:
    """A sign-in that may be tried."""

    address: str
    """The key of where it comes from."""
    browser: str | None
    """The known browser's own text."""
    taken: Mapping[str, Limit] = field(default_factory=dict)


class SignIns:
    """What sign-ins share: who may try, and the thread that checks passwords.

    Tries count against the account as it is looked up, from wherever they come, and against the address.
    Nobody can lock somebody else out by them: a browser that somebody has signed in with before, and an
    address that somebody has signed in from, have tries of their own.
    """

    def __init__(self, db: Database, security: Security) -> None:
        self.passwords = Passwords()
        self._db = db
        self._security = security
        self._limits = Limits(db)
        self._by_address = RateLimit(PER_ADDRESS)

    def approach(self, request: Request[Any, Any, Any], settings: Settings) -> Admitted:
        """Let this request be looked at; `TooManyRequests` when its address has asked too often."""
        address = rules.place_of(peer(request, settings.trusted_proxies))
        wait = self._by_address.take(address)
        if wait is not None:
            raise TooManyRequests(TOO_OFTEN, retry_after_s=int(wait) + 1)
        browser = self._security.unsealed(KNOWN_COOKIE, request.cookies.get(KNOWN_COOKIE, ""))
        return Admitted(self._key("address", address), browser)

    async def admit(self, admitted: Admitted, account: str, *, now: datetime) -> Admitted:
        """Count a try of this account, before its password is looked at. `TooManyRequests`."""
        wanted = self._wanted(admitted, account, await self._knows(admitted, now))
        await self._limits.take(wanted, TOO_OFTEN, now=now)
        return Admitted(admitted.address, admitted.browser, wanted)

    async def _knows(self, admitted: Admitted, now: datetime) -> bool:
        if admitted.browser is not None:
            return True
        return await self._db.read(sign_in_rows.is_known, admitted.address, now)

    def _wanted(self, admitted: Admitted, account: str, is_known: bool) -> dict[str, Limit]:
        place = admitted.browser or admitted.address
        there = self._key("account there", account, place)
        if is_known:
            return {there: rules.ACCOUNT_FROM_A_KNOWN_PLACE}
        return {
            there: rules.ACCOUNT_FROM_A_STRANGER,
            self._key("account", account): rules.ACCOUNT,
            self._key("stranger", admitted.address): rules.STRANGER,
            self._key("strangers"): rules.STRANGERS,
        }

    async def welcome(
        self, admitted: Admitted, settings: Settings, *, now: datetime
    ) -> list[Cookie]:
        """It was right: the try does not count, and the place is known from now on."""
        if admitted.taken:
            await self._limits.give_back(admitted.taken, now=now)
        await self._db.execute(limits.know_address, admitted.address, now=now)
        if admitted.browser is not None:
            return []
        sealed = self._security.sealed(KNOWN_COOKIE, secrets.token_urlsafe(16))
        return [
            Cookie(
                KNOWN_COOKIE,
                value=sealed,
                httponly=True,
                samesite="lax",
                secure=settings.secure_cookies,
                path="/sign-in",
                max_age=KNOWN_DAYS * 24 * 3600,
            )
        ]

    def _key(self, *parts: str) -> str:
        return self._security.unreadable(*parts)


@dataclass
class RateLimit:
    """A token bucket a key in memory: `per_minute` at once, then one every 60 / `per_minute` s."""

    per_minute: int
    monotonic: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, key: str) -> float | None:
        """None when allowed; else the seconds until the next one is."""
        now = self.monotonic()
        level, since = self._buckets.get(key, (float(self.per_minute), now))
        level = min(self.per_minute, level + (now - since) * self.per_minute / 60)
        if len(self._buckets) >= MAX_CACHED:
            self._buckets.clear()
        if level < 1:
            return (1 - level) * 60 / self.per_minute if self.per_minute else 60.0
        self._buckets[key] = (level - 1, now)
        return None
