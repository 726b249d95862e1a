"""How the demo's people reach the mall: as everybody does, by its public API."""

import asyncio
import random
import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx

JsonObject: TypeAlias = dict[str, Any]
PATIENCE_S = 1.0
AWAY = (httpx.HTTPError, AttributeError)
"""Nobody answers. A server that ends while it is being connected to makes anyio ask for the address of
a socket that is gone already, which is no error of httpx."""
FORM_TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


@dataclass
class Pace:
    """Time as the demo's people live it, and their luck."""

    speed: float
    chance: random.Random = field(default_factory=random.Random)

    async def minutes(self, length: float) -> None:
        """Let so many minutes of the mall's life pass."""
        await asyncio.sleep(length * 60 / self.speed)

    def happens(self, share: float) -> bool:
        """Whether something that happens in this share of cases happens now."""
        return self.chance.random() < share

    def around(self, mean: float) -> float:
        """A length of time about `mean`, as such lengths are spread: many shorter, a few far longer."""
        return mean * self.chance.lognormvariate(
            -0.125, 0.5
        )  # its mean is exp(-0.125 + 0.5²/2) = 1


@dataclass(frozen=True)
class Answer:
    """What came back: an HTTP status, and the JSON object that came with it."""

    status: int
    body: JsonObject

    @property
    def is_good(self) -> bool:
        return self.status < 400


NOT_REACHED = Answer(599, {})


class Api:
    """A device's calls. They never raise: a server that is away or refuses is part of life."""

    def __init__(self, client: httpx.AsyncClient, token: str | None = None) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def post(
        self, path: str, body: JsonObject | None = None, *, key: str | None = None
    ) -> Answer:
        """POST to /api/v1 …; while nobody answers, or with 5xx or 429, wait a moment."""
        headers = {"Idempotency-Key": key} if key else {}
        return await self._ask("POST", path, headers, json=body or {})

    async def get(self, path: str) -> Answer:
        """GET from /api/v1 …, as patiently."""
        return await self._ask("GET", path, {})

    async def _ask(self, method: str, path: str, headers: dict[str, str], **sent: Any) -> Answer:
        try:
            reply = await self._client.request(
                method, f"/api/v1{path}", headers=self._headers | headers, **sent
            )
        except AWAY:
            await asyncio.sleep(PATIENCE_S)
            return NOT_REACHED
        if reply.status_code >= 500 or reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            await asyncio.sleep(PATIENCE_S)
        return Answer(reply.status_code, _object(reply))


class Person(Api):
    """A person's calls: signs in with name and password, as in a browser, and again when it ends."""

    def __init__(
        self, client: httpx.AsyncClient, username: str, password: str, *, page: str
    ) -> None:
        """`client` is this person's own: it holds the cookie. `page` is theirs, and has forms."""
        super().__init__(client)
        self._form = {"username": username, "password": password, "target": page}
        self._page = page

    async def post(
        self, path: str, body: JsonObject | None = None, *, key: str | None = None
    ) -> Answer:
        if not self._headers and not await self._sign_in():
            await asyncio.sleep(PATIENCE_S)
            return NOT_REACHED
        answer = await super().post(path, body, key=key)
        if answer.status == httpx.codes.UNAUTHORIZED:
            self._headers = {}
        return answer

    async def _sign_in(self) -> bool:
        try:
            await self._client.post("/sign-in", data=self._form)
            shown = await self._client.get(self._page)
        except AWAY:
            return False
        found = FORM_TOKEN.search(shown.text)
        if found is not None:
            self._headers = {"X-CSRF-Token": found[1]}
        return found is not None


def _object(reply: httpx.Response) -> JsonObject:
    try:
        body = reply.json()
    except ValueError:  # 204, or a proxy's own page
        return {}
    return body if isinstance(body, dict) else {}
