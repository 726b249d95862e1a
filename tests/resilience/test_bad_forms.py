"""Pages and forms: whatever is typed into an address or a form, no fault, and nothing stored."""

from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

import httpx
import pytest
from litestar import Litestar
from worlds import World, a_world

from mpp.db.seam import Database
from tests.resilience.sweep import NO_ID, TELLTALE, rows
from tests.resilience.wire import Wire

HOSTILE = ["", "\0", "a\0b", "\x1b[2J", "\u202e", "💥", "' OR 1=1 --", "<script>alert(1)</script>",
           "{{7*7}}", "%(label)s", "../../etc/passwd", "x" * 5000, "-1", "9" * 400, "\r\nX: y"]  # fmt: skip


@pytest.fixture
async def world(app: Litestar, http: httpx.AsyncClient) -> World:
    return await a_world(app, http)


def faults(answer: httpx.Response, hostile: str, *, may_pass: bool = False) -> Iterator[str]:
    allowed = range(200, 500) if may_pass else range(400, 500)
    said = f"{answer.request.method} {str(answer.request.url)[:110]} {hostile[:30]!r}"
    if answer.status_code not in allowed:
        yield f"{said}: {answer.status_code}"
    if TELLTALE.search(answer.text):
        yield f"{said}: shows its insides"
    if "<script>alert" in answer.text and "html" in answer.headers["Content-Type"]:
        yield f"{said}: runs what was typed"
    if "X" in answer.headers:
        yield f"{said}: writes headers as it was told"


async def test_addresses_of_pages(world: World, http: httpx.AsyncClient, live_db: Database) -> None:
    before = await live_db.read(rows)
    wrong: list[str] = []
    addresses = [
        ("kiosk", "/kiosk/agency/{}"), ("kiosk", "/kiosk/service/{}"), ("kiosk", "/kiosk/ticket/{}"),
        ("kiosk", "/kiosk/slip/{}"), ("nobody", "/v/{}"), ("nobody", "/v/{}/now"), ("nobody", "/nothing/{}"),
        ("manager", "/desk/{}"), ("manager", "/desk/{}/now"), ("nobody", "/static/{}"),
        ("manager", f"/desk/{world.counter_id}/ask/{{}}"),
    ]  # fmt: skip
    for (who, address), text in product(addresses, HOSTILE):
        for accept in ("text/html", "application/json"):
            headers = world.headers(who) | {"Accept": accept}
            answer = await http.get(address.format(quote(text, safe="")), headers=headers)
            is_list = text in {
                "",
                "../../etc/passwd",
            }  # the address without its last part is a page
            wrong += faults(answer, text, may_pass=is_list)
    assert not wrong, "\n".join(wrong)
    assert await live_db.read(rows) == before


async def test_queries_of_pages(world: World, http: httpx.AsyncClient, live_db: Database) -> None:
    before = await live_db.read(rows)
    wrong: list[str] = []
    queries = [
        ("nobody", "/?lang={}"), ("nobody", "/sign-in?to={}"), ("nobody", "/sign-in?mall={}"),
        ("nobody", "/display?mall={}"), ("nobody", "/display?zone={}"), ("display", "/display?zone={}"),
        ("kiosk", "/kiosk/search?q={}"), ("kiosk", "/kiosk?lang={}"), ("kiosk", "/kiosk?print={}"),
        ("kiosk", "/kiosk?add={}"), ("kiosk", f"/kiosk/slip/{world.ticket_id}?width={{}}"),
        ("manager", "/overview?lang={}"), ("manager", "/overview/day?date={}"),
        ("manager", "/overview/day?by={}"), ("manager", f"/desk/{world.counter_id}?done={{}}"),
        ("manager", f"/desk/{world.counter_id}?done=call&ticket={{}}"),
        ("manager", f"/desk/{world.counter_id}/ask/transfer?ticket={{}}"),
        ("nobody", f"/v/{world.visit_token}?lang={{}}"),
        ("nobody", f"/v/{world.visit_token}/cancel?ticket={{}}"),
    ]  # fmt: skip
    for (who, query), text in product(queries, HOSTILE):
        headers = world.headers(who) | {"Accept": "text/html"}
        answer = await http.get(query.format(quote(text, safe="")), headers=headers)
        wrong += faults(answer, text, may_pass=True)
    assert not wrong, "\n".join(wrong)
    assert await live_db.read(rows) == before


