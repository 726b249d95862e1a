"""Guessing passwords is bounded by account, address and overall, and locks nobody out."""

from datetime import timedelta
from typing import Any

import pytest
from factories import NINE
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request
from litestar.testing import RequestFactory

from mpp.config import Settings
from mpp.counters.commands import limits
from mpp.counters.commands.limits import UsedUp
from mpp.counters.queries import sign_in_rows
from mpp.counters.routes.limits import KNOWN_COOKIE, Admitted, Limits, SignIns
from mpp.counters.rules import limit as rules
from mpp.counters.rules.limit import Limit, per_minute, place_of
from mpp.db.seam import Database
from mpp.errors import TooManyRequests
from mpp.security import Principal, Security

SLOW = Limit(3, timedelta(seconds=10))
SECOND = timedelta(seconds=1)


@given(
    st.integers(1, 20),
    st.integers(1, 60),
    st.lists(st.integers(0, 40), min_size=1, max_size=60),
)
def test_no_stretch_of_time_admits_more_than_so_many_and_one_each_interval(
    at_once: int, every_s: int, gaps: list[int]
) -> None:
    limit, paid_back, now = Limit(at_once, every_s * SECOND), NINE, NINE
    admitted = []
    for gap in gaps:
        now += gap * SECOND
        would_be = max(paid_back, now) + limit.every
        if limit.wait(would_be, now) <= timedelta(0):
            paid_back = would_be
            admitted.append(now)
    for n, first in enumerate(admitted):
        for count, last in enumerate(admitted[n:], 1):
            assert count <= at_once + (last - first) / limit.every + 1e-9


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_subscriber_is_one_place(address: str, place: str) -> None:
    assert place_of(address) == place


def test_none_a_minute_is_none() -> None:
    assert per_minute(0).wait(NINE + per_minute(0).every, NINE) > timedelta(0)


async def test_tries_are_counted_together_and_paid_back_by_time(db: Database) -> None:
    here, there = Limits(db), Limits(db)  # two processes
    for each in (here, there, here):
        await each.take({"a": SLOW}, "no", now=NINE)
    for each in (here, there):
        with pytest.raises(TooManyRequests) as refused:
            await each.take({"a": SLOW}, "no", now=NINE + SECOND)
        assert refused.value.facts["retry_after_s"] in {9, 10}
    await Limits(db).take({"a": SLOW}, "no", now=NINE + 10 * SECOND)
    with pytest.raises(TooManyRequests):
        await Limits(db).take({"a": SLOW}, "no", now=NINE + 11 * SECOND)


async def test_a_refused_try_counts_nowhere_and_a_right_one_neither(db: Database) -> None:
    wide = Limit(1, timedelta(hours=1))
    await db.execute(limits.take, {"narrow": SLOW, "wide": wide}, now=NINE)
    for _ in range(5):
        with pytest.raises(UsedUp):
            await db.execute(limits.take, {"narrow": SLOW, "wide": wide}, now=NINE)
    await db.execute(limits.take, {"narrow": SLOW}, now=NINE)
    await db.execute(limits.give_back, {"narrow": SLOW, "wide": wide}, now=NINE)
    await db.execute(limits.take, {"narrow": SLOW, "wide": wide}, now=NINE)


async def test_what_is_used_up_is_refused_without_the_database(db: Database) -> None:
    here = Limits(db)
    await here.take({"a": Limit(1, timedelta(hours=1))}, "no", now=NINE)
    with pytest.raises(TooManyRequests):
        await here.take({"a": Limit(1, timedelta(hours=1))}, "no", now=NINE)
    await db.close()
    with pytest.raises(TooManyRequests):
        await here.take({"a": Limit(1, timedelta(hours=1))}, "no", now=NINE)


# -- who may try ---------------------------------------------------------------------------------

TRUSTING = 1


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return Settings(
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        secret_key=settings.secret_key,
        trusted_proxies=TRUSTING,
    )


