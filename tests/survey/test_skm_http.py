"""The survey over HTTP: the API, and the pages of a visitor's phone."""

from typing import Any

import pytest
from factories import Desk, TestClock, a_desk, issued
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.rules.periods import Period
from mpp.security import Role
from mpp.survey.commands import publication
from mpp.survey.queries import answer_rows
from mpp.survey.queries.answer_rows import Scope
from mpp.survey.routes.api import AnswersIn, ProfileIn
from mpp.survey.rules.profile import FIELDS
from mpp.survey.rules.token import TOKEN_LENGTH
from mpp.survey.rules.unsur import CODES, Unsur
from tests.metrics.morning import signed_in
from tests.survey.skm_world import Served, a_hall, serve_one

Client = AsyncTestClient[Any]
PAGE = {"Accept": "text/html"}
ALL = dict.fromkeys(CODES.values(), 4)


@pytest.fixture
async def hall(client: Client, app_db: Database, clock: TestClock) -> tuple[Mall, Desk]:
    return await a_hall(app_db, clock)


@pytest.fixture
async def visit(hall: tuple[Mall, Desk]) -> Served:
    return await serve_one(hall[1])


async def stored(db: Database, mall: Mall, visit: Served) -> dict[tuple[int, ...], int]:
    scope = Scope(mall.id, Period(visit.day, visit.day))
    return (await db.read(answer_rows.patterns, scope)).whole


def test_the_api_knows_the_classes_of_a_profile() -> None:
    hints = ProfileIn.__annotations__
    assert hints.keys() == FIELDS.keys()
    for name, codes in FIELDS.items():
        assert all(f"'{code}'" in str(hints[name]) for code in codes)
    assert AnswersIn.__annotations__.keys() == set(CODES.values())


async def test_the_api_counts_an_answer_once(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], visit: Served
) -> None:
    path = f"/api/v1/visits/{visit.visit_token}/survey"
    body = {"answers": ALL, "profile": {"gender": "male"}, "quick": 4}
    answers = [await client.post(path, json=body) for _ in range(2)]
    assert [(a.status_code, a.json()) for a in answers] == [
        (201, {"counted": True}),
        (200, {"counted": False}),
    ]
    other = await client.post(path, json={"answers": {**ALL, "u1": 1}})
    assert (other.status_code, other.json()["field"]) == (409, "token")
    assert await stored(app_db, hall[0], visit) == {(4,) * 9: 1}


async def test_the_api_refuses_what_is_too_early_too_late_or_no_answer(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], clock: TestClock
) -> None:
    mall, desk = hall
    taken = await issued(app_db, mall, now=clock())
    path = f"/api/v1/visits/{taken.visit_token}/survey"
    early = await client.post(path, json={"quick": 1})
    assert early.status_code == 409
    assert "belum selesai" in early.json()["detail"]
    await desk.serve()
    for body, status in (
        ({}, 422),
        ({"answers": {}}, 422),
        ({"answers": {"u1": 5}}, 400),
        ({"answers": {"u10": 1}}, 400),
        ({"quick": 0}, 400),
        ({"profile": {"age": "x"}, "quick": 1}, 400),
    ):
        refused = await client.post(path, json=body)
        assert (refused.status_code, "field" in refused.json()) == (status, True), body
    unknown = await client.post("/api/v1/visits/tidak-ada/survey", json={"quick": 1})
    assert unknown.status_code == 404
    clock.forward(days=4)
    late = await client.post(path, json={"quick": 1})
    assert (late.status_code, late.json()["field"]) == (409, "token")


async def begun(client: Client, visit: Served) -> str:
    """The address of the survey."""
    answer = await client.post(
        "/survey", data={"visit": visit.visit_token}, headers=PAGE, follow_redirects=False
    )
    assert answer.status_code == 303
    address: str = answer.headers["location"]
    assert address.startswith("/s/")
    assert len(address) == TOKEN_LENGTH + 3
    return address


async def test_a_phone_goes_from_its_visit_to_thanks(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], visit: Served
) -> None:
    phone = (await client.get(f"/v/{visit.visit_token}", headers=PAGE)).text
    assert 'action="/survey"' in phone
    address = await begun(client, visit)
    assert address == await begun(client, visit)
    page = await client.get(address, headers=PAGE)
    assert page.text.count("<fieldset") == 9
    assert visit.visit_token not in page.text
    assert "noindex" in page.headers["x-robots-tag"]
    for words in ("Gratis", "Dikelola dengan baik", "Perekaman KTP-el"):
        assert words in page.text
    tapped = await client.post(address, data={"quick": "3"}, headers=PAGE)
    assert "Terima kasih: Puas." in tapped.text
    sent = await client.post(address, data={"u1": "2", "u9": "4", "age": "60-"}, headers=PAGE)
    assert "Penilaian Anda sudah kami terima" in sent.text
    assert await stored(app_db, hall[0], visit) == {(2, 0, 0, 0, 0, 0, 0, 0, 4): 1}
    again = await client.get(address, headers=PAGE)
    assert "Kunjungan ini sudah dinilai" in again.text
    other = await client.post(address, data={"u1": "4"}, headers=PAGE)
    assert (other.status_code, "sudah dinilai" in other.text) == (409, True)
    assert len(await stored(app_db, hall[0], visit)) == 1


