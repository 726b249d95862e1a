"""Levels that the system finds: every step of every rule, and the facts out of both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from factories import NINE, TestClock, a_desk, a_device, a_mall, a_ticket
from sqlalchemy import insert

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.evaluation.queries import evidence_rows
from mpp.evaluation.rules.derived import RULES, Derived, Facts, Report, derive, months_after
from mpp.evaluation.rules.instrument import Indicator, instrument_of
from mpp.queue.rules.life import Action
from mpp.security import Role
from mpp.survey.models import follow_ups, survey_answers, survey_reports

EVERY = {
    each.derived: each
    for variant in instrument_of(None).variant.values()
    for each in [*(one for _, one in variant.indicators()), *variant.extra]
    if each.derived
}


def found(key: str, facts: Facts) -> Derived:
    derived = derive(EVERY[key], facts)
    assert derived is not None
    assert derived.sentence, "the numbers fit the sentence"
    return derived


def level(key: str, **facts: Any) -> int | None:
    return found(key, Facts(**facts)).level


ISSUED = date(2026, 1, 31)


def report(done: int = 0, planned: int = 0, *, media: int = 2, on: date = ISSUED) -> Report:
    return Report(issued=ISSUED, media=media, planned=planned, done=[on] * done)


def test_every_rule_belongs_to_an_indicator_and_only_the_standards_wait_for_one() -> None:
    assert set(EVERY) - set(RULES) == {"standards"}
    assert set(RULES) <= set(EVERY)
    assert derive(EVERY["standards"], Facts()) is None
    assert derive(Indicator(1, "x", 1, ["-"] * 6), Facts()) is None


@pytest.mark.parametrize("key", sorted(RULES))
def test_an_empty_mall_has_no_more_than_it_has(key: str) -> None:
    assert found(key, Facts()).level in {0, None}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(respondents=9), 1),
        (Facts(report=report(media=0)), 2),
        (Facts(report=report(media=1)), 3),
        (Facts(report=report(planned=3)), 4),
        (Facts(report=report(1, 3)), 5),
    ],
)
def test_the_survey(facts: Facts, expected: int) -> None:
    assert found("skm", facts).level == expected


@pytest.mark.parametrize(
    ("done", "planned", "expected"),
    [(0, 0, 0), (0, 10, 1), (2, 10, 2), (3, 10, 3), (8, 10, 3), (9, 10, 4), (10, 10, 5), (1, 1, 5)],
)
def test_the_share_of_the_plan_that_is_done(done: int, planned: int, expected: int) -> None:
    assert level("follow_up_share", report=report(done, planned)) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2026, 2, 28), 5),  # a month after 31 January: the last of February
        (date(2026, 3, 1), 4),
        (date(2026, 4, 30), 4),
        (date(2026, 5, 1), 3),
        (date(2026, 7, 31), 3),
        (date(2026, 8, 1), 2),
        (date(2026, 10, 31), 2),
        (date(2026, 11, 1), 1),
        (date(2027, 1, 31), 1),
        (date(2027, 2, 1), 0),
    ],
)
def test_the_speed_of_the_plan_at_each_bound(last: date, expected: int) -> None:
    assert level("follow_up_speed", report=report(2, 2, on=last)) == expected


def test_a_plan_that_is_not_done_has_no_speed() -> None:
    assert level("follow_up_speed", report=report(2, 3)) == 0


def test_months_end_where_months_end() -> None:
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert months_after(date(2026, 3, 31), 1) == date(2026, 4, 30)


def test_hours_count_what_was_really_served() -> None:
    plain = Facts(hours_are_published=True, open_days=50, looked_at=40)
    assert found("hours", plain).level == 1
    assert found("hours", replace(plain, days_called_at_noon=19)).level == 1
    noon = replace(plain, days_called_at_noon=20)
    assert found("hours", noon).level == 2
    more = replace(noon, days_served_beyond=1, weekend_days=1)
    assert found("hours", more).level == 4
    assert found("hours", replace(more, weekend_days=12)).level == 5


def test_information_and_what_the_system_cannot_know() -> None:
    assert level("information", services=3) is None
    assert level("information", services=3, displays=1) == 3
    assert level("information", services=3, kiosks=1, visits_online=1) == 4
    assert level("operations", services=3, respondents=1, officers_measured=2) == 1
    for key in ("complaint_records", "complaint_follow_up", "complaint_speed"):
        assert found(key, Facts(services=3)).level is None
        assert "belum ada data" in found(key, Facts()).sentence.lower()


def test_freshness_is_daily_only_when_it_is_and_complete_only_when_it_is() -> None:
    shown = Facts(open_days=100, live_days=95, services=2, complete_services=2)
    assert found("freshness", shown).level == 5
    assert found("freshness", replace(shown, complete_services=1)).level == 4
    for live_days, expected in ((94, 4), (20, 4), (19, 3), (5, 3), (4, 1), (0, None)):
        assert found("freshness", replace(shown, live_days=live_days)).level == expected


def test_the_queue_system_counts_its_own_facilities() -> None:
    assert level("queueing", services=1) == 0
    assert level("queueing", services=2, displays=1, visits_online=1, live_days=1) == 5


# -- the facts -----------------------------------------------------------------------------------


def a_published_survey(tx: Transaction, mall: Mall, issued: datetime) -> None:
    report_id = tx.new_id()
    tx.conn.execute(
        insert(survey_answers).values(
            mall_id=mall.id,
            token_hash="a" * 64,
            service_id=mall.services[0].id,
            day=date(2026, 11, 23),
            channel="phone",
            u1=4,
        )
    )
    tx.conn.execute(
        insert(survey_reports).values(
            mall_id=mall.id,
            id=report_id,
            first_day=date(2026, 1, 1),
            last_day=date(2026, 6, 30),
            weights="exact",
            figures={},
            issued_at=issued,
            media=["web", "kiosk"],
        )
    )
    for done_on in (date(2026, 11, 25), None):
        tx.conn.execute(
            insert(follow_ups).values(
                mall_id=mall.id,
                id=tx.new_id(),
                report_id=report_id,
                unsur="u3",
                action="Tambah loket",
                person="Koordinator",
                due=date(2026, 12, 31),
                evidence="SK" if done_on else None,
                done_on=done_on,
                created_at=issued,
            )
        )


def the_same_published_again(tx: Transaction, mall: Mall, issued: datetime) -> None:
    """Without a plan: what was done about the first one has been done all the same."""
    tx.conn.execute(
        insert(survey_reports).values(
            mall_id=mall.id,
            id=tx.new_id(),
            first_day=date(2026, 1, 1),
            last_day=date(2026, 6, 30),
            weights="exact",
            figures={},
            issued_at=issued,
            media=[],
        )
    )


async def test_the_facts_are_what_happened(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    await a_device(db, mall, Role.KIOSK)
    await a_device(db, mall, Role.DISPLAY)
    desk = await a_desk(db, mall, "1", clock)
    await a_ticket(db, mall, now=clock())
    await desk.serve()
    await db.execute(a_published_survey, mall, NINE)
    facts = await db.read(evidence_rows.facts_of, mall, 2026, now=clock())
    assert (facts.respondents, facts.kiosks, facts.displays, facts.services) == (1, 1, 1, 3)
    assert facts.report == Report(
        issued=date(2026, 11, 23), media=2, planned=2, done=[date(2026, 11, 25)]
    )
    await db.execute(the_same_published_again, mall, NINE + timedelta(hours=1))
    assert (await db.read(evidence_rows.facts_of, mall, 2026, now=clock())).report == facts.report
    assert (facts.open_days, facts.live_days, facts.looked_at) == (1, 1, 1)
    assert (facts.hours_are_published, facts.weekend_days, facts.complete_services) == (True, 0, 0)


async def test_calls_at_noon_beyond_hours_and_on_saturdays(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    desk = await a_desk(db, mall, "1", clock)
    moments = {
        "noon": NINE + timedelta(hours=3, minutes=59),
        "overrun": NINE + timedelta(hours=6, minutes=29),
        "extra session": NINE + timedelta(days=1, hours=6, minutes=30),
        "saturday": NINE + timedelta(days=5),
    }
    seen = {}
    for name, moment in moments.items():
        clock.now = moment
        ticket = await a_ticket(db, mall, now=moment, unrestricted=True)
        called = await desk.call()
        assert called is not None
        assert called.id == ticket.id
        await desk.do(called, Action.MISS)
        facts = await db.read(evidence_rows.facts_of, mall, 2026, now=moment)
        seen[name] = (facts.days_called_at_noon, facts.days_served_beyond, facts.weekend_days)
    assert seen == {
        "noon": (1, 0, 0),
        "overrun": (1, 0, 0),
        "extra session": (1, 1, 0),
        "saturday": (1, 1, 1),
    }
    later = await db.read(evidence_rows.facts_of, mall, 2027, now=NINE + timedelta(days=400))
    assert (later.looked_at, later.open_days, later.report) == (0, 0, None)
