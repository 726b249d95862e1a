"""A kiosk as a visitor uses it: a signed-in browser, its pages and its one form."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from factories import TestClock, a_device, a_mall, mall_file
from litestar import Litestar
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.security import Role

PAGE = {"accept": "text/html"}


@dataclass
class Kiosk:
    """A browser in front of a visitor."""

    client: AsyncTestClient[Litestar]
    db: Database
    mall: Mall
    clock: TestClock
    token: str

    async def get(self, address: str, **headers: str) -> Any:
        return await self.client.get(address, headers=PAGE | headers, follow_redirects=False)

    async def sign_in(self) -> None:
        answer = await self.client.post(
            "/sign-in", data={"token": self.token, "target": "/kiosk"}, follow_redirects=False
        )
        assert answer.headers["location"] == "/kiosk"

    async def see(self, address: str, status: int = 200) -> str:
        """The page's text, as a person reads it: without tags, entities or runs of space."""
        answer = await self.get(address)
        assert answer.status_code == status, answer.text
        return self.read(answer)

    async def form(self, service: str = "ktp-el", query: str = "") -> dict[str, str]:
        """What the form of a service's page would send."""
        answer = await self.get(f"/kiosk/service/{service}{query}")
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
        assert fields.keys() == {"_csrf", "key"}
        return fields | {"priority": "regular"}

    async def send(self, form: dict[str, str], service: str = "ktp-el", query: str = "") -> Any:
        return await self.client.post(
            f"/kiosk/service/{service}{query}", data=form, headers=PAGE, follow_redirects=False
        )

    async def post(self, address: str, fields: dict[str, str]) -> Any:
        return await self.client.post(address, data=fields, headers=PAGE, follow_redirects=False)

    async def take(self, service: str = "ktp-el", query: str = "", **changes: str) -> int:
        """Take a number; answers the ticket's id."""
        answer = await self.send(await self.form(service, query) | changes, service, query)
        assert answer.status_code == 303, self.read(answer)
        return self.ticket_id(answer)

    @staticmethod
    def ticket_id(answer: Any) -> int:
        """The ticket that an answer leads to."""
        return int(answer.headers["location"].removeprefix("/kiosk/ticket/").partition("?")[0])

    @staticmethod
    def read(answer: Any) -> str:
        """The words of a page's body."""
        body = answer.text.partition("<body")[2].partition(">")[2]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


async def a_kiosk(
    client: AsyncTestClient[Litestar], clock: TestClock, *, unrestricted: bool = False
) -> Kiosk:
    """The small mall with a signed-in kiosk."""
    db: Database = client.app.state.db
    mall = await a_mall(db, mall_file())
    client.app.state.malls.stale()
    token = await a_device(db, mall, Role.KIOSK, unrestricted=unrestricted)
    kiosk = Kiosk(client, db, mall, clock, token)
    await kiosk.sign_in()
    return kiosk


@pytest.fixture
async def kiosk(client: AsyncTestClient[Litestar], clock: TestClock) -> Kiosk:
    return await a_kiosk(client, clock)


@pytest.fixture
async def unrestricted_kiosk(client: AsyncTestClient[Litestar], clock: TestClock) -> Kiosk:
    """One that opening hours and quotas do not bind."""
    return await a_kiosk(client, clock, unrestricted=True)
