"""Cookies, form tokens, origins; what ends a sign-in. In a browser's words, on a real server."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from factories import NINE, TestClock, a_device, a_mall, a_ticket, now_is
from litestar import Litestar
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from mpp.counters.commands import people
from mpp.counters.queries.sign_in_rows import credentials
from mpp.counters.routes.limits import PER_ADDRESS
from mpp.counters.routes.signing import local_path
from mpp.counters.rules.mall import Mall
from mpp.passwords import hash_password
from mpp.queue.rules.life import State
from mpp.security import COOKIE, Role, new_token, token_hash

PASSWORD = "kuda-laut-biru-42"


@pytest.fixture(scope="module")
def hashed() -> str:
    """The password's hash, made once: it is slow on purpose."""
    return asyncio.run(hash_password(PASSWORD))


@pytest.fixture
async def mall(app: Litestar, server: str, hashed: str) -> Mall:
    """The small mall; petugas1 of counter 1 and manajer have a password."""
    made: Mall = await a_mall(app.state.db)
    for username in ("petugas1", "manajer"):
        await app.state.db.execute(people.set_password, made.id, username, hashed)
    app.state.malls.stale()
    return made


@pytest.fixture
async def browser(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """Keeps cookies, as a browser does."""
    async with httpx.AsyncClient(base_url=server, timeout=30) as client:
        yield client


async def sign_in(browser: httpx.AsyncClient, username: str = "petugas1") -> httpx.Response:
    form = {"username": username, "password": PASSWORD}
    return await browser.post("/sign-in", data=form)


async def enter(
    app: Litestar, mall: Mall, browser: httpx.AsyncClient, username: str = "petugas1"
) -> None:
    """The same without the form: a password takes its time to check."""
    db = app.state.db
    found = await db.read(credentials, username, mall.slug)
    token = new_token("session")
    await db.execute(
        people.sign_in, mall.id, hashed=token_hash(token), now=NINE, lasts=timedelta(hours=12),
        officer_id=found.officer_id,
    )  # fmt: skip
    browser.cookies.set(COOKIE, token)


def listening(mall: Mall, browser: httpx.AsyncClient, server: str, *, origin: str) -> connect:
    """The desk's socket, as a page of this origin opens it with the browser's cookie."""
    address = f"{server.replace('http', 'ws', 1)}/live/counters/{counter(mall)}"
    cookie = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    return connect(address, additional_headers=cookie, origin=Origin(origin), proxy=None)


async def form_token(browser: httpx.AsyncClient, page: str = "/desk") -> str:
    text = (await browser.get(page, follow_redirects=True)).text
    found = re.search(r'name="_csrf" value="([0-9a-f]{64})"', text)
    assert found is not None, text[:500]
    return found[1]


def counter(mall: Mall, label: str = "1") -> int:
    return next(each.id for each in mall.counters if each.label == label)


async def test_a_person_signs_in_with_a_cookie_that_scripts_cannot_read(
    mall: Mall, browser: httpx.AsyncClient
) -> None:
    answer = await sign_in(browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert (await browser.get("/desk", follow_redirects=True)).status_code == 200


WRONG: list[dict[str, str]] = [
    {"username": "petugas1", "password": "salah"},
    {"username": "nobody", "password": PASSWORD},
    {"username": "petugas1\0", "password": PASSWORD},
    {"username": "petugas1", "password": PASSWORD, "mall": "mpp-lain"},
    {"username": "petugas1' --", "password": PASSWORD},
    {},
    {"token": "mpp_kiosk_nobody"},
]


async def test_what_is_wrong_is_not_told(mall: Mall, browser: httpx.AsyncClient) -> None:
    said = {}
    for form in WRONG:
        answer = await browser.post("/sign-in", data=form)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (422, False), form
        found = re.search(
            r"Token perangkat tidak dikenal|Nama pengguna atau kata sandi salah", answer.text
        )
        said[str(form)] = found[0] if found else answer.text
    *people_told, device_told = said.values()
    assert set(people_told) == {"Nama pengguna atau kata sandi salah"}
    assert device_told == "Token perangkat tidak dikenal"


async def test_guessing_passwords_is_slowed_down(mall: Mall, browser: httpx.AsyncClient) -> None:
    padded = [f"{' ' * n}petugas1{' ' * (n % 3)}" for n in range(14)]  # one account all the same
    guesses = [
        browser.post("/sign-in", data={"username": name, "password": "salah"}) for name in padded
    ]
    answers = await asyncio.gather(*guesses)
    assert sorted(each.status_code for each in answers) == [422] * 10 + [429] * 4
    slowed = [each for each in answers if each.status_code == 429]
    assert all(1 <= int(each.headers["Retry-After"]) <= 60 for each in slowed)


async def test_guessing_with_ever_new_names_is_slowed_down_too(
    mall: Mall, browser: httpx.AsyncClient
) -> None:
    statuses: list[int] = []
    began = time.monotonic()
    while 429 not in statuses and len(statuses) < 10 * PER_ADDRESS:
        form = {"username": f"petugas{len(statuses)}", "token": "mpp_kiosk_nobody"}
        statuses.append((await browser.post("/sign-in", data=form)).status_code)
    earned = (time.monotonic() - began) * PER_ADDRESS / 60  # further tries while these were made
    assert statuses == [422] * (len(statuses) - 1) + [429]
    assert PER_ADDRESS < len(statuses) <= PER_ADDRESS + 1 + earned


@pytest.mark.parametrize("query", ["?device=true", "?to=/kiosk", "?device=true&to=/display"])
async def test_a_screens_token_is_asked_for_in_the_open(
    mall: Mall, browser: httpx.AsyncClient, query: str
) -> None:
    page = (await browser.get(f"/sign-in{query}")).text
    assert 'name="token"' in page
    assert "<details" not in page.partition('name="token"')[0].partition("<main")[2]
    assert page.index('name="token"') < page.index('name="password"')
    assert "<details" in (await browser.get("/sign-in")).text


async def test_a_sign_in_leads_only_to_pages_of_ours() -> None:
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb"):
        assert local_path(target) == "", target
    assert local_path("/desk/12?a=b") == "/desk/12?a=b"


async def test_a_change_needs_the_form_token_of_this_very_sign_in(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient, server: str
) -> None:
    await enter(app, mall, browser)
    own = await form_token(browser)
    async with httpx.AsyncClient(base_url=server, timeout=30) as other:
        await enter(app, mall, other, "manajer")
        foreign = await form_token(other)
    path = f"/api/v1/counters/{counter(mall)}/open"
    for token in ("", "0" * 64, foreign, own[:-1], "ünï"):
        answer = await browser.post(path, headers=[(b"X-CSRF-Token", token.encode())])
        assert answer.status_code == 403, token
    assert (await browser.post(path)).status_code == 403
    assert (await browser.post(path, headers={"X-CSRF-Token": own})).status_code == 200


async def test_another_site_cannot_make_a_browser_act(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient
) -> None:
    await enter(app, mall, browser)
    own = {"X-CSRF-Token": await form_token(browser)}
    path = f"/api/v1/counters/{counter(mall)}/open"
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": str(browser.base_url).rstrip("/").replace("http:", "https:")},
        {"Origin": str(browser.base_url).rstrip("/").replace("http:", "")},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert (await browser.post(path, headers=own | headers)).status_code == 403, headers
    assert (await browser.post(path, headers=own)).status_code == 200


async def test_another_site_cannot_listen_through_a_browser(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient, server: str
) -> None:
    await enter(app, mall, browser)
    async with listening(mall, browser, server, origin=server) as socket:
        assert '"type":"desk"' in str(await socket.recv())
    with pytest.raises(InvalidStatus):
        async with listening(mall, browser, server, origin="https://evil.example"):
            pass


async def test_a_browsers_link_changes_nothing(mall: Mall, app: Litestar, browser) -> None:
    """GET on an address that acts is refused, not done."""
    ticket = await a_ticket(app.state.db, mall)
    await enter(app, mall, browser, "manajer")
    for path in (f"/api/v1/tickets/{ticket.id}/cancel", "/sign-out"):
        assert (await browser.get(path)).status_code == 405
    assert (await now_is(app.state.db, ticket)).state is State.WAITING


async def test_signing_out_ends_it_everywhere_at_once(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient, server: str
) -> None:
    await enter(app, mall, browser)
    stolen = browser.cookies[COOKIE]
    token = await form_token(browser)
    await browser.post("/sign-out", data={"_csrf": token})
    async with httpx.AsyncClient(base_url=server, cookies={COOKIE: stolen}) as thief:
        answer = await thief.get("/desk", headers={"Accept": "application/json"})
    assert answer.status_code == 401


async def test_a_new_password_ends_every_sign_in(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient
) -> None:
    await enter(app, mall, browser)
    await app.state.db.execute(people.set_password, mall.id, "petugas1", "another hash")
    app.state.security.forget(token_hash(browser.cookies[COOKIE]))
    answer = await browser.get("/desk", headers={"Accept": "application/json"})
    assert answer.status_code == 401


async def test_a_sign_in_ends_with_the_shift(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient, clock: TestClock
) -> None:
    await enter(app, mall, browser)
    json = {"Accept": "application/json"}
    for hours, status in ((11.9, 303), (0.2, 401)):
        clock.forward(hours=hours)
        app.state.security.forget(token_hash(browser.cookies[COOKIE]))
        assert (await browser.get("/desk", headers=json)).status_code == status


async def test_a_revoked_device_is_refused(mall: Mall, app: Litestar, server: str) -> None:
    db = app.state.db
    token = await a_device(db, mall, Role.KIOSK, unrestricted=True)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
    async with httpx.AsyncClient(base_url=server, headers=headers) as kiosk:
        path = f"/api/v1/malls/{mall.slug}/tickets"
        assert (await kiosk.post(path, json={"service": "ktp-el"})).status_code == 201
        await db.execute(people.revoke_device, mall.id, "kiosk", now=NINE)
        app.state.security.forget(token_hash(token))
        assert (await kiosk.post(path, json={"service": "ktp-el"})).status_code == 401


async def test_the_database_knows_no_token_and_no_password(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient
) -> None:
    await enter(app, mall, browser)
    kiosk = await a_device(app.state.db, mall, Role.KIOSK)
    stored = await app.state.db.read(lambda tx: "\n".join(tx.raw.iterdump()))
    assert token_hash(kiosk) in stored
    assert "$argon2id$" in stored
    for secret in (kiosk, PASSWORD, browser.cookies[COOKIE]):
        assert secret not in stored


async def test_every_page_has_the_strict_headers(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient
) -> None:
    await enter(app, mall, browser)
    pages = ("/", "/sign-in", "/desk", "/display?zone=a", "/-/patterns", "/nowhere", "/v/nobody")
    for path in pages:
        answer = await browser.get(path, follow_redirects=True, headers={"Accept": "text/html"})
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy, path
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}


async def test_whoever_is_shut_out_sees_nothing_more_on_an_open_screen(
    mall: Mall, app: Litestar, browser: httpx.AsyncClient, server: str
) -> None:
    """A socket is guarded when it is opened; it ends within seconds of the sign-in that opened it."""
    await enter(app, mall, browser)
    async with listening(mall, browser, server, origin=server) as socket:
        assert '"type":"desk"' in str(await socket.recv())
        await app.state.db.execute(people.disable_officer, mall.id, "petugas1")
        async with asyncio.timeout(20):  # two seconds, where the machine is not busy
            await socket.wait_closed()
    with pytest.raises(InvalidStatus):
        async with listening(mall, browser, server, origin=server):
            pass