async def test_a_refused_form_keeps_what_was_chosen(client: Client, visit: Served) -> None:
    address = await begun(client, visit)
    empty = await client.post(address, data={"age": "60-"}, headers=PAGE)
    assert empty.status_code == 422
    assert "Pilih sedikitnya satu jawaban." in empty.text
    assert '<option value="60-" selected>' in empty.text
    for wrong in ({"u1": "5"}, {"gender": "x", "u1": "1"}, {"quick": "9"}):
        assert (await client.post(address, data=wrong, headers=PAGE)).status_code in {400, 422}


async def test_no_survey_before_after_and_elsewhere(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], visit: Served, clock: TestClock
) -> None:
    address = await begun(client, visit)
    waiting = await issued(app_db, hall[0], now=clock())
    early = await client.post("/survey", data={"visit": waiting.visit_token}, headers=PAGE)
    assert (early.status_code, "belum selesai" in early.text) == (409, True)
    assert "/survey" not in (await client.get(f"/v/{waiting.visit_token}", headers=PAGE)).text
    touched = address[:-1] + ("A" if address[-1] != "A" else "B")
    for unknown in ("/s/x", touched, "/s/" + "é" * 20):
        assert (await client.get(unknown, headers=PAGE)).status_code == 404
    nobody = await client.post("/survey", data={"visit": "tidak-ada"}, headers=PAGE)
    assert nobody.status_code == 404
    clock.forward(days=4)
    late = await client.get(address, headers=PAGE)
    assert (late.status_code, "berakhir" in late.text) == (410, True)
    late = await client.post(address, data={"u1": "1"}, headers=PAGE)
    assert late.status_code == 410
    late = await client.post("/survey", data={"visit": visit.visit_token}, headers=PAGE)
    assert (late.status_code, "berakhir" in late.text) == (409, True)


async def test_agencies_ask_in_their_own_words_and_others_in_two_languages(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], visit: Served
) -> None:
    mall = hall[0]
    agency = mall.agency_of(mall.service("ktp-el"))
    options = ["Tidak wajar", "Kurang wajar", "Wajar", "Sangat wajar"]
    await app_db.execute(
        publication.word, mall.id, agency.id, Unsur.COST, text="Wajarkah biayanya?", options=options
    )
    page = (await client.get(f"{await begun(client, visit)}?lang=en", headers=PAGE)).text
    assert "Wajarkah biayanya?" in page
    assert "Kurang wajar" in page
    assert "Gratis" not in page
    assert "How easy was the procedure" in page
    assert "Very easy" in page


async def test_looking_changes_nothing(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], visit: Served, clock: TestClock
) -> None:
    await a_desk(app_db, hall[0], "2", clock)
    await client.get(f"/v/{visit.visit_token}", headers=PAGE)
    assert await app_db.read(answer_rows.salt_of, hall[0].id, visit.day) is None


async def test_the_counters_tablet_asks_whoever_was_served_last_and_resets_itself(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], clock: TestClock
) -> None:
    mall, desk = hall
    tablet = PAGE | await signed_in(app_db, mall, Role.COUNTER)
    quiet = await client.get("/survey/tablet", headers=tablet)
    assert "Setelah dilayani" in quiet.text
    back = await client.post("/survey/tablet", headers=tablet, follow_redirects=False)
    assert back.headers["location"] == "/survey/tablet"
    visit = await serve_one(desk)
    assert "Nilai layanan ini" in (await client.get("/survey/tablet", headers=tablet)).text
    begun = await client.post("/survey/tablet", headers=tablet, follow_redirects=False)
    address = begun.headers["location"]
    assert address.startswith("/survey/tablet/")
    assert "url=/survey/tablet" in (await client.get(address, headers=tablet)).text
    sent = await client.post(address, data={"u1": "4"}, headers=tablet)
    assert "Penilaian Anda sudah kami terima" in sent.text
    assert "url=/survey/tablet" in sent.text, "ready for the next"
    scope = Scope(mall.id, Period(visit.day, visit.day))
    assert (await app_db.read(answer_rows.patterns, scope)).channels.keys() == {"tablet"}
    assert "Setelah dilayani" in (await client.get("/survey/tablet", headers=tablet)).text
    await serve_one(desk)
    clock.forward(minutes=11)
    assert "Setelah dilayani" in (await client.get("/survey/tablet", headers=tablet)).text
