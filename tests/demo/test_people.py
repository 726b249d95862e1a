"""The demo's people: as many as the mall can serve, patient with a server that is not."""

import asyncio
import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from factories import a_mall, mall_file

from mpp.counters.rules.file import DemoServicePart
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.demo import tokens
from mpp.demo.api import Api, Pace, Person
from mpp.demo.crowd import Crowd
from mpp.demo.officers import Officer
from mpp.demo.visitors import Visitors, arrivals_an_hour, by_hour

SHARES = {"ktp-el": (50.0, 6.0), "kk": (30.0, 10.0), "paspor": (20.0, 12.0)}


def lively_file():
    file = mall_file()
    for slug, (share, minutes) in SHARES.items():
        file.demo.service[slug] = DemoServicePart(share=share, minutes=minutes)
    return file


class Mock:
    """A server that answers what it is told, and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self._until: tuple[int, asyncio.Event] = (0, asyncio.Event())

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url="http://mall.test", transport=httpx.MockTransport(self))

    async def has_been_asked(self, times: int) -> None:
        self._until = (times, asyncio.Event())
        async with asyncio.timeout(5):
            await self._until[1].wait()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = (
            json.loads(request.content or b"{}")
            if "json" in request.headers.get("content-type", "")
            else {}
        )
        self.asked.append((request.url.path, body, dict(request.headers)))
        if len(self.asked) >= self._until[0]:
            self._until[1].set()
        answer = self.answers.pop(0) if self.answers else httpx.Response(204)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Steady(Pace):
    """Nothing unusual happens, everything takes as long as it does on average."""

    def happens(self, share: float) -> bool:
        return False

    def around(self, mean: float) -> float:
        return mean


def steady() -> Pace:
    pace = Steady(1e9)
    pace.chance.random = lambda: 0.99  # type: ignore[method-assign]
    pace.chance.uniform = lambda a, b: a  # type: ignore[method-assign]
    return pace


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mpp.demo.api.PATIENCE_S", 0)


@pytest.fixture
async def mall(db: Database) -> Mall:
    made: Mall = await a_mall(db, lively_file())
    return made


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tested here does not depend on the database."""
    return sqlite_url


def test_as_many_come_as_keep_the_busiest_agency_busy() -> None:
    # Dukcapil: 0.5 x 6 + 0.3 x 10 = 6 minutes an arrival at two counters, so 20 an hour;
    # Imigrasi: 0.2 x 12 = 2.4 minutes at one counter, so 25 an hour.
    assert arrivals_an_hour(lively_file()) == pytest.approx(0.95 * 20)


def test_a_file_without_demo_brings_nobody() -> None:
    assert arrivals_an_hour(mall_file()) == 0


def test_mornings_are_busy_and_nights_are_quiet_but_alive() -> None:
    hours = [by_hour(datetime(2026, 11, 23, hour, tzinfo=UTC)) for hour in range(24)]
    assert max(hours) == hours[9]
    assert 0 < min(hours) <= hours[3] < hours[10]


def test_times_spread_about_their_mean() -> None:
    pace = Pace(1)
    pace.chance.seed(7)
    lengths = [pace.around(10) for _ in range(20_000)]
    assert sum(lengths) / len(lengths) == pytest.approx(10, rel=0.02)
    assert min(lengths) > 0


async def test_a_lost_reply_is_asked_for_again_with_the_same_key(mall: Mall) -> None:
    ticket = {"visit_token": "secret", "label": "A-001", "people_ahead": 0}
    server = Mock(httpx.ReadError("lost"), httpx.Response(503), httpx.Response(201, json=ticket))
    seen: list[tuple[str, str]] = []
    async with server.client() as client, Crowd() as crowd:
        api = Api(client, "token")
        visitors = Visitors(
            mall, lively_file(), [api], api, Pace(60),
            lambda: datetime.now(UTC), lambda *visit: seen.append(visit),
        )  # fmt: skip
        crowd.add(visitors.come())
        await server.has_been_asked(5)
    keys = [asked[2]["idempotency-key"] for asked in server.asked]
    assert keys[0] == keys[1] == keys[2] != keys[3] != keys[4]
    assert {asked[0] for asked in server.asked} == {"/api/v1/malls/mpp-uji/tickets"}
    assert seen == [("secret", "A-001")]


