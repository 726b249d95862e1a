"""Passwords: argon2id, checked on a thread of their own that yields to everything else.

A check takes tens of milliseconds of processor time and 64 MiB. On the threads that all work shares, a
hail of wrong sign-ins would hold up the pages of kiosks and desks. Here it holds up other sign-ins only,
and those not for long: more than can be checked within a second or two are refused at once.
"""

import asyncio
import os
import secrets
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mpp.errors import Unavailable

MOST_AT_ONCE = 16
"""Checks that wait or run at a time; one more is refused."""
RETRY_S = 2
NICENESS = 10
"""How much the checking thread yields (0 not at all, 19 most); Linux only."""

_hasher = PasswordHasher()  # argon2id with the library's current parameters


async def hash_password(password: str) -> str:
    """The argon2id hash to store; made off the event loop, as it takes tens of milliseconds."""
    return await asyncio.to_thread(_hasher.hash, password)


class Passwords:
    """Checks passwords one at a time. One per process."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "mpp-passwords", initializer=_yield_to_others)
        self._under_way = 0

    async def match(self, hashed: str | None, password: str) -> bool:
        """Whether the password is the one hashed. None (no such user) takes as long and says no.

        `Unavailable` when too many are being checked already.
        """
        if self._under_way >= MOST_AT_ONCE:
            raise Unavailable(
                "Terlalu banyak orang sedang masuk. Coba lagi sebentar.", retry_after_s=RETRY_S
            )
        self._under_way += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, _verify, hashed, password)
        finally:
            self._under_way -= 1


def _verify(hashed: str | None, password: str) -> bool:
    try:
        _hasher.verify(hashed or _nobody(), password)
        return hashed is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash that no password opens, so that unknown names cost the same time as known ones."""
    return _hasher.hash(secrets.token_urlsafe(16))


def _yield_to_others() -> None:
    """argon2's own threads, one a lane, inherit it. Elsewhere than on Linux only a process can yield."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
