"""Signing in and out, over one another too, and the front page."""

import re
from typing import Any

import pytest
from factories import SMALL_MALL, TestClock, a_device, a_mall, mall_file
from litestar import Litestar
from litestar.testing import AsyncTestClient
from screens import PASSWORD, Person, a_hall, text_of

from mpp.app import create_app
from mpp.config import Settings
from mpp.counters.commands import people
from mpp.counters.pages import SignInHint
from mpp.counters.routes.signing import local_path
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.live.hub import Hub
from mpp.passwords import hash_password
from mpp.security import COOKIE, DEVICE_COOKIE, Role

Client = AsyncTestClient[Litestar]


@pytest.fixture
async def hall(app: Litestar, client: Client) -> Mall:
    mall: Mall = await a_hall(app)
    await give_passwords(app, mall)
    return mall


async def give_passwords(app: Litestar, mall: Mall) -> None:
    hashed = await hash_password(PASSWORD)
    db: Database = app.state.db
    for username in ("petugas1", "manajer"):
        await db.execute(people.set_password, mall.id, username, hashed)


@pytest.fixture
def person(client: Client) -> Person:
    return Person(client)


# -- people --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "home"),
    [("petugas1", "/desk"), ("manajer", "/overview"), (" manajer ", "/overview")],
)
async def test_people_come_to_their_own_page(
    hall: Mall, person: Person, username: str, home: str
) -> None:
    answer = await person.sign_in(username)
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert await person.name() == username.strip()


async def test_people_come_to_the_page_that_they_wanted(hall: Mall, person: Person) -> None:
    form = await person.follow(await person.get("/desk"))
    target = re.findall(r'name="target" value="([^"]*)"', form.text)[0]
    answer = await person.sign_in("petugas1", target=target)
    assert answer.headers["location"] == "/desk"


@pytest.mark.parametrize(
    ("username", "password"), [("petugas1", "bukan-ini"), ("nobody", PASSWORD)]
)
async def test_a_wrong_name_and_a_wrong_password_read_the_same(
    hall: Mall, person: Person, username: str, password: str
) -> None:
    answer = await person.sign_in(username, password, target="/desk")
    assert answer.status_code == 422
    assert "Nama pengguna atau kata sandi salah." in text_of(answer.text)
    assert f'value="{username}"' in answer.text
    assert 'name="target" value="/desk"' in answer.text
    assert password not in answer.text
    assert await person.name() is None


async def test_guessing_is_slowed_down(hall: Mall, person: Person) -> None:
    answer = await person.sign_in("petugas1", "salah")
    for _ in range(40):  # ten at once, and one more every six seconds
        if answer.status_code != 429:
            answer = await person.sign_in("petugas1", "salah")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_another_site_signs_nobody_in(hall: Mall, client: Client) -> None:
    answer = await client.post(
        "/sign-in",
        data={"username": "petugas1", "password": PASSWORD},
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/desk/7?x=1", "/desk/7?x=1"),
        ("//elsewhere.example", ""),
        ("https://elsewhere.example", ""),
        ("/\\elsewhere.example", ""),
        ("/a\nb", ""),
        ("", ""),
    ],
)
def test_only_our_own_pages_follow(target: str, kept: str) -> None:
    assert local_path(target) == kept


# -- over one another ----------------------------------------------------------------------------


async def test_somebody_else_takes_over_from_a_page_opened_before(
    hall: Mall, person: Person, client: Client
) -> None:
    await person.sign_in("petugas1")
    first = client.cookies[COOKIE]
    person.csrf = "of a page that was opened long ago"
    assert (await person.sign_in("manajer")).status_code == 303
    assert await person.name() == "manajer"
    client.cookies.set(COOKIE, first)
    assert await person.name() is None  # the earlier sign-in has ended


async def test_a_failed_attempt_leaves_whoever_is_there(hall: Mall, person: Person) -> None:
    await person.sign_in("petugas1")
    await person.sign_in("manajer", "salah")
    assert await person.name() == "petugas1"


async def test_signing_out_ends_it(hall: Mall, person: Person, client: Client) -> None:
    await person.sign_in("petugas1")
    session = client.cookies[COOKIE]
    await person.get("/")
    assert (await person.post("/sign-out", {})).status_code == 303
    client.cookies.set(COOKIE, session)
    assert await person.name() is None


async def test_another_site_signs_nobody_out(hall: Mall, person: Person) -> None:
    await person.sign_in("petugas1")
    person.csrf = ""
    assert (await person.post("/sign-out", {})).status_code == 403
    assert await person.name() == "petugas1"


