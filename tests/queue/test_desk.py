"""The officer's desk, used as a browser without scripts uses it."""

import re

import pytest
from factories import TestClock, a_ticket
from litestar import Litestar
from litestar.testing import AsyncTestClient
from screens import OPEN_ALREADY, Officer, a_hall, actions_of, an_officer, text_of

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.queries import ticket_rows
from mpp.queue.rules.life import Outcome, Priority, State
from mpp.queue.rules.ticket import Ticket
from mpp.security import Role

Client = AsyncTestClient[Litestar]


@pytest.fixture
async def hall(app: Litestar, client: Client) -> Mall:
    mall: Mall = await a_hall(app)
    return mall


@pytest.fixture
async def rina(client: Client, hall: Mall) -> Officer:
    """At counter 1, not yet open."""
    return await an_officer(client, hall, "1")


async def in_hand(officer: Officer, state: State) -> Officer:
    """Their counter open, with a ticket in this state."""
    await officer.press("open")
    await officer.follow(await officer.press("call-next"))
    if state is State.SERVING:
        await officer.follow(await officer.press("start"))
    return officer


async def ticket_of(client: Client, mall: Mall, ticket_id: int) -> Ticket:
    db: Database = client.app.state.db
    found: Ticket = await db.read(ticket_rows.ticket, mall.id, ticket_id)
    return found


# -- who may be here -----------------------------------------------------------------------------


async def test_somebody_who_has_not_signed_in_is_led_to_where_they_can(rina: Officer) -> None:
    rina.session = None
    answer = await rina.get("/desk/7?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/desk/7%3Fx%3D1")
    assert (await rina.get("/desk", accept="application/json")).status_code == 401


async def test_an_officer_with_one_counter_goes_straight_to_it(rina: Officer) -> None:
    answer = await rina.get("/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/{rina.counter_id}")


async def test_an_officer_with_two_counters_chooses(client: Client, hall: Mall) -> None:
    officer = await an_officer(client, hall, "1", "3")
    said = text_of((await officer.get("/desk")).text)
    assert [label for label in ("Loket 1", "Loket 2", "Loket 3") if label in said] == [
        "Loket 1",
        "Loket 3",
    ]


async def test_a_manager_may_sit_at_every_counter(client: Client, hall: Mall) -> None:
    manager = await an_officer(client, hall, role=Role.MANAGER, username="bu.sri")
    page = (await manager.get("/desk")).text
    assert len(set(re.findall(r'href="/desk/(\d+)"', page))) == len(hall.counters)
    assert (await manager.press("open")).status_code == 303


async def test_another_counters_desk_is_closed_to_an_officer(rina: Officer, hall: Mall) -> None:
    other = rina.counter_id = next(each.id for each in hall.counters if each.label == "2")
    assert (await rina.desk()).status_code == 403
    assert (await rina.press("open")).status_code == 403
    assert (await rina.get(f"/desk/{other}/now")).status_code == 403
    assert (await rina.get(f"/desk/{other}/ask/pause")).status_code == 403


async def test_a_form_without_its_token_does_nothing(rina: Officer) -> None:
    rina.csrf = ""
    assert (await rina.press("open")).status_code == 403
    assert "Loket ini belum dibuka" in text_of((await rina.desk()).text)


async def test_a_form_of_another_site_does_nothing(rina: Officer) -> None:
    answer = await rina.post(
        f"/desk/{rina.counter_id}/act", {"action": "open"}, origin="https://elsewhere.example"
    )
    assert answer.status_code == 403


# -- a morning -----------------------------------------------------------------------------------


async def test_an_officer_opens_calls_serves_and_closes(
    client: Client, hall: Mall, rina: Officer, clock: TestClock
) -> None:
    ticket = await a_ticket(client.app.state.db, hall, priority=Priority.ELDERLY)
    page = await rina.follow(await rina.press("open"))
    assert "Loket dibuka." in text_of(page.text)
    assert "1 orang menunggu" in text_of(page.text)
    clock.forward(minutes=4)
    page = await rina.follow(await rina.press("call-next"))
    said = text_of(page.text)
    assert "A-001 dipanggil." in said
    assert "Lansia" in said
    assert "Mengapa nomor ini: satu-satunya antrean yang menunggu untuk loket ini" in said
    assert "Fotokopi KK" in said
    assert f"<title>A-001 dipanggil · Loket 1 · {hall.name}</title>" in page.text
    page = await rina.follow(await rina.press("start"))
    assert "dijanjikan 10 menit" in text_of(page.text)
    clock.forward(minutes=12)
    assert "desk-timer--over" in (await rina.desk()).text
    page = await rina.follow(await rina.press("complete"))
    assert "Selesai hari ini 1" in text_of(page.text)
    assert "Loket ditutup." in text_of((await rina.follow(await rina.press("close"))).text)
    assert (await ticket_of(client, hall, ticket.id)).outcome is Outcome.DONE


async def test_nobody_to_call_is_said_in_words(rina: Officer) -> None:
    await rina.press("open")
    page = await rina.follow(await rina.press("call-next"))
    assert "Tidak ada yang menunggu untuk loket ini." in text_of(page.text)


async def test_one_press_finishes_and_calls_the_next(
    client: Client, hall: Mall, rina: Officer
) -> None:
    first = await a_ticket(client.app.state.db, hall)
    await a_ticket(client.app.state.db, hall)
    await in_hand(rina, State.SERVING)
    page = await rina.follow(await rina.press("complete-next"))
    assert "A-002 dipanggil." in text_of(page.text)
    assert (await ticket_of(client, hall, first.id)).state is State.COMPLETED


