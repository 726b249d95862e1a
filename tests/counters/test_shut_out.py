"""Whoever is no longer named is let in no more: at the door, with an open session, on every screen."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from factories import NINE, a_mall, mall_file

from mpp.counters.commands import people
from mpp.counters.commands.load import load_mall
from mpp.counters.queries import sign_in_rows
from mpp.counters.rules.file import OfficerPart
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import NotFound
from mpp.security import Role

HOUR = timedelta(hours=1)


def named(*usernames: str) -> Any:
    """The mall's file with these officers."""
    officers = [OfficerPart(username=each, name=each.title(), role="officer") for each in usernames]
    return msgspec.structs.replace(mall_file(), officer=officers)


async def signed_in(db: Database, mall: Mall, username: str) -> str:
    """The hash of a session that this officer has opened."""
    found = await db.read(sign_in_rows.credentials, username, mall.slug)
    assert found is not None
    await db.execute(
        people.sign_in, mall.id, hashed=username, now=NINE, lasts=HOUR, officer_id=found.officer_id
    )
    return username


async def let_in(db: Database, mall: Mall, *usernames: str) -> list[tuple[bool, bool, bool]]:
    """Of each: may sign in, their session is known, their sockets stay."""
    alive = await db.read(sign_in_rows.alive, frozenset(usernames), NINE)
    return [
        (
            await db.read(sign_in_rows.credentials, each, mall.slug) is not None,
            await db.read(sign_in_rows.principal, each, NINE) is not None,
            each in alive,
        )
        for each in usernames
    ]


IN, OUT = (True, True, True), (False, False, False)


async def test_whoever_the_file_names_no_more_is_shut_out_and_the_load_says_who(
    db: Database,
) -> None:
    mall = await a_mall(db, named("ani", "budi", "citra"))
    await db.execute(
        people.add_officer, mall, username="dewi", name="Dewi", role=Role.OFFICER, hashed="x"
    )
    everybody = [await signed_in(db, mall, each) for each in ("ani", "budi", "citra", "dewi")]
    assert await let_in(db, mall, *everybody) == [IN] * 4
    loaded = await db.execute(load_mall, named("ani"))
    assert loaded.shut_out == ["budi", "citra"], "dewi never stood in the file"
    assert await let_in(db, mall, *everybody) == [IN, OUT, OUT, IN]
    assert (await db.execute(load_mall, named("ani", "budi"))).shut_out == []
    assert await let_in(db, mall, "budi") == [(True, False, False)], "back, to sign in anew"


async def test_an_officer_is_shut_out_and_let_in_again_by_name(db: Database) -> None:
    mall = await a_mall(db, named("ani", "budi"))
    both = [await signed_in(db, mall, each) for each in ("ani", "budi")]
    await db.execute(people.disable_officer, mall.id, "ani")
    assert await let_in(db, mall, *both) == [OUT, IN]
    with pytest.raises(NotFound):
        await db.execute(people.disable_officer, mall.id, "ani")
    await db.execute(people.enable_officer, mall.id, "ani")
    assert await let_in(db, mall, "ani") == [(True, False, False)]
    with pytest.raises(NotFound):
        await db.execute(people.enable_officer, mall.id, "nobody")


async def test_a_new_password_and_a_revoked_device_end_open_screens(db: Database) -> None:
    mall = await a_mall(db, named("ani"))
    await signed_in(db, mall, "ani")
    for name in ("layar", "kios"):
        await db.execute(
            people.enrol_device, mall, role=Role.KIOSK, name=name, hashed=name, now=NINE
        )
    held = frozenset({"ani", "layar", "kios", "unknown"})
    assert await db.read(sign_in_rows.alive, held, NINE) == {"ani", "layar", "kios"}
    await db.execute(people.set_password, mall.id, "ani", "another")
    await db.execute(people.revoke_device, mall.id, "layar", now=NINE)
    assert await db.read(sign_in_rows.alive, held, NINE) == {"kios"}


async def test_many_sessions_are_asked_for_in_a_few_queries(db: Database) -> None:
    mall = await a_mall(db, named("ani"))
    await signed_in(db, mall, "ani")
    held = frozenset({"ani", *(f"gone-{n}" for n in range(2_000))})
    assert await db.read(sign_in_rows.alive, held, NINE) == {"ani"}
    assert await db.read(sign_in_rows.alive, held, NINE + 2 * HOUR) == frozenset(), "expired"
