"""A mall with everybody in it, and another mall next door: for tests that ask who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from factories import MONDAY, a_device, a_mall, a_person, mall_file
from litestar import Litestar

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.security import Role
from mpp.survey.rules import token
from mpp.survey.rules.token import Payload

SECRET = "only for this test"
"""As in the `settings` fixture."""


@dataclass(frozen=True)
class World:
    """`tokens`: by who holds them; `nobody` has none, `foreign` manages the mall next door."""

    mall: Mall
    foreign: Mall
    tokens: Mapping[str, str | None]
    counter_id: int
    ticket_id: int
    visit_token: str

    def headers(self, who: str) -> dict[str, str]:
        token = self.tokens[who]
        return {} if token is None else {"Authorization": f"Bearer {token}"}

    def path(self, template: str) -> str:
        """The address of a route with things that exist in `mall`."""
        values = {
            "{mall_slug:str}": self.mall.slug,
            "{counter_id:str}": str(self.counter_id),
            "{ticket_id:str}": str(self.ticket_id),
            "{token:str}": self.visit_token,
            "{blind:str}": token.make(SECRET, Payload(self.mall.id, 1, MONDAY), bytes(32)),
            "{action:str}": "cancel",
            "{slug:str}": "dukcapil" if "agency" in template else "ktp-el",
            "{file_path:path}": "nothing.css",
        }
        address = template
        for name, value in values.items():
            address = address.replace(name, value)
        return address + (
            f"?ticket={self.ticket_id}" if template == "/v/{token:str}/cancel" else ""
        )


async def a_world(app: Litestar, http: httpx.AsyncClient) -> World:
    """In an application that runs: counter 1 is open, one ticket waits, everybody has a token."""
    db: Database = app.state.db
    mall: Mall = await a_mall(db)
    foreign: Mall = await a_mall(db, mall_file(slug="mpp-lain"))
    tokens: dict[str, str | None] = {
        "nobody": None,
        "kiosk": await a_device(db, mall, Role.KIOSK, unrestricted=True),
        "display": await a_device(db, mall, Role.DISPLAY, zone="a"),
        "counter": await a_device(db, mall, Role.COUNTER, counter="1"),
        "officer": await a_person(db, mall, Role.OFFICER, "petugas", counters=["1"]),
        "supervisor": await a_person(db, mall, Role.SUPERVISOR, "penyelia"),
        "manager": await a_person(db, mall, Role.MANAGER, "kepala"),
        "admin": await a_person(db, mall, Role.ADMIN, "pengelola"),
        "foreign": await a_person(db, foreign, Role.MANAGER, "tetangga"),
    }
    app.state.malls.stale()  # else a mall is known to the application after a second
    counter_id = next(each.id for each in mall.counters if each.label == "1")
    opened = await http.post(
        f"/api/v1/counters/{counter_id}/open",
        headers={"Authorization": f"Bearer {tokens['counter']}"},
    )
    assert opened.status_code == 200, opened.text
    issued: dict[str, Any] = await issue(http, mall, str(tokens["kiosk"]), key="first")
    return World(mall, foreign, tokens, counter_id, issued["id"], issued["visit_token"])


async def issue(
    http: httpx.AsyncClient, mall: Mall, token: str, *, service: str = "ktp-el", key: str
) -> dict[str, Any]:
    """Take a number through the API."""
    answer = await http.post(
        f"/api/v1/malls/{mall.slug}/tickets",
        json={"service": service},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )
    assert answer.status_code in {200, 201}, answer.text
    issued: dict[str, Any] = answer.json()
    return issued
