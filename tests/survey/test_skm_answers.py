"""Answers count once, on both databases, and lead to no visit."""

import asyncio
import hashlib
import hmac
import json
import random
from datetime import date, timedelta
from typing import Any

import pytest
from factories import MONDAY, TestClock, a_desk
from sqlalchemy import select, text

from mpp.counters.readers import Malls
from mpp.db.schema import metadata
from mpp.db.seam import Database, Transaction
from mpp.errors import Conflict
from mpp.housekeeping import close_past_days
from mpp.metrics.rules.periods import Period
from mpp.survey.commands import answering, publication
from mpp.survey.models import quick_scores, survey_answers, survey_salts
from mpp.survey.queries import answer_rows, report_rows
from mpp.survey.queries.answer_rows import Scope
from mpp.survey.readers.results import result
from tests.survey.skm_world import SECRET, a_hall, blind_of, judged, serve_one, sheet_of

TODAY = Period(MONDAY, MONDAY)
FOURS = (4,) * 9


async def answer(db: Database, blind: Any, *, today: date = MONDAY, **said: Any) -> bool:
    return await db.execute(answering.answer, blind, channel="phone", today=today, **said)


async def patterns(db: Database, mall_id: int) -> dict[tuple[int, ...], int]:
    found = await db.read(answer_rows.patterns, Scope(mall_id, TODAY))
    return found.whole


async def test_an_answer_sent_twice_counts_once(db: Database, clock: TestClock) -> None:
    mall, desk = await a_hall(db, clock)
    visit = await serve_one(desk)
    first, again = [await blind_of(db, mall, visit, MONDAY) for _ in range(2)]
    assert first == again
    sheet = sheet_of(*FOURS, gender="female")
    assert await answer(db, first, sheet=sheet, quick=3)
    assert not await answer(db, again, sheet=sheet, quick=3)
    assert await patterns(db, mall.id) == {FOURS: 1}
    assert await db.read(answer_rows.quick, Scope(mall.id, TODAY)) == [0, 0, 1, 0]
    assert await db.read(answer_rows.given, mall.id, first.hashed) == answer_rows.Given(True, 3)


async def test_the_first_of_two_different_answers_counts(db: Database, clock: TestClock) -> None:
    mall, desk = await a_hall(db, clock)
    blind = await blind_of(db, mall, await serve_one(desk), MONDAY)
    await answer(db, blind, sheet=sheet_of(*FOURS))
    others: list[dict[str, Any]] = [
        {"sheet": sheet_of(1, 4, 4)},
        {"sheet": sheet_of(*FOURS, age="60-")},
    ]
    for other in others:
        with pytest.raises(Conflict):
            await answer(db, blind, **other)
    await answer(db, blind, quick=1)
    with pytest.raises(Conflict):
        await answer(db, blind, quick=4)
    assert await patterns(db, mall.id) == {FOURS: 1}


async def test_many_at_once_with_one_token_count_once(db: Database, clock: TestClock) -> None:
    mall, desk = await a_hall(db, clock)
    visits = [await serve_one(desk) for _ in range(3)]
    blinds = [await blind_of(db, mall, visit, MONDAY) for visit in visits]
    sent = [answer(db, blind, sheet=sheet_of(*FOURS)) for blind in blinds * 4]
    assert sorted(await asyncio.gather(*sent)) == [False] * 9 + [True] * 3
    assert await patterns(db, mall.id) == {FOURS: 3}


async def test_an_agency_beside_which_a_small_one_could_be_reckoned_back_is_not_told(
    db: Database, clock: TestClock
) -> None:
    """Ten answered in the mall, four of them at the other agency: six are told of no more than the four."""
    mall, desk = await a_hall(db, clock)
    await judged(db, desk, [FOURS] * 6)
    other = await a_desk(db, mall, "3", clock)
    for _ in range(4):
        visit = await serve_one(other, "paspor")
        await answer(db, await blind_of(db, mall, visit, MONDAY), sheet=sheet_of(*[2] * 9))
    whole = await result(db, mall, TODAY)
    assert whole.figures.n == 10
    assert {each.n for each in whole.agencies} == {None}
    for agency in mall.agencies:
        part = await result(db, mall, TODAY, agency.id)
        assert part.figures.ikm is None
        assert (part.services, part.channels, part.profile) == ([], [], {}) or part.figures.n < 5


