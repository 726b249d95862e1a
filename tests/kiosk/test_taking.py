"""Taking a number at the kiosk: exactly one, whatever happens to the request."""

import asyncio
from datetime import timedelta
from typing import Any

from factories import NINE, a_desk, a_device

from mpp.db.seam import Transaction
from mpp.queue.queries import line_rows, ticket_rows, visit_rows
from mpp.queue.rules.life import Channel, Priority
from mpp.queue.rules.ticket import Ticket
from mpp.security import Role

SUNDAY = NINE - timedelta(days=1)


async def tickets(kiosk: Any) -> list[Ticket]:
    def all_of_today(tx: Transaction) -> list[Ticket]:
        services = [service.id for service in kiosk.mall.services]
        return line_rows.waiting_for(tx, kiosk.mall.id, services, kiosk.mall.day(NINE), 100)

    found: list[Ticket] = await kiosk.db.read(all_of_today)
    return found


async def test_a_visitor_takes_a_number(kiosk: Any) -> None:
    form = await kiosk.form()
    answer = await kiosk.send(form)
    assert answer.status_code == 303
    (ticket,) = await tickets(kiosk)
    assert kiosk.ticket_id(answer) == ticket.id
    assert (ticket.label, ticket.channel) == ("A-001", Channel.KIOSK)
    page = await kiosk.see(answer.headers["location"])
    assert "A-001" in page
    assert "Perekaman KTP-el" in page
    assert "Zona A" in page
    assert "Dipanggil ke loket 1 atau 2" in page


async def test_the_same_form_sent_twice_gives_one_ticket(kiosk: Any) -> None:
    form = await kiosk.form()
    one, other = await asyncio.gather(kiosk.send(form), kiosk.send(form))
    assert one.headers["location"] == other.headers["location"]
    assert len(await tickets(kiosk)) == 1


async def test_a_form_whose_reply_was_lost_gives_its_ticket_hours_later(kiosk: Any) -> None:
    form = await kiosk.form()
    first = await kiosk.send(form)
    kiosk.clock.forward(hours=3)
    assert (await kiosk.send(form)).headers["location"] == first.headers["location"]


async def test_another_choice_on_a_form_that_was_answered_shows_its_ticket(kiosk: Any) -> None:
    form = await kiosk.form()
    first = await kiosk.send(form)
    again = await kiosk.send(form | {"priority": "elderly"})
    assert kiosk.ticket_id(again) == kiosk.ticket_id(first)
    assert [ticket.priority for ticket in await tickets(kiosk)] == [Priority.REGULAR]
    page = await kiosk.see(again.headers["location"])
    assert "Nomor ini diambil dengan pilihan “Umum”" in page
    assert "Ganti menjadi “Lansia”" in page
    assert "Ganti menjadi" not in await kiosk.see(first.headers["location"])


async def test_the_choice_of_a_form_that_came_again_can_be_made_on_its_ticket(kiosk: Any) -> None:
    form = await kiosk.form()
    first = await kiosk.send(form)
    change = {"_csrf": form["_csrf"], "priority": "elderly"}
    there = f"/kiosk/ticket/{kiosk.ticket_id(first)}/priority"
    answers = [await kiosk.post(there, change) for _ in range(2)]
    (ticket,) = await tickets(kiosk)
    assert [kiosk.ticket_id(answer) for answer in answers] == [ticket.id] * 2
    assert (ticket.priority, ticket.label) == (Priority.ELDERLY, "A-002")
    assert "sudah dibatalkan" in await kiosk.see(first.headers["location"])