async def test_finishing_stands_when_the_counter_was_paused_meanwhile(
    client: Client, hall: Mall, rina: Officer
) -> None:
    first = await a_ticket(client.app.state.db, hall)
    await in_hand(rina, State.SERVING)
    page = await rina.follow(await rina.press("pause", reason="Salat"))
    assert "complete-next" not in actions_of(page.text)
    page = await rina.follow(await rina.press("complete-next", first.id))
    assert "A-001 selesai." in text_of(page.text)


async def test_a_pause_says_why_until_it_ends(rina: Officer) -> None:
    await rina.press("open")
    page = await rina.follow(await rina.press("pause", reason="Istirahat"))
    assert "Jeda: Istirahat" in text_of(page.text)
    page = await rina.follow(await rina.press("open"))
    assert "Loket buka" in text_of(page.text)


async def test_what_people_write_is_shown_as_they_wrote_it(rina: Officer) -> None:
    await rina.press("open")
    page = await rina.follow(await rina.press("pause", other="<b>100 %</b> %(label)s"))
    assert "Jeda: &lt;b&gt;100 %&lt;/b&gt; %(label)s" in page.text


# -- what is offered -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (State.CALLED, {"start", "recall", "miss", "return"}),
        (
            State.SERVING,
            {"complete", "complete-next", "ask:complete", "ask:park", "ask:transfer", "ask:refer"},
        ),
    ],
)
async def test_the_desk_offers_what_the_rules_allow(
    client: Client, hall: Mall, rina: Officer, state: State, offered: set[str]
) -> None:
    await a_ticket(client.app.state.db, hall)
    await in_hand(rina, state)
    assert actions_of((await rina.desk()).text) == offered


async def test_a_closed_counter_offers_to_open(rina: Officer) -> None:
    assert actions_of((await rina.desk()).text) == {"open", "ask:open"}
    await rina.press("open")
    assert actions_of((await rina.desk()).text) == {"call-next"}


async def test_only_a_free_counter_may_take_somebody_over(
    client: Client, hall: Mall, rina: Officer
) -> None:
    for _ in range(2):
        await a_ticket(client.app.state.db, hall)
    await rina.press("open")
    assert "/ask/call?" in (await rina.desk()).text
    await rina.press("call-next")
    page = (await rina.desk()).text
    assert "/ask/call?" not in page
    assert "/ask/cancel?" in page


# -- too late, twice, nonsense -------------------------------------------------------------------


async def test_what_comes_too_late_is_told_with_the_fresh_state(
    client: Client, hall: Mall, rina: Officer
) -> None:
    ticket = await a_ticket(client.app.state.db, hall)
    await in_hand(rina, State.SERVING)
    answer = await rina.press("start", ticket.id)
    assert answer.status_code == 409
    assert "Tidak dapat lagi: nomor ini sekarang dilayani." in text_of(answer.text)
    assert "complete" in actions_of(answer.text)


async def test_calling_twice_calls_once(client: Client, hall: Mall, rina: Officer) -> None:
    for _ in range(2):
        await a_ticket(client.app.state.db, hall)
    await in_hand(rina, State.CALLED)
    answer = await rina.press("call-next")
    assert answer.status_code == 409
    assert "Loket ini masih menangani A-001." in text_of(answer.text)


async def test_refusals_are_told_in_english_too(client: Client, hall: Mall, rina: Officer) -> None:
    await a_ticket(client.app.state.db, hall)
    await in_hand(rina, State.CALLED)
    answer = await rina.post(f"/desk/{rina.counter_id}/act?lang=en", {"action": "call-next"})
    assert "This counter still has A-001 in hand." in text_of(answer.text)
    assert "Start serving" in text_of(answer.text)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"action": "explode"}, 404),
        ({"action": "issue"}, 404),
        ({"action": "start", "ticket": "x"}, 404),
        ({"action": "start", "ticket": "1"}, 404),
        ({"action": "start"}, 404),
        ({"action": "pause", "other": "a\x00b"}, 400),
        ({"action": "pause", "other": "x" * 201}, 400),
        ({"action": "park", "minutes": "-1"}, 400),
        ({"action": "transfer", "to": "counter:nine"}, 400),
        ({"action": "complete", "outcome": "perfect"}, 400),
        ({"action": "open", "services": "paspor"}, 422),
        ({}, 400),
    ],
)
async def test_nonsense_is_refused_in_words(
    rina: Officer, form: dict[str, str], status: int
) -> None:
    answer = await rina.post(f"/desk/{rina.counter_id}/act", form)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "<h1" in answer.text


# -- a page that is open already -----------------------------------------------------------------


async def test_an_open_page_gets_only_what_changes(
    client: Client, hall: Mall, rina: Officer
) -> None:
    before = await rina.get(f"/desk/{rina.counter_id}/now", **OPEN_ALREADY)
    answer = await rina.post(f"/desk/{rina.counter_id}/act", {"action": "open"}, **OPEN_ALREADY)
    assert answer.status_code == 200
    assert answer.text.count("<html") == 0
    assert "Loket dibuka." in text_of(answer.text)
    assert int(answer.headers["x-version"]) > int(before.headers["x-version"])
    now = await rina.get(f"/desk/{rina.counter_id}/now", **OPEN_ALREADY)
    assert 'id="desk-told"' not in now.text  # word of the press stays until the next one
    await a_ticket(client.app.state.db, hall)
    assert "A-001" in (await rina.get(f"/desk/{rina.counter_id}/now", **OPEN_ALREADY)).text
