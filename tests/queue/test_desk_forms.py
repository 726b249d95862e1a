"""What the desk asks before it does something, and what it then does."""

import html
import re
from datetime import timedelta

import pytest
from factories import NINE, TestClock, a_ticket, issued
from litestar import Litestar
from litestar.testing import AsyncTestClient
from screens import OPEN_ALREADY, Officer, a_hall, an_officer, text_of

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.queue.queries import counter_rows, ticket_rows, visit_rows
from mpp.queue.rules.life import Action, Outcome, State
from mpp.queue.rules.snapshots import Brought
from mpp.queue.rules.ticket import Ticket

Client = AsyncTestClient[Litestar]


@pytest.fixture
async def hall(app: Litestar, client: Client) -> Mall:
    mall: Mall = await a_hall(app)
    return mall


@pytest.fixture
async def db(app: Litestar, client: Client) -> Database:
    """The application's own."""
    database: Database = app.state.db
    return database


@pytest.fixture
async def rina(client: Client, hall: Mall) -> Officer:
    officer = await an_officer(client, hall, "1")
    await officer.press("open")
    return officer


@pytest.fixture
async def ticket(db: Database, hall: Mall, rina: Officer) -> Ticket:
    """A-001, served at Rina's counter."""
    made: Ticket = await a_ticket(db, hall)
    await rina.follow(await rina.press("call-next"))
    await rina.follow(await rina.press("start"))
    return made


async def now_of(db: Database, ticket: Ticket) -> Ticket:
    found: Ticket = await db.read(ticket_rows.ticket, ticket.mall_id, ticket.id)
    return found


async def said_of(db: Database, ticket: Ticket) -> dict[str, object]:
    """What the history keeps of the last thing that happened."""
    events = await db.read(visit_rows.events_of, ticket.mall_id, ticket.id)
    return dict(events[-1].data)


def options_of(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'<option\s+value="([^"]+)"', page)]


# -- asking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["complete", "park", "transfer", "refer"])
async def test_a_form_is_a_page_or_a_part(rina: Officer, ticket: Ticket, action: str) -> None:
    page = await rina.ask(action, ticket.id)
    part = await rina.ask(action, ticket.id, **OPEN_ALREADY)
    assert (page.status_code, part.status_code) == (200, 200)
    assert (page.text.count("<html"), part.text.count("<html")) == (1, 0)
    for text in (page.text, part.text):
        assert f'name="ticket" value="{ticket.id}"' in text
        assert f'name="action" value="{action}"' in text


async def test_asking_too_late_shows_the_desk(rina: Officer, ticket: Ticket) -> None:
    await rina.press("complete")
    answer = await rina.ask("park", ticket.id)
    assert answer.status_code == 409
    assert "Tidak dapat lagi: nomor ini sekarang selesai." in text_of(answer.text)
    part = await rina.ask("park", ticket.id, **OPEN_ALREADY)
    assert (part.status_code, part.text.count("<html")) == (409, 0)


async def test_what_needs_no_form_has_none(rina: Officer, ticket: Ticket) -> None:
    assert (await rina.ask("start", ticket.id)).status_code == 404


@pytest.mark.parametrize("action", ["pause", "park", "call"])
async def test_a_reason_that_is_needed_is_asked_for_again(
    db: Database, hall: Mall, rina: Officer, ticket: Ticket, action: str
) -> None:
    if action == "call":
        await rina.press("complete")
        ticket = await a_ticket(db, hall)
    answer = await rina.press(action, ticket.id)
    assert answer.status_code == 422
    assert "Pilih atau tulis alasannya." in text_of(answer.text)
    assert f'name="action" value="{action}"' in answer.text


# -- doing ---------------------------------------------------------------------------------------


async def test_a_service_ends_with_its_outcome_and_a_note(
    db: Database, rina: Officer, ticket: Ticket
) -> None:
    await rina.press("complete", outcome="incomplete", other=" Kurang KK ")
    assert (await now_of(db, ticket)).outcome is Outcome.INCOMPLETE
    assert await said_of(db, ticket) == {"outcome": "incomplete", "reason": "Kurang KK"}