async def test_forms(world: World, http: httpx.AsyncClient, live_db: Database) -> None:
    before = await live_db.read(rows)
    wrong: list[str] = []
    desk = f"/desk/{world.counter_id}/act"
    forms = [
        ("kiosk", "/kiosk/service/ktp-el", {"key": "k" * 20}, "priority"),
        ("kiosk", "/kiosk/service/ktp-el", {"priority": "regular"}, "key"),
        ("manager", desk, {"action": "start"}, "ticket"),
        ("manager", desk, {"ticket": str(world.ticket_id)}, "action"),
        ("manager", desk, {"ticket": str(world.ticket_id), "action": "transfer"}, "target"),
        ("manager", desk, {"ticket": str(world.ticket_id), "action": "park", "reason": "r"}, "minutes"),
        ("manager", desk, {"action": "pause"}, "reason"),
        ("nobody", f"/v/{world.visit_token}/cancel", {}, "ticket"),
        ("nobody", "/sign-in", {"username": "a"}, "mall"),
        ("nobody", "/sign-in", {}, "token"),
    ]  # fmt: skip
    tried = HOSTILE[1:]  # an empty field of a form is no field, and may be right
    for (who, address, good, field), text in product(forms, tried):
        if field == "reason" and text.isprintable() and len(text) <= 200:
            continue  # that is what somebody may well write
        for accept in ("text/html", "application/json"):
            headers = world.headers(who) | {"Accept": accept}
            answer = await http.post(address, data={**good, field: text}, headers=headers)
            wrong += faults(answer, text)
    for text in NO_ID:
        answer = await http.post(
            f"/v/{world.visit_token}/cancel", data={"ticket": text}, headers={"Accept": "text/html"}
        )
        wrong += faults(answer, text)
    assert not wrong, "\n".join(wrong)
    assert await live_db.read(rows) == before


async def test_forms_that_are_none(
    world: World, http: httpx.AsyncClient, live_db: Database
) -> None:
    before = await live_db.read(rows)
    wrong: list[str] = []
    addresses = [
        ("kiosk", "/kiosk/service/ktp-el"), ("manager", f"/desk/{world.counter_id}/act"),
        ("nobody", f"/v/{world.visit_token}/cancel"), ("nobody", "/sign-in"),
    ]  # fmt: skip
    bodies = [
        b"",
        b"%",
        b"%ff%fe",
        b"\xff\xfe",
        b"a" * 70_000,
        b"&&&===&",
        b"{}",
        b"a=1&" * 10_000,
        b"\0" * 50,
    ]
    kinds = ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x",
             "multipart/form-data", "text/plain", "nonsense"]  # fmt: skip
    for (who, address), body, kind in product(addresses, bodies, kinds):
        headers = world.headers(who) | {"Content-Type": kind}
        answer = await http.post(address, content=body, headers=headers)
        wrong += faults(answer, f"{kind} {body[:20]!r}", may_pass=False)
    assert not wrong, "\n".join(wrong)
    assert await live_db.read(rows) == before


async def test_pages_under_a_host_name_that_is_none(world: World, wire: Wire) -> None:
    for host, path in product(
        ("[", "", "a b", "x:99999999", "a\tb"), ("/", "/kiosk", "/sign-in", "/nothing")
    ):
        raw = wire.request(
            "GET", path, None, {"Host": host, "Accept": "text/html", **world.headers("kiosk")}
        )
        answer = await wire.ask(raw)
        assert answer.status < 500, (host, path)