async def test_an_officer_serves_whoever_is_called(mall: Mall) -> None:
    ticket = {"id": 7, "service": "ktp-el", "state": "called"}
    good = [httpx.Response(200, json=ticket) for _ in range(4)]
    server, counter = Mock(*good), mall.counters[0]
    async with server.client() as client, Crowd() as crowd:
        crowd.add(Officer(mall, counter, Api(client, "token"), steady(), {"ktp-el": 6.0}).work())
        await server.has_been_asked(5)
    at = f"/api/v1/counters/{counter.id}"
    assert [asked[0] for asked in server.asked[:5]] == [
        f"{at}/open",
        f"{at}/call-next",
        "/api/v1/tickets/7/start",
        "/api/v1/tickets/7/complete",
        f"{at}/call-next",
    ]
    assert server.asked[3][1] == {"outcome": "done"}


async def test_an_officer_takes_up_what_was_in_hand_before_a_restart(mall: Mall) -> None:
    busy = httpx.Response(409, json={"type": "/problems/counter-busy", "ticket": 9})
    server = Mock(httpx.Response(200, json={}), busy)
    async with server.client() as client, Crowd() as crowd:
        crowd.add(Officer(mall, mall.counters[0], Api(client, "token"), steady(), {}).work())
        await server.has_been_asked(4)
    assert [asked[0] for asked in server.asked[2:4]] == [
        "/api/v1/tickets/9/start",
        "/api/v1/tickets/9/complete",
    ]


async def test_a_person_signs_in_once_and_again_when_that_has_ended() -> None:
    page = httpx.Response(200, text='<input type="hidden" name="_csrf" value="form-token">')
    moved = httpx.Response(303, headers={"location": "/desk", "set-cookie": "mpp_session=cookie"})
    good = httpx.Response(200, json={})
    server = Mock(moved, page, good, good, httpx.Response(401), moved, page, good)
    async with server.client() as client:
        person = Person(client, "sari", "password", page="/desk/1")
        for path in ("/a", "/b", "/c", "/d"):
            await person.post(path)
    assert [asked[0] for asked in server.asked] == [
        "/sign-in", "/desk/1", "/api/v1/a", "/api/v1/b", "/api/v1/c", "/sign-in", "/desk/1", "/api/v1/d",
    ]  # fmt: skip
    assert server.asked[2][2]["x-csrf-token"] == "form-token"
    assert server.asked[2][2]["cookie"] == "mpp_session=cookie"


async def test_somebody_who_fails_is_missed_and_the_others_go_on() -> None:
    done = asyncio.Event()

    async def fails() -> None:
        raise ValueError("oops")

    async def goes_on() -> None:
        await asyncio.sleep(0.01)
        done.set()

    async with Crowd() as crowd:
        crowd.add(fails())
        crowd.add(goes_on())
        await crowd.stay()
    assert done.is_set()


def test_the_file_of_tokens_is_complete_or_absent_and_its_owners_alone(tmp_path: Path) -> None:
    leader = tokens.Leader("u", "p", "t")
    made = tokens.Tokens(
        base="http://127.0.0.1:1", mall="m", kiosks=[], displays=[], counters=[], officers=[],
        manager=leader, admin=leader,
    )  # fmt: skip
    path = tmp_path / "deeper" / "tokens.json"
    for _ in range(2):
        tokens.write(made, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert msgspec.json.decode(path.read_bytes(), type=tokens.Tokens) == made
    assert [each.name for each in path.parent.iterdir()] == ["tokens.json"]


def test_passwords_are_random_and_can_be_typed() -> None:
    made = {tokens.new_password() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(each) == 14 and not set(each) & set("0o1il") for each in made)