async def test_a_ticket_is_parked_and_resumed(
    db: Database, rina: Officer, ticket: Ticket, clock: TestClock
) -> None:
    page = await rina.follow(await rina.press("park", reason="Mengisi formulir", minutes="15"))
    assert "A-001 ditunda." in text_of(page.text)
    assert "Mengisi formulir · sampai 09.15" in text_of(page.text)
    parked = await now_of(db, ticket)
    assert (parked.state, parked.parked_until) == (State.PARKED, NINE + timedelta(minutes=15))
    page = await rina.follow(await rina.press("resume", ticket.id))
    assert "A-001 dilanjutkan." in text_of(page.text)
    assert rina.ticket == ticket.id


async def test_words_of_ones_own_count_before_those_picked(
    db: Database, rina: Officer, ticket: Ticket
) -> None:
    await rina.press("park", reason="Mengisi formulir", other="Mencari saksi")
    assert (await now_of(db, ticket)).reason == "Mencari saksi"


async def test_a_hold_does_not_reach_into_tomorrow(
    rina: Officer, ticket: Ticket, clock: TestClock
) -> None:
    clock.forward(hours=14, minutes=50)
    answer = await rina.press("park", reason="Mengisi formulir", minutes="30")
    assert answer.status_code == 422
    assert "pada hari yang sama" in text_of(answer.text)


async def test_a_ticket_goes_to_another_service_at_the_place_chosen(
    db: Database, hall: Mall, rina: Officer, ticket: Ticket, clock: TestClock
) -> None:
    options = options_of((await rina.ask("transfer", ticket.id)).text)
    assert "service:kk" in options
    assert "service:ktp-el" not in options  # where it is already
    now = clock.forward(minutes=9)
    page = await rina.follow(await rina.press("transfer", to="service:kk", place="last"))
    assert "A-001 dialihkan." in text_of(page.text)
    moved = await now_of(db, ticket)
    assert (moved.service_id, moved.rank_at) == (hall.service("kk").id, now)


async def test_a_ticket_goes_to_another_counter_and_is_expected_there(
    client: Client, db: Database, hall: Mall, rina: Officer, ticket: Ticket
) -> None:
    other = next(each for each in hall.counters if each.label == "2")
    options = options_of((await rina.ask("transfer", ticket.id)).text)
    assert f"counter:{other.id}" in options
    assert f"counter:{rina.counter_id}" not in options
    page = await rina.follow(await rina.press("transfer", to=f"counter:{other.id}", place="joined"))
    assert "A-001" not in page.text.partition('id="desk-waiting"')[2]  # nobody else may call it
    budi = await an_officer(client, hall, "2", username="budi")
    page = await budi.follow(await budi.press("open"))
    assert "A-001" in page.text.partition('id="desk-waiting"')[2]
    assert (await now_of(db, ticket)).rank_at == NINE


@pytest.mark.parametrize(
    ("other", "shown"),
    [("", "Nomor ganda"), ("bawa map merah <b>", "bawa map merah &lt;b&gt;")],
)
async def test_the_next_counter_reads_why_a_ticket_was_sent_there(
    client: Client, db: Database, hall: Mall, rina: Officer, ticket: Ticket, other: str, shown: str
) -> None:
    to = next(each.id for each in hall.counters if each.label == "2")
    await rina.press("transfer", to=f"counter:{to}", reason="Nomor ganda", other=other)
    budi = await an_officer(client, hall, "2", username="budi")
    await budi.press("open")
    page = await budi.follow(await budi.press("call-next"))
    assert f"<strong>Dialihkan dari loket 1:</strong> {shown}" in page.text
    said = await db.read(counter_rows.brought, await now_of(db, ticket))
    assert said == Brought(Action.TRANSFER, rina.counter_id, other or "Nomor ganda")


async def test_a_transfer_needs_a_target(rina: Officer, ticket: Ticket) -> None:
    answer = await rina.press("transfer", to="")
    assert answer.status_code == 422
    assert "Pilih tujuannya." in text_of(answer.text)
    answer = await rina.press("transfer", to="service:tidak-ada")
    assert answer.status_code == 404


