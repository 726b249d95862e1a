"""Taking a number: when, for what, how often, and once only; on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from factories import NINE, SMALL_MALL, a_mall, a_ticket, issued, mall_file, now_is

from mpp.counters.rules.file import HolidayPart, PeriodPart
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Conflict, Invalid, KeyReused, MallClosed, NotFound, QuotaExhausted
from mpp.queue.queries import visit_rows
from mpp.queue.rules.life import Channel, Priority, State

EVERY_DAY = {
    day: ["08:00-15:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "saturday")
} | {"friday": ["07:30-11:30", "13:00-15:30"]}


async def opened(db: Database, mall: Mall, now: datetime) -> bool:
    """Whether a number can be taken at that moment."""
    try:
        await a_ticket(db, mall, now=now)
    except MallClosed:
        return False
    return True


def a_file(**parts: Any) -> Any:
    return msgspec.structs.replace(mall_file(hours=EVERY_DAY), **parts)


# -- once only -----------------------------------------------------------------------------------


async def test_the_same_key_is_another_ticket_from_another_device(db: Database, mall: Mall) -> None:
    first = await issued(db, mall, key="k", issuer="device:1")
    second = await issued(db, mall, key="k", issuer="device:2")
    assert first.ticket.id != second.ticket.id
    assert not second.is_replay


@pytest.mark.parametrize(
    "other",
    [
        {"service": "paspor"},
        {"priority": Priority.ELDERLY},
        {"locale": "en"},
        {"channel": Channel.STAFF},
    ],
    ids=str,
)
async def test_the_same_key_for_another_wish_is_refused(
    db: Database, mall: Mall, other: dict[str, Any]
) -> None:
    first = await issued(db, mall, key="k")
    with pytest.raises(KeyReused):
        await issued(db, mall, **{"key": "k", **other})
    assert (await a_ticket(db, mall)).number == first.ticket.number + 1  # nothing was used up


async def test_a_retry_after_closing_time_or_the_end_of_the_quota_still_gives_the_ticket(
    db: Database, mall: Mall
) -> None:
    firsts = [await issued(db, mall, "kk", key=str(n)) for n in range(3)]
    firsts.append(await issued(db, mall, key="ktp"))
    for when in (NINE + timedelta(minutes=1), NINE + timedelta(hours=12), NINE + timedelta(days=6)):
        again = [await issued(db, mall, "kk", key=str(n), now=when) for n in range(3)]
        again.append(await issued(db, mall, key="ktp", now=when))
        assert [(a.ticket.id, a.visit_token) for a in again] == [
            (f.ticket.id, f.visit_token) for f in firsts
        ]
        assert all(each.is_replay for each in again)


async def test_without_a_key_every_request_is_a_wish_of_its_own(db: Database, mall: Mall) -> None:
    assert [(await a_ticket(db, mall)).number for _ in range(3)] == [1, 2, 3]


# -- numbers -------------------------------------------------------------------------------------


async def test_services_with_one_prefix_share_one_series(db: Database) -> None:
    text = SMALL_MALL.replace('prefix = "K"', 'prefix = "A"').replace("daily_quota = 3", "")
    mall = await a_mall(db, mall_file(text))
    labels = [(await a_ticket(db, mall, s)).label for s in ("ktp-el", "kk", "ktp-el", "paspor")]
    assert labels == ["A-001", "A-002", "A-003", "P-001"]


async def test_a_refusal_uses_up_no_number(db: Database, mall: Mall) -> None:
    for n in range(3):
        await a_ticket(db, mall, "kk", key=str(n))
    for _ in range(3):
        with pytest.raises(QuotaExhausted) as refused:
            await a_ticket(db, mall, "kk")
        assert refused.value.facts["quota"] == 3
    tomorrow = NINE + timedelta(days=1)
    assert (await a_ticket(db, mall, "kk", now=tomorrow)).number == 1
    unlimited = await a_ticket(db, mall, "kk", unrestricted=True)
    assert unlimited.number == 4


async def test_a_ticket_knows_who_stood_ahead_when_it_was_taken(db: Database, mall: Mall) -> None:
    """Priority stands before regular tickets within its head start."""
    first = await a_ticket(db, mall)
    second = await a_ticket(db, mall, now=NINE + timedelta(minutes=20))
    elderly = await a_ticket(db, mall, now=NINE + timedelta(minutes=30), priority=Priority.ELDERLY)
    other = await a_ticket(db, mall, "paspor")
    assert [t.ahead_at_join for t in (first, second, elderly, other)] == [0, 1, 1, 0]


async def test_a_visit_holds_several_tickets_and_one_secret(db: Database, mall: Mall) -> None:
    first = await issued(db, mall)
    second = await issued(db, mall, "paspor", visit=first.visit_token)
    assert second.visit_token == first.visit_token
    theirs = await db.read(visit_rows.tickets_of_visit, mall.id, first.ticket.visit_id)
    assert {each.id for each in theirs} == {first.ticket.id, second.ticket.id}
    assert len(first.visit_token) >= 22  # 128 bits


async def test_a_visit_of_another_mall_or_day_takes_no_ticket(db: Database, mall: Mall) -> None:
    there = await a_mall(db, mall_file(slug="mpp-lain"))
    foreign = await issued(db, there)
    old = await issued(db, mall)
    with pytest.raises(Invalid):
        await issued(db, mall, visit=foreign.visit_token)
    with pytest.raises(Invalid):
        await issued(db, mall, visit=old.visit_token, now=NINE + timedelta(days=1))
    with pytest.raises(NotFound):
        await issued(db, mall, visit="nobody")


# -- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "opens_utc"), [("Asia/Jakarta", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", 23)]
)
async def test_a_mall_opens_by_its_own_clock(db: Database, zone: str, opens_utc: int) -> None:
    mall = await a_mall(db, mall_file(hours=EVERY_DAY, time_zone=zone))
    day = 23 if opens_utc < 23 else 22  # Monday at eight in Jayapura is still Sunday in Greenwich
    opens = datetime(2026, 11, day, opens_utc, tzinfo=UTC)
    assert not await opened(db, mall, opens - timedelta(microseconds=1))
    first = await a_ticket(db, mall, now=opens)
    assert (first.number, first.day) == (1, date(2026, 11, 23))
    assert await opened(db, mall, opens + timedelta(hours=7, microseconds=-1))
    assert not await opened(db, mall, opens + timedelta(hours=7))


async def test_numbers_begin_again_at_the_malls_own_midnight(db: Database) -> None:
    mall = await a_mall(db, mall_file(hours=EVERY_DAY, time_zone="Asia/Jayapura"))
    midnight = datetime(2026, 11, 23, 15, tzinfo=UTC)
    numbers = [
        (t.day.day, t.number)
        for moment in (midnight - timedelta(microseconds=1), midnight, midnight)
        for t in [await a_ticket(db, mall, now=moment, unrestricted=True)]
    ]
    assert numbers == [(23, 1), (24, 1), (24, 2)]


async def test_the_friday_prayer_is_a_break(db: Database) -> None:
    mall = await a_mall(db, a_file())
    friday = datetime(2026, 11, 27, tzinfo=UTC)
    at = {
        (4, 29): True,  # 11.29 in Jakarta
        (4, 30): False,
        (5, 59): False,
        (6, 0): True,
    }
    for (hour, minute), is_open in at.items():
        assert await opened(db, mall, friday.replace(hour=hour, minute=minute)) is is_open


async def test_ramadan_and_holidays_have_hours_of_their_own(db: Database) -> None:
    ramadan = PeriodPart(
        name="Ramadan", first=date(2026, 2, 18), last=date(2026, 3, 19),
        hours={"monday": ["08:00-14:00"], "thursday": ["08:00-14:00"]},
    )  # fmt: skip
    days = [
        HolidayPart(date=date(2026, 2, 19), name="Libur"),
        HolidayPart(date=date(2026, 11, 23), name="Setengah hari", hours=["08:00-09:30"]),
    ]
    mall = await a_mall(db, a_file(period=[ramadan], holiday=days))
    assert await opened(db, mall, datetime(2026, 2, 16, 7, 30, tzinfo=UTC))  # the Monday before
    assert not await opened(db, mall, datetime(2026, 2, 23, 7, 30, tzinfo=UTC))  # 14.30
    assert await opened(db, mall, datetime(2026, 2, 23, 6, 30, tzinfo=UTC))
    assert not await opened(db, mall, datetime(2026, 2, 24, 2, tzinfo=UTC))  # a Tuesday of it
    assert not await opened(db, mall, datetime(2026, 2, 19, 2, tzinfo=UTC))
    assert await opened(db, mall, NINE)
    assert not await opened(db, mall, NINE + timedelta(minutes=30))


async def test_a_closed_mall_says_when_it_opens(db: Database, mall: Mall) -> None:
    with pytest.raises(MallClosed) as refused:
        await a_ticket(db, mall, now=NINE + timedelta(hours=8))
    assert refused.value.facts["opens_at"] == "2026-11-24T08:00:00+07:00"


async def test_a_paused_service_or_agency_gives_no_numbers(db: Database) -> None:
    file = mall_file()
    file.agency[0].service[0].paused = "Listrik padam"
    file.agency[1].paused = "Petugas rapat"
    mall = await a_mall(db, file)
    for service in ("ktp-el", "paspor"):
        with pytest.raises(Conflict) as refused:
            await a_ticket(db, mall, service)
        assert refused.value.facts["field"] == "service"
    assert (await a_ticket(db, mall, "kk")).number == 1


async def test_devices_of_a_demo_are_not_held_up(db: Database, mall: Mall) -> None:
    night = NINE + timedelta(hours=12)
    ticket = await a_ticket(db, mall, now=night, unrestricted=True)
    assert (await now_is(db, ticket)).state is State.WAITING