@pytest.fixture
def sign_ins(db: Database) -> SignIns:
    async def nobody(_hashed: str) -> Principal | None:
        return None

    return SignIns(db, Security("only for this test", nobody))


def asked(address: str, cookie: str = "") -> Request[Any, Any, Any]:
    request = RequestFactory().get("/sign-in")
    own = [(b"x-forwarded-for", address.encode()), (b"cookie", cookie.encode())]
    request.scope["headers"] = own
    return request


async def tries(
    sign_ins: SignIns, settings: Settings, address: str, account: str, cookie: str = ""
) -> Admitted | None:
    """One try; None when it is refused before the password is looked at."""
    try:
        admitted = sign_ins.approach(asked(address, cookie), settings)
        return await sign_ins.admit(admitted, account, now=NINE)
    except TooManyRequests:
        return None


async def test_an_account_is_guessed_at_from_many_addresses_in_vain(
    sign_ins: SignIns, settings: Settings
) -> None:
    """And its holder still gets in: from where they are known, by browser or by address."""
    at_home = await tries(sign_ins, settings, "198.51.100.1", "1 7")
    assert at_home is not None
    [cookie] = await sign_ins.welcome(at_home, settings, now=NINE)
    assert (cookie.key, cookie.httponly) == (KNOWN_COOKIE, True)
    passed = [
        await tries(sign_ins, settings, f"203.0.113.{n % 60}", "1 7") is not None
        for n in range(300)
    ]
    assert sum(passed) == rules.ACCOUNT.at_once
    assert await tries(sign_ins, settings, "198.51.100.9", "1 7") is None, (
        "a stranger, even if right"
    )
    assert await tries(sign_ins, settings, "198.51.100.1", "1 7") is not None
    known = f"{KNOWN_COOKIE}={cookie.value}"
    assert await tries(sign_ins, settings, "198.51.100.9", "1 7", known) is not None
    assert await tries(sign_ins, settings, "198.51.100.9", "1 7", known + "x") is None
    forged = f"{KNOWN_COOKIE}=made-up.{'0' * 32}"
    assert await tries(sign_ins, settings, "198.51.100.9", "1 7", forged) is None


async def test_a_known_place_guesses_no_more_than_others(
    sign_ins: SignIns, settings: Settings
) -> None:
    first = await tries(sign_ins, settings, "198.51.100.1", "1 7")
    assert first is not None
    await sign_ins.welcome(first, settings, now=NINE)
    passed = [await tries(sign_ins, settings, "198.51.100.1", "1 8") is not None for _ in range(50)]
    assert sum(passed) == rules.ACCOUNT_FROM_A_KNOWN_PLACE.at_once


async def test_many_names_from_one_address_and_from_all_of_them(
    sign_ins: SignIns, settings: Settings
) -> None:
    sprayed = [
        await tries(sign_ins, settings, "203.0.113.5", f"1 {n}") is not None for n in range(60)
    ]
    assert sum(sprayed) == rules.STRANGER.at_once
    for n in range(600):
        await tries(sign_ins, settings, f"203.0.{n % 200}.7", f"? name-{n}")
    assert await tries(sign_ins, settings, "192.0.2.77", "1 999") is None, "strangers together"


async def test_right_ones_use_nothing_up(sign_ins: SignIns, settings: Settings) -> None:
    for _ in range(40):
        admitted = await tries(sign_ins, settings, "203.0.113.6", "1 7")
        assert admitted is not None
        await sign_ins.welcome(admitted, settings, now=NINE)


async def test_nothing_that_is_kept_can_be_read(
    sign_ins: SignIns, settings: Settings, db: Database
) -> None:
    admitted = await tries(sign_ins, settings, "203.0.113.6", "1 7")
    assert admitted is not None
    await sign_ins.welcome(admitted, settings, now=NINE)
    assert await db.read(sign_in_rows.is_known, admitted.address, NINE)
    assert not await db.read(
        sign_in_rows.is_known, admitted.address, NINE + limits.KNOWN_FOR + SECOND
    )
    assert "203.0.113.6" not in admitted.address