# -- devices -------------------------------------------------------------------------------------


async def test_a_device_is_installed_by_its_token(
    app: Litestar, hall: Mall, person: Person, client: Client
) -> None:
    token = await a_device(app.state.db, hall, Role.KIOSK)
    answer = await person.install(f" {token} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/kiosk")
    assert DEVICE_COOKIE in client.cookies
    assert (await person.get("/kiosk")).status_code == 200


async def test_an_unknown_token_is_told(hall: Mall, person: Person) -> None:
    answer = await person.install("mpp_kiosk_guess", target="/kiosk")
    assert answer.status_code == 422
    assert "Token perangkat tidak dikenal." in text_of(answer.text)


async def test_one_browser_is_a_kiosk_and_an_officer_at_once(
    app: Litestar, hall: Mall, person: Person
) -> None:
    token = await a_device(app.state.db, hall, Role.KIOSK, unrestricted=True)
    await person.install(token)
    kiosk = await person.get("/kiosk/service/ktp-el")
    kiosk_form = person.csrf
    await person.sign_in("petugas1")
    desk = await person.follow(await person.get("/desk"))
    assert kiosk.status_code == desk.status_code == 200
    assert kiosk_form != person.csrf
    opened = await person.post(str(desk.url.path) + "/act", {"action": "open"})
    assert opened.status_code == 303
    person.csrf = kiosk_form  # back to the kiosk's tab
    assert (await person.post(str(desk.url.path) + "/act", {"action": "close"})).status_code == 403
    assert (await person.get("/kiosk")).status_code == 200
    assert await person.name() == "petugas1"


# -- several malls -------------------------------------------------------------------------------


async def test_with_several_malls_people_say_where_they_work(
    app: Litestar, hall: Mall, person: Person
) -> None:
    text = SMALL_MALL.replace("Mal Pelayanan Publik Uji", "Mal Kedua")
    second = await a_mall(app.state.db, mall_file(text, slug="mpp-dua"))
    await give_passwords(app, second)
    app.state.malls.stale()
    form = await person.get("/sign-in?mall=mpp-dua")
    assert '<option value="mpp-dua" selected>Mal Kedua</option>' in form.text
    assert (await person.sign_in("petugas1")).status_code == 422  # two have that name
    assert (await person.sign_in("petugas1", mall="mpp-dua")).status_code == 303
    desk = await person.follow(await person.get("/desk"))
    assert "Mal Kedua" in desk.text


# -- the front page ------------------------------------------------------------------------------


async def test_the_front_page_leads_everywhere(
    hall: Mall, person: Person, clock: TestClock
) -> None:
    page = (await person.get("/")).text
    for href in ("/kiosk", "/display?mall=mpp-uji&amp;zone=a", "/desk", "/overview", "/api/docs"):
        assert f'href="{href}"' in page
    assert "Sekarang buka · hari ini 08.00–15.00" in text_of(page)
    assert "Masuk ke demo" not in page
    clock.forward(hours=8)
    said = text_of((await person.get("/")).text)
    assert "Sekarang tutup · hari ini 08.00–15.00 · buka lagi 24 Nov 2026 08.00" in said


async def test_before_anything_is_loaded_the_front_page_says_how(person: Person) -> None:
    assert "mpp load" in text_of((await person.get("/")).text)


async def test_the_demos_ways_in_are_one_click(
    settings: Settings, clock: TestClock, hub: Hub
) -> None:
    hints = [
        SignInHint("Petugas", "Loket 1", "/desk/1", "petugas1", PASSWORD),
        SignInHint("Pimpinan", "Manajer", "/overview", "manajer", PASSWORD),
    ]
    app = create_app(settings, clock=clock, hub=hub, hints=hints)
    async with AsyncTestClient(app, base_url="http://testserver.local") as client:
        await give_passwords(app, await a_hall(app))
        person = Person(client)
        page = (await person.get("/")).text
        assert text_of(page).count(PASSWORD) == len(hints)  # printed, so that it can be typed
        fields: list[dict[str, Any]] = [
            dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
            for form in re.findall(r'<form[^>]*action="/sign-in">(.*?)</form>', page, re.DOTALL)
        ]
        assert {each["target"] for each in fields} == {"/desk/1", "/overview"}
        for each in fields:
            answer = await person.post("/sign-in", each)
            assert (answer.status_code, answer.headers["location"]) == (303, each["target"])