async def test_a_report_of_a_running_period_ends_on_the_day_it_is_published(
    db: Database, clock: TestClock
) -> None:
    mall, desk = await a_hall(db, clock)
    await judged(db, desk, [FOURS] * 5)
    quarter = Period(date(2026, 10, 1), date(2026, 12, 31))
    running = await result(db, mall, quarter)
    later = clock() + timedelta(days=60)
    for now, last in ((clock(), MONDAY), (later, quarter.last)):
        made = await db.execute(publication.publish, mall, running, None, now=now)
        report = await db.read(report_rows.report, mall.id, made)
        assert (report.first, report.last, report.result.last) == (quarter.first, last, last)


async def test_a_visits_second_service_gives_no_second_answer(
    db: Database, clock: TestClock
) -> None:
    mall, desk = await a_hall(db, clock)
    visit = await serve_one(desk)
    one = await blind_of(db, mall, visit, MONDAY)
    visit.service_id = mall.service("kk").id
    two = await blind_of(db, mall, visit, MONDAY)
    assert one.hashed == two.hashed
    await answer(db, one, sheet=sheet_of(*FOURS))
    with pytest.raises(Conflict):
        await answer(db, two, sheet=sheet_of(1, 1, 1))


async def test_salts_are_forgotten_three_days_after_their_day_and_links_end(
    db: Database, clock: TestClock
) -> None:
    mall, desk = await a_hall(db, clock)
    visit = await serve_one(desk)
    blind = await blind_of(db, mall, visit, MONDAY)
    malls = Malls(db)

    async def salts() -> int:
        clock.forward(days=1)
        await close_past_days(db, malls, clock)
        return len(await db.read(lambda tx: tx.conn.execute(select(survey_salts)).all()))

    assert [await salts() for _ in range(4)] == [1, 1, 1, 0]
    late = MONDAY + timedelta(days=4)
    with pytest.raises(Conflict):
        await answer(db, blind, today=late, sheet=sheet_of(*FOURS))
    with pytest.raises(Conflict):
        await blind_of(db, mall, visit, late)
    with pytest.raises(Conflict, match="berakhir"):  # even if a clock goes back
        await answer(db, blind, today=MONDAY, sheet=sheet_of(*FOURS))


# -- can anybody join? ---------------------------------------------------------------------------

OURS = {"survey_answers", "quick_scores", "survey_salts"}
HASHES = ("sha256", "sha1", "md5", "blake2b")


async def test_nothing_in_the_database_leads_from_an_answer_to_its_visit(
    db: Database, clock: TestClock
) -> None:
    mall, desk = await a_hall(db, clock)
    rng = random.Random(7)
    visits, hashes = [], []
    for _ in range(60):  # the worst case: everybody answers at once, before the next is served
        visit = await serve_one(desk)
        blind = await blind_of(db, mall, visit, MONDAY)
        await answer(
            db, blind, sheet=sheet_of(*rng.choices((1, 2, 3, 4), k=9)), quick=rng.randint(1, 4)
        )
        clock.forward(minutes=1)
        visits.append(visit)
        hashes.append(blind.hashed)
    everything = await db.read(all_values)
    answers = {
        value for name in OURS - {"survey_salts"} for row in everything[name] for value in row
    }
    others = [row for name, rows in everything.items() if name not in OURS for row in rows]
    salts = [value for row in everything["survey_salts"] for value in row]

    assert set(hashes) <= answers
    shared = {value for row in others for value in row} & answers
    assert shared <= {str(mall.id), str(MONDAY), *(str(s.id) for s in mall.services), *"0123456789"}
    for value in {value for row in others for value in row}:
        assert not set(guesses(value, salts)) & answers, (
            "a hash of a value is stored with an answer"
        )

    for name in ("survey_answers", "quick_scores"):
        for order in await db.read(orders, name):
            right = sum(one == two for one, two in zip(order, hashes, strict=True))
            # A leak shows 60 and 1.0. By chance one row is right (10: once in ten million orders)
            # and 60 rows correlate by 0 ± 0.13 (0.7: five standard deviations).
            assert right < 10
            assert abs(rank_correlation(order, hashes)) < 0.7