async def test_a_number_taken_by_mistake_is_cancelled_where_it_is_shown(kiosk: Any) -> None:
    form = await kiosk.form()
    taken = await kiosk.send(form)
    assert "Batalkan nomor A-001" in await kiosk.see(taken.headers["location"])
    there = f"/kiosk/ticket/{kiosk.ticket_id(taken)}/cancel"
    answers = [await kiosk.post(there, {"_csrf": form["_csrf"]}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    page = await kiosk.see(answers[-1].headers["location"])
    assert "Nomor A-001 sudah dibatalkan" in page
    assert "Cetak struk" not in page
    assert await tickets(kiosk) == []


async def test_another_kiosks_number_can_be_neither_cancelled_nor_changed(kiosk: Any) -> None:
    own = await kiosk.take()
    kiosk.token = await a_device(kiosk.db, kiosk.mall, Role.KIOSK)
    await kiosk.sign_in()
    fields = {"_csrf": (await kiosk.form())["_csrf"], "priority": "elderly"}
    for what in ("cancel", "priority"):
        assert (await kiosk.post(f"/kiosk/ticket/{own}/{what}", fields)).status_code == 404
    assert [ticket.priority for ticket in await tickets(kiosk)] == [Priority.REGULAR]


async def test_a_slip_is_spoken_of_only_where_it_is_printed(kiosk: Any) -> None:
    ticket_id = await kiosk.take()
    for path in ("/kiosk/service/ktp-el", f"/kiosk/ticket/{ticket_id}"):
        plain, printing = await kiosk.see(path), await kiosk.see(f"{path}?print=80")
        assert "struk" not in plain.lower()
        assert "Cetak" not in plain
        assert "struk" in printing.lower()


async def test_a_slip_is_declined_where_the_service_is_confirmed(kiosk: Any) -> None:
    form = await kiosk.form(query="?print=80")
    answer = await kiosk.send(form | {"slip": "none"}, query="?print=80")
    there = answer.headers["location"]
    assert "data-auto" not in (await kiosk.get(there)).text
    page = await kiosk.see(there)
    assert "Ambil struk" not in page
    assert "Cetak struk" in page
    changed = {"_csrf": form["_csrf"], "priority": "elderly", "slip": "none"}
    own = kiosk.ticket_id(answer)
    answer = await kiosk.post(f"/kiosk/ticket/{own}/priority?print=80", changed)
    assert "data-auto" not in (await kiosk.get(answer.headers["location"])).text


async def test_requirements_that_nobody_wrote_down_are_said_to_be_unknown(kiosk: Any) -> None:
    assert "Belum diisi" in await kiosk.see("/kiosk/service/kk")
    page = (await kiosk.get("/kiosk/service/ktp-el")).text
    assert "check-circle" not in page.partition('"kiosk-needs"')[2].partition("</ul>")[0]


async def test_every_form_shown_has_a_key_of_its_own(kiosk: Any) -> None:
    assert await kiosk.take() != await kiosk.take()
    assert [ticket.label for ticket in await tickets(kiosk)] == ["A-001", "A-002"]


async def test_priority_is_what_the_visitor_says(kiosk: Any) -> None:
    for priority in Priority:
        taken = await kiosk.take(priority=priority)
        ticket = await kiosk.db.read(ticket_rows.ticket, kiosk.mall.id, taken)
        assert ticket.priority is priority
        page = await kiosk.see(f"/kiosk/ticket/{taken}")
        assert ("Antrean prioritas" in page) == (priority is not Priority.REGULAR)


async def test_the_visitors_language_goes_with_the_visit(kiosk: Any) -> None:
    taken = await kiosk.take(query="?lang=en")
    ticket = await kiosk.db.read(ticket_rows.ticket, kiosk.mall.id, taken)
    token = (
        await kiosk.db.read(visit_rows.visit_tokens, kiosk.mall.id, [ticket.visit_id])
    ).popitem()
    assert (await kiosk.db.read(visit_rows.visit, token[1])).locale == "en"


# -- another service for the same visit ----------------------------------------------------------


async def test_another_service_joins_the_same_visit(kiosk: Any) -> None:
    first = await kiosk.take()
    start = await kiosk.see(f"/kiosk?add={first}")
    assert "Menambah layanan untuk kunjungan A-001" in start
    second = await kiosk.take("paspor", f"?add={first}")
    one, other = await tickets(kiosk)
    assert (one.id, other.id) == (first, second)
    assert one.visit_id == other.visit_id


async def test_yesterdays_visit_is_not_joined(kiosk: Any) -> None:
    first = await kiosk.take()
    kiosk.clock.forward(days=1)
    assert "Menambah" not in await kiosk.see(f"/kiosk?add={first}")
    second = await kiosk.take("ktp-el", f"?add={first}")
    one = await kiosk.db.read(ticket_rows.ticket, kiosk.mall.id, first)
    other = await kiosk.db.read(ticket_rows.ticket, kiosk.mall.id, second)
    assert one.visit_id != other.visit_id


async def test_what_cannot_be_a_ticket_is_not_added_to(kiosk: Any) -> None:
    for add in ["x", "-1", "9" * 40, "1e3", "%00", "٣"]:
        assert "Menambah" not in await kiosk.see(f"/kiosk?add={add}")


# -- refused -------------------------------------------------------------------------------------


async def test_a_closed_mall_says_when_it_opens(kiosk: Any) -> None:
    form = await kiosk.form()
    kiosk.clock.now = SUNDAY
    answer = await kiosk.send(form)
    assert answer.status_code == 409
    page = kiosk.read(answer)
    assert "Mal dibuka Senin, 23 November 2026 pukul 08.00." in page
    assert "Fotokopi KK" in page
    assert "Ambil nomor" not in page
    assert await tickets(kiosk) == []


async def test_a_quota_that_is_used_up_says_so(kiosk: Any) -> None:
    forms = [await kiosk.form("kk") for _ in range(4)]
    assert [(await kiosk.send(form, "kk")).status_code for form in forms] == [303, 303, 303, 409]
    page = await kiosk.see("/kiosk/service/kk")
    assert "Nomor untuk layanan ini hari ini sudah habis" in page
    assert "Sehari diberikan paling banyak 3 nomor." in page
    assert "Nomor diberikan lagi Selasa, 24 November 2026 mulai pukul 08.00." in page


async def test_an_unrestricted_kiosk_gives_numbers_on_a_sunday(unrestricted_kiosk: Any) -> None:
    unrestricted_kiosk.clock.now = SUNDAY
    assert "dibuka" not in await unrestricted_kiosk.see("/kiosk")
    for _ in range(4):
        await unrestricted_kiosk.take("kk")


async def test_what_the_form_never_says_is_refused(kiosk: Any) -> None:
    form = await kiosk.form()
    for changes in (
        {"priority": "vip"},
        {"priority": ""},
        {"key": ""},
        {"key": "short"},
        {"key": "x" * 500},
        {"key": "ha\x00ha" * 5},
        {"key": "<script>alert(1)</script>"},
    ):
        answer = await kiosk.send(form | changes)
        assert answer.status_code == 400, changes
        assert "Pilihan itu tidak terbaca" in kiosk.read(answer)
    assert await tickets(kiosk) == []


async def test_a_form_of_another_page_is_refused(kiosk: Any) -> None:
    answer = await kiosk.send(await kiosk.form() | {"_csrf": "0" * 64})
    assert answer.status_code == 403
    assert "Mulailah dari awal" in kiosk.read(answer)
    assert await tickets(kiosk) == []


# -- only its own --------------------------------------------------------------------------------


async def test_a_kiosk_shows_only_the_tickets_it_issued(kiosk: Any) -> None:
    mine = await kiosk.take()
    other = await a_device(kiosk.db, kiosk.mall, Role.KIOSK)
    for address in (f"/kiosk/ticket/{mine}", f"/kiosk/slip/{mine}", f"/kiosk?add={mine}"):
        answer = await kiosk.get(address, authorization=f"Bearer {other}")
        assert answer.status_code == 404, address
        assert "A-001" not in answer.text


async def test_no_such_ticket(kiosk: Any) -> None:
    for given in ("0", "x", "1" * 16, "1" * 17, "9" * 30, "-1", "1.0", "%F0%9F"):
        for what in ("ticket", "slip"):
            page = await kiosk.see(f"/kiosk/{what}/{given}", 404)
            assert "Yang Anda cari tidak ada di sini" in page


async def test_a_called_ticket_says_where_to_go(kiosk: Any) -> None:
    desk = await a_desk(kiosk.db, kiosk.mall, "2", kiosk.clock)
    taken = await kiosk.take()
    assert await desk.call() is not None
    page = await kiosk.see(f"/kiosk/ticket/{taken}")
    assert "Giliran Anda: silakan menuju Loket 2" in page
    assert "Di depan Anda" not in page


# -- the slip ------------------------------------------------------------------------------------


async def test_the_slip_says_the_same_as_the_screen_and_no_more(kiosk: Any) -> None:
    await kiosk.take()
    taken = await kiosk.take(priority="disability")
    slip = await kiosk.see(f"/kiosk/slip/{taken}")
    assert slip.startswith(
        "Mal Pelayanan Publik Uji 23 Nov 2026 09.00 Nomor antrean Anda A-002 Antrean prioritas "
        "Perekaman KTP-el Dinas Kependudukan dan Pencatatan Sipil"
    )
    assert "disabilitas" not in slip.lower()
    assert "Loket 1 atau 2" in slip


async def test_the_slip_fits_the_paper_that_is_asked_for(kiosk: Any) -> None:
    taken = await kiosk.take()
    for width in ("80", "58"):
        answer = await kiosk.get(f"/kiosk/slip/{taken}?width={width}")
        assert f'class="paper paper--{width}"' in answer.text
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


async def test_there_is_no_other_paper(kiosk: Any) -> None:
    taken = await kiosk.take()
    await kiosk.see(f"/kiosk/slip/{taken}?width=210", 400)


async def test_a_slip_printed_again_says_the_same_number(kiosk: Any) -> None:
    taken = await kiosk.take()
    kiosk.clock.forward(minutes=20)
    assert "A-001" in await kiosk.see(f"/kiosk/slip/{taken}")
    assert len(await tickets(kiosk)) == 1


async def test_only_a_kiosk_with_a_printer_prints_by_itself(kiosk: Any) -> None:
    taken = await kiosk.take()
    for query, prints, width in (
        ("", False, "80"),
        ("?print=58", True, "58"),
        ("?print=80", True, "80"),
        ("?print=x", False, "80"),
    ):
        page = (await kiosk.get(f"/kiosk/ticket/{taken}{query}")).text
        assert ("data-auto" in page) == prints
        assert (f"width={width}" in page) == prints
