"""How the demo's people reach the mall: its public API, with a device's token, nothing else."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx

JsonObject: TypeAlias = dict[str, Any]
PATIENCE_S = 1.0


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


class Api:
    """One device's calls. They never raise: a server that is away or refuses is part of life."""

    def __init__(self, client: httpx.AsyncClient, token: str | None = None) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def post(
        self, path: str, body: JsonObject | None = None, *, key: str | None = None
    ) -> Answer:
        """POST to /api/v1 …; while nobody answers, or with 5xx or 429, wait a moment."""
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        try:
            reply = await self._client.post(f"/api/v1{path}", json=body or {}, headers=headers)
        except httpx.HTTPError:
            await asyncio.sleep(PATIENCE_S)
            return Answer(599, {})
        if reply.status_code >= 500 or reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            await asyncio.sleep(PATIENCE_S)
        return Answer(reply.status_code, _object(reply))


def _object(reply: httpx.Response) -> JsonObject:
    try:
        body = reply.json()
    except ValueError:  # 204, or a proxy's own page
        return {}
    return body if isinstance(body, dict) else {}
