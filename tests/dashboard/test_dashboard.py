"""The overview as a dashboard: today against plan, alerts that lead somewhere, satisfaction, the index."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from factories import MONDAY, NINE, TestClock, a_desk, a_device, a_mall, a_ticket, at_counter
from litestar.testing import AsyncTestClient
from sqlalchemy import insert
from websockets.asyncio.client import connect

from mpp.counters.commands import shifts
from mpp.counters.rules.mall import Mall
from mpp.dashboard import queries as target_rows
from mpp.dashboard.commands import expect_day
from mpp.dashboard.readers.typical_day import running_survey
from mpp.db.seam import Database, Transaction
from mpp.evaluation.commands import evaluations
from mpp.evaluation.rules.instrument import instruments
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.terms import Term
from mpp.security import Role
from mpp.survey.commands import publication
from mpp.survey.models import survey_answers
from mpp.survey.readers.results import result
from mpp.survey.rules.unsur import Unsur
from tests.metrics.morning import signed_in

Client = AsyncTestClient[Any]


async def mondays(db: Database, clock: TestClock, *counts: int) -> Mall:
    """Mondays before this one, each with so many numbers at nine."""
    mall = await a_mall(db)
    for back, count in enumerate(counts, start=1):
        for _ in range(count):
            await a_ticket(db, mall, now=NINE - timedelta(weeks=back))
    return mall


def answers(mall: Mall, day: date, count: int, *, complaints: int = 2) -> Any:
    """So many respondents who say 3 to everything but complaints; one in three says 4 to the conduct."""

    def add(tx: Transaction) -> int:
        rows = [
            {
                "mall_id": mall.id,
                "token_hash": f"{day}-{n}",
                "service_id": mall.service("ktp-el").id,
                "day": day,
                "channel": "phone",
                **{f"u{unsur}": 3 for unsur in range(1, 9)},
                "u7": 4 if n % 3 == 0 else 3,
                "u9": complaints,
            }
            for n in range(count)
        ]
        return tx.conn.execute(insert(survey_answers), rows).rowcount

    return add


# -- today against plan --------------------------------------------------------------------------


async def test_the_overview_says_today_beside_the_usual(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await mondays(app_db, clock, 4, 6, 8, 10)
    for _ in range(12):
        await a_ticket(app_db, mall, now=clock())
    clock.forward(minutes=60)
    page = (await client.get("/overview", headers=await signed_in(app_db, mall))).text
    words = " ".join(page.split("overview-plan-words")[1].split("</div>")[0].split())
    assert "Pukul 10.00: 12 nomor; biasanya 4–10." in words
    assert "Lebih ramai daripada biasanya.</strong> Sehari penuh 4–10." in words
    assert "Dari 4 hari Senin terakhir" in words
    assert "peluang 3 dari 5" in words
    assert 'href="/overview/definitions#plan">' in page


async def test_few_known_days_are_told_as_few(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await mondays(app_db, clock, 4, 6)
    page = (await client.get("/overview?lang=en", headers=await signed_in(app_db, mall))).text
    assert "Only 2 such days are known; a range is told from 4 days on." in page
    assert "lowest to highest (hatched)" not in page


async def test_a_plan_takes_the_place_of_the_usual_total(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await mondays(app_db, clock, 4, 6, 8, 10)
    await app_db.execute(
        expect_day, mall.id, MONDAY, 14, "Cuti <bersama>", today=MONDAY, by="m", now=clock()
    )
    clock.forward(hours=2)
    page = (await client.get("/overview", headers=await signed_in(app_db, mall))).text
    assert "Rencana hari ini: 14 nomor." in page
    assert "Cuti &lt;bersama&gt;" in page
    assert "Pukul 11.00: 0 nomor; menurut rencana 8–20." in page, "twice the usual 4 to 10"


async def test_parts_that_change_are_drawn_alone_and_the_rest_on_load_only(
    client: Client, app_db: Database, clock: TestClock, counted
) -> None:
    mall = await mondays(app_db, clock, 4, 6, 8, 10)
    headers = await signed_in(app_db, mall)
    whole = (await client.get("/overview", headers=headers)).text
    with counted() as first:
        parts = (await client.get("/overview/now", headers=headers)).text
    for part in ("overview-plan", "overview-plan-words", "overview-plan-table", "overview-alerts"):
        assert f'id="{part}" data-part' in parts
        assert f'id="{part}" data-part' in whole
    assert "nrr-list" not in parts
    assert "indices" not in parts
    assert not [each for each in first if "rollups" in each or "survey_answers" in each]
    await a_ticket(app_db, mall, now=clock())
    with counted() as second:
        await client.get("/overview/now", headers=headers)
    assert len(second) <= len(first) <= 15


async def test_the_socket_tells_alerts_and_the_usual(
    server: str, app_db: Database, clock: TestClock
) -> None:
    mall = await mondays(app_db, clock, 4, 6, 8, 10)
    await a_ticket(app_db, mall, "paspor", now=clock())
    clock.forward(minutes=30)
    token = await a_device(app_db, mall, Role.MANAGER)
    address = server.replace("http", "ws") + "/live/malls/mpp-uji/overview"
    async with connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as socket:
        seen = json.loads(await socket.recv())
    assert seen["usual"] == {
        "days": 4,
        "expected": None,
        "issued_by_now": {"middle": 3.5, "low": 2, "high": 5},
        "issued": {"middle": 7, "low": 4, "high": 10},
        "coverage": 0.6,
    }
    (alert,) = seen["alerts"]
    three = next(each for each in mall.counters if each.label == "3")
    assert (alert["kind"], alert["service"], alert["count"]) == ("no_counter", "paspor", 1)
    assert (alert["figure"], alert["threshold"], alert["unit"]) == (1, 1, "people")
    assert (alert["act"], alert["act_counter"]) == (f"/desk/{three.id}", "3")


# -- alerts --------------------------------------------------------------------------------------


async def test_a_counter_paused_for_long_is_told_with_the_way_to_it(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    desk = await a_desk(app_db, mall, "1", clock)
    headers = await signed_in(app_db, mall)
    by = at_counter(mall, "1")
    for reason, minutes in (("Salat", 10), ("Rapat", 31)):
        await app_db.execute(
            shifts.pause_counter, mall, desk.counter_id, by=by, now=clock(), reason=reason
        )
        clock.forward(minutes=minutes)
        if reason == "Salat":
            await app_db.execute(shifts.open_counter, mall, desk.counter_id, by=by, now=clock())
    page = (await client.get("/overview", headers=headers)).text
    assert "Loket 1 dijeda 31 menit" in page, "not since the first pause"
    assert "(Rapat)" in page
    assert "batas 30 menit" in page
    assert f'href="/desk/{desk.counter_id}">Ke loket 1' in page
    assert f'data-alert="paused-{desk.counter_id}"' in page
    await app_db.execute(shifts.open_counter, mall, desk.counter_id, by=by, now=clock())
    assert "dijeda 31 menit" not in (await client.get("/overview", headers=headers)).text


async def test_pauses_are_known_by_counter(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    desks = [await a_desk(db, mall, label, clock) for label in ("1", "2")]
    for desk in desks:
        await db.execute(
            shifts.pause_counter, mall, desk.counter_id, by=desk.by, now=clock.forward(minutes=5),
            reason="Salat",
        )  # fmt: skip
    await db.execute(shifts.open_counter, mall, desks[0].counter_id, by=desks[0].by, now=clock())
    paused = await db.read(target_rows.paused_since, mall.id, MONDAY)
    assert paused == {desks[1].counter_id: clock()}


async def test_new_alerts_have_a_place_to_be_heard_outside_the_parts(
    client: Client, app_db: Database
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    page = (await client.get("/overview", headers=headers)).text
    assert 'id="overview-news" role="status"' in page
    assert 'id="overview-news"' not in (await client.get("/overview/now", headers=headers)).text


# -- satisfaction --------------------------------------------------------------------------------


async def test_unsur_stand_with_intervals_the_lowest_first(
    client: Client, app_db: Database
) -> None:
    mall = await a_mall(app_db)
    await app_db.execute(answers(mall, MONDAY - timedelta(days=7), 40))
    page = (await client.get("/overview", headers=await signed_in(app_db, mall))).text
    card = page.split('id="running"')[1].split("</section>")[0]
    assert "Triwulan IV tahun 2026 · 40 jawaban" in " ".join(card.split())
    names = ["Penanganan pengaduan", "Perilaku pelaksana"]
    listed = card.split("bar-list--nrr")[1].split("</ul>")[0]
    places = [listed.index(name) for name in names]
    assert places == sorted(places)
    assert listed.index("Penanganan pengaduan") < listed.index("Persyaratan")
    assert listed.rindex("bar-row__name") < listed.index("Perilaku pelaksana"), (
        "the best comes last"
    )
    assert "tiga terendah" in listed
    assert "3,35" in card
    assert "3,11–3,51" in card, "of 14 fours and 26 threes, with room for who gave less"
    assert "/overview/definitions#unsur" in card
    assert 'href="/overview/skm"' in card


@pytest.mark.parametrize(
    ("here", "before", "term", "n"),
    [(30, 500, Term.QUARTER, 30), (29, 500, Term.SEMESTER, 529), (3, 0, Term.QUARTER, 3)],
)
async def test_the_shortest_term_with_enough_answers_is_shown(
    db: Database, here: int, before: int, term: Term, n: int
) -> None:
    mall = await a_mall(db)
    await db.execute(answers(mall, MONDAY, here))
    if before:
        await db.execute(answers(mall, date(2026, 8, 3), before))
    running = await running_survey(db, mall, MONDAY)
    assert running is not None
    assert (running.span.term, running.figures.n) == (term, n)
    assert (running.figures.ikm is None) == (n < 5), "of fewer than five nothing is said"


async def test_nobody_asked_is_said_so_and_alarms_nobody(client: Client, app_db: Database) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    page = (await client.get("/overview", headers=headers)).text
    assert "Belum ada jawaban tahun ini." in page
    assert "data-alert" not in page


async def test_a_low_index_of_enough_answers_is_an_alert(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    await app_db.execute(answers(mall, MONDAY, 40, complaints=1))
    page = (await client.get("/overview", headers=await signed_in(app_db, mall))).text
    assert 'data-alert="ikm"' in page
    assert "sasaran paling sedikit 76,61" in page


# -- the index -----------------------------------------------------------------------------------


async def test_the_index_stands_on_its_scale_with_the_first_steps(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    key = list(instruments())[-1]
    start = evaluations.Start(2026, "MPP Uji", key, "A")
    made = await app_db.execute(evaluations.create_evaluation, mall.id, start, now=clock())
    page = (await client.get("/overview", headers=await signed_in(app_db, mall))).text
    card = page.split("Indeks pelayanan publik (IPP)")[1].split("</section>")[0]
    assert card.count("scale__band--here") == 2, "wide and narrow"
    assert "sasaran" in card
    steps = card.split("<ol>")[1].split("</ol>")[0]
    assert 1 <= steps.count("<li>") <= 3
    assert f'href="/overview/ipp/{made}/indicator/' in steps
    assert "upaya" in steps
    assert "/overview/definitions#ipp" in card


async def test_follow_ups_past_their_date_are_told_with_the_way_to_them(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    await app_db.execute(answers(mall, MONDAY, 40))
    found = await result(app_db, mall, Period(MONDAY, MONDAY))
    report = await app_db.execute(publication.publish, mall, found, None, now=clock())
    for due in (MONDAY - timedelta(days=2), MONDAY, MONDAY - timedelta(days=9)):
        await app_db.execute(
            publication.add_follow_up, mall.id, report, unsur=Unsur.COMPLAINTS, action="Kotak saran",
            person="Kepala seksi", due=due, now=clock(),
        )  # fmt: skip
    late = await app_db.read(target_rows.overdue, mall.id, MONDAY)
    assert [(each.count, each.since) for each in late] == [(2, MONDAY - timedelta(days=9))]
    page = (await client.get("/overview", headers=await signed_in(app_db, mall))).text
    assert "2 tindak lanjut lewat tenggat" in page
    assert f'href="/overview/skm/reports/{report}"' in page