def all_values(tx: Transaction) -> dict[str, list[list[str]]]:
    """Every value of every row of every table, as text; what lies in JSON singly too."""
    found = {}
    for table in metadata.sorted_tables:
        rows = tx.conn.execute(select(table)).all()
        found[table.name] = [
            [str(leaf) for value in row for leaf in leaves(value) if leaf is not None]
            for row in rows
        ]
    return found


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)] + [json.dumps(value)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each)]
    return [value]


def guesses(value: str, salts: list[str]) -> list[str]:
    """What somebody without the server's secret could make of a value."""
    raw = value.encode()
    found = [hashlib.new(name, raw).hexdigest() for name in HASHES]
    for salt in salts:
        key = salt.encode()
        for mac in (hmac.digest(key, raw, "sha256"), hmac.digest(raw, key, "sha256")):
            found += [mac.hex(), hashlib.sha256(mac).hexdigest()]
        found += [hashlib.sha256(key + raw).hexdigest(), hashlib.sha256(raw + key).hexdigest()]
        empty = hashlib.sha256(f"survey nonce\0\0{salt}".encode()).digest()
        found.append(hashlib.sha256(hmac.digest(empty, raw, "sha256")).hexdigest())
    return found


def orders(tx: Transaction, name: str) -> list[list[str]]:
    """The hashes in every order that the database could give away."""
    clues = ["", "ORDER BY day", "ORDER BY service_id"]
    if tx.is_postgres:
        clues += [
            "ORDER BY ctid",
            "ORDER BY xmin::text::bigint, ctid",
            "ORDER BY cmin::text::int, ctid",
        ]
        marks = tx.conn.execute(text(f"SELECT DISTINCT xmin::text FROM {name}")).all()
        assert len(marks) == 1, "which transaction wrote a row says when"
    else:
        columns = tx.conn.execute(text(f"SELECT * FROM pragma_index_list('{name}')")).all()
        assert columns, "WITHOUT ROWID: there is no rowid to sort by"
        with pytest.raises(Exception, match="rowid"):
            tx.conn.execute(text(f"SELECT rowid FROM {name}"))
    return [
        [row[0] for row in tx.conn.execute(text(f"SELECT token_hash FROM {name} {clue}"))]
        for clue in clues
    ]


def rank_correlation(order: list[str], truth: list[str]) -> float:
    """Spearman's: 1 when the order is that in which people answered."""
    n = len(truth)
    place = {hashed: at for at, hashed in enumerate(order)}
    squares = sum((place[hashed] - at) ** 2 for at, hashed in enumerate(truth))
    return 1 - 6 * squares / (n * (n * n - 1))


async def test_an_answer_changes_no_row_that_knows_a_visit(db: Database, clock: TestClock) -> None:
    mall, desk = await a_hall(db, clock)
    blind = await blind_of(db, mall, await serve_one(desk), MONDAY)
    before = await db.read(all_values)
    await answer(db, blind, sheet=sheet_of(*FOURS), quick=4)
    after = await db.read(all_values)
    assert {name for name in after if after[name] != before[name]} == {
        "survey_answers",
        "quick_scores",
    }
    assert SECRET not in str(after)
    for table in (survey_answers, quick_scores):
        timed = [
            c.name for c in table.c if "at" in c.name.split("_") or "moment" in str(c.type).lower()
        ]
        assert timed == []
