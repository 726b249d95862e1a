"""Checking passwords when very many are to be checked at once."""

import asyncio

import pytest
from argon2 import PasswordHasher

from mpp.errors import Unavailable
from mpp.passwords import MOST_AT_ONCE, RETRY_S, Passwords

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("kuda-laut")
"""What to spend is written in the hash itself."""


async def test_a_password_matches_its_own_hash_alone() -> None:
    passwords = Passwords()
    assert await passwords.match(CHEAP, "kuda-laut")
    assert not await passwords.match(CHEAP, "kuda-nil")
    assert not await passwords.match("no hash at all", "kuda-laut")
    assert not await passwords.match(None, "kuda-laut")


async def test_more_than_can_be_checked_soon_are_refused_at_once_and_the_next_is_taken_again() -> (
    None
):
    passwords = Passwords()
    tries = [passwords.match(CHEAP, "kuda-laut") for _ in range(MOST_AT_ONCE + 3)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, Unavailable)]
    assert answers.count(True) == MOST_AT_ONCE
    assert len(refused) == 3
    assert refused[0].status == 503
    assert refused[0].facts == {"retry_after_s": RETRY_S}
    assert await passwords.match(CHEAP, "kuda-laut")


async def test_whoever_gives_up_waiting_makes_room() -> None:
    passwords = Passwords()
    tries = [asyncio.create_task(passwords.match(CHEAP, "kuda-laut")) for _ in range(MOST_AT_ONCE)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await passwords.match(CHEAP, "kuda-laut")
    for each in tries:
        each.cancel()
    await asyncio.gather(*tries, return_exceptions=True)
    assert await passwords.match(CHEAP, "kuda-laut")
