"""Sends what must be refused, and gathers what is wrong about the refusals."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import func, select
from worlds import World

from mpp.db.schema import metadata
from mpp.db.seam import Transaction

TELLTALE = re.compile(
    r"Traceback|File \"|sqlalchemy|asyncpg|sqlite3|msgspec|litestar|\bat 0x", re.IGNORECASE
)
NO_ID = [
    "-1", "+1", "1.5", "1e3", "0x10", "abc", "null", "true", " 1", "1 ", "1\n", "\0", "1\0",
    "٣", "²", "１", "𝟙", "9" * 17, "9" * 5000, str(2**53), str(2**63), "0", "..", "'", "%", "💥",
]  # fmt: skip
NO_TOKEN = [
    "",
    "a" * 44,
    "a b",
    "ünï",
    "\0",
    "a/../b",
    "a.b",
    "💥",
    "\u202e",
    "'--",
    "%00",
    "a" * 5000,
]
NO_SLUG = ["x", "MPP-UJI", "mpp uji", "\0", "-", "ünï", "'; DROP TABLE malls --", "a" * 5000, "💥"]
NO_TEXT = ["a\0b", "a\nb", "\x1b[2J", "x" * 201]


@dataclass
class Sweep:
    """Sends what must be refused, and gathers what is wrong about the refusals."""

    http: httpx.AsyncClient
    world: World
    who: str = "manager"
    wrong: list[str] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)
    """Rows by table that must still be there, and no others."""

    async def refused(
        self,
        method: str,
        path: str,
        statuses: set[int],
        culprit: str | None = None,
        *,
        headers: Mapping[str, str] | list[tuple[bytes, bytes]] | None = None,
        **more: Any,
    ) -> None:
        given = list(headers.items()) if isinstance(headers, Mapping) else headers or []
        own = list(self.world.headers(self.who).items())
        if "json" in more:  # escaped, so that whatever a text holds can be sent
            more["content"] = json.dumps(more.pop("json"))
            own.append(("Content-Type", "application/json"))
        answer = await self.http.request(method, path, headers=[*own, *given], **more)
        said = f"{method} {path[:80]!r} {str(more)[:120]} {given!s:.80}"
        for problem in faults(answer, statuses, culprit):
            self.wrong.append(f"{said}: {problem}")


def faults(answer: httpx.Response, statuses: set[int], culprit: str | None) -> Iterator[str]:
    if answer.status_code not in statuses:
        yield f"{answer.status_code}, not {statuses}: {answer.text[:200]}"
        return
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind != "application/problem+json":
        yield f"says {kind!r}"
        return
    told = answer.json()
    missing = {"type", "title", "status", "detail", "instance"} - told.keys()
    if missing or told["status"] != answer.status_code:
        yield f"lacks {missing or 'its own status'}"
    if culprit is not None and told.get("field") != culprit:
        yield f"names {told.get('field')!r}, not {culprit!r}: {told['detail'][:120]}"
    if TELLTALE.search(answer.text):
        yield f"shows its insides: {answer.text[:300]}"


def rows(tx: Transaction) -> dict[str, int]:
    """By table, without the one that counts refused tries."""
    return {
        table.name: tx.conn.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
        if table.name != "rate_limits"
    }