async def test_a_referral_tells_the_new_number(db: Database, rina: Officer, ticket: Ticket) -> None:
    options = options_of((await rina.ask("refer", ticket.id)).text)
    assert options == ["service:paspor"]  # another agency's
    page = await rina.follow(await rina.press("refer", to="service:paspor", other="Untuk umrah"))
    assert "Dirujuk. Nomor baru pengunjung: P-001" in text_of(page.text)
    assert (await now_of(db, ticket)).outcome is Outcome.REFERRED


async def test_a_no_show_who_comes_after_all_queues_again(
    db: Database, hall: Mall, rina: Officer, clock: TestClock
) -> None:
    ticket = await a_ticket(db, hall)
    await rina.follow(await rina.press("call-next"))
    page = await rina.follow(await rina.press("miss"))
    assert "A-001 dicatat tidak hadir." in text_of(page.text)
    assert "A-001" in page.text.partition('id="desk-missed"')[2]
    clock.forward(minutes=20)
    page = await rina.follow(await rina.press("requeue", ticket.id, place="joined"))
    assert "A-001 masuk antrean lagi." in text_of(page.text)
    back = await now_of(db, ticket)
    assert (back.state, back.rank_at) == (State.WAITING, NINE)


async def test_a_call_by_mistake_is_taken_back(
    db: Database, hall: Mall, rina: Officer, clock: TestClock
) -> None:
    ticket = await a_ticket(db, hall)
    await rina.follow(await rina.press("call-next"))
    await rina.follow(await rina.press("recall"))
    assert "dipanggil 2 kali" in text_of((await rina.desk()).text)
    await rina.press("return")
    back = await now_of(db, ticket)
    assert (back.state, back.rank_at) == (State.WAITING, NINE)


async def test_a_chosen_ticket_is_called_out_of_turn_with_the_reason(
    db: Database, hall: Mall, rina: Officer
) -> None:
    await a_ticket(db, hall)
    chosen = await a_ticket(db, hall)
    page = await rina.follow(await rina.press("call", chosen.id, reason="Keadaan darurat"))
    assert "A-002 dipanggil." in text_of(page.text)
    assert "dipilih petugas: Keadaan darurat" in text_of(page.text)


async def test_a_waiting_number_is_cancelled(db: Database, hall: Mall, rina: Officer) -> None:
    ticket = await a_ticket(db, hall)
    await rina.press("cancel", ticket.id, reason="Nomor ganda")
    assert (await now_of(db, ticket)).state is State.CANCELLED
    assert await said_of(db, ticket) == {"reason": "Nomor ganda"}


async def test_a_ticket_of_another_counter_is_left_alone(
    client: Client, db: Database, hall: Mall, rina: Officer, ticket: Ticket
) -> None:
    budi = await an_officer(client, hall, "2", username="budi")
    answer = await budi.press("complete", ticket.id)
    assert answer.status_code == 403
    assert "Tiket ini ada di loket lain." in text_of(answer.text)
    assert (await now_of(db, ticket)).state is State.SERVING


async def test_a_counter_opens_for_some_of_its_services(
    client: Client, db: Database, hall: Mall
) -> None:
    officer = await an_officer(client, hall, "1")
    form = await officer.get(f"/desk/{officer.counter_id}/ask/open")
    assert set(re.findall(r'name="services" value="([^"]+)"', form.text)) == {"ktp-el", "kk"}
    await officer.press("open", services="kk")
    await issued(db, hall, "ktp-el")
    await issued(db, hall, "kk")
    waiting = (await officer.desk()).text.partition('id="desk-waiting"')[2]
    assert re.findall(r"desk-row__label\">([^<]+)<", waiting) == ["K-001"]


async def test_a_counter_with_somebody_in_hand_does_not_close(
    rina: Officer, ticket: Ticket
) -> None:
    assert 'value="close"' not in (await rina.desk()).text
    answer = await rina.press("close")
    assert answer.status_code == 409
    assert "Loket ini masih menangani A-001." in text_of(answer.text)
