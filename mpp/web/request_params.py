"""What requests hold, read with care."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Operation, RequestBody

from mpp.config import Settings
from mpp.errors import MppError, NotFound, UnsupportedMediaType
from mpp.ids import MAX_ID
from mpp.security import Guard


def read_id(text: str, field: str) -> int:
    """An id out of an address; `NotFound` for anything that cannot be one."""
    if not text.isascii() or not text.isdecimal() or len(text) > 16 or int(text) > MAX_ID:
        raise NotFound("Tidak ada yang bernomor itu.", field=field)
    return int(text)


def base_url(request: Request[Any, Any, Any], settings: Settings) -> str:
    """The address that visitors reach us at, without a slash at the end."""
    if settings.public_url:
        return settings.public_url
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise MppError("Alamat server dalam permintaan ini tidak terbaca.", field="Host")
    return f"{request.scope['scheme']}://{host}"


_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def path_of(request: Request[Any, Any, Any]) -> str:
    """The address's path. (`request.url` cannot be read when the Host header is nonsense.)"""
    return str(request.scope["path"])


def json_from(who: Guard) -> Guard:
    """A guard of the JSON API: `who` may, and the body, if there is one, can be read as JSON at all.

    One guard rather than two in a row: Litestar copies the handler for each, which costs as much as
    finding out who asks.
    """

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        await who(connection, handler)
        if isinstance(connection, Request):
            must_be_json(connection.headers.get("content-type"), await connection.body())

    return guard


def must_be_json(content_type: str | None, body: bytes) -> None:
    """Refuse what Litestar's reader stumbles over, or takes although it says that it is something else:
    other content types, bytes that are no text, endless nesting.
    """
    if not body:
        return
    kind = (content_type or JSON_TYPE).partition(";")[0].strip().lower()
    if kind != JSON_TYPE:
        raise UnsupportedMediaType("Isian harus berupa application/json.", field="Content-Type")
    if body.count(b"[") + body.count(b"{") > MOST_BRACKETS:
        raise MppError("Isian terlalu bertingkat.")
    try:
        body.decode()
    except UnicodeDecodeError:
        raise MppError("Isian bukan teks UTF-8.") from None


@dataclass
class BodyMayBeMissing(Operation):
    """An operation of the API's document whose body may be left out (Litestar says: never)."""

    def __post_init__(self) -> None:
        if isinstance(self.request_body, RequestBody):
            self.request_body.required = False


_NOT = r"\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069"

SaidIn = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=200, pattern=rf"^[^{_NOT}]*[^\s{_NOT}][^{_NOT}]*$"),
]
"""The same as `TextIn`, and something is said in it."""

TextIn = Annotated[str, msgspec.Meta(max_length=200, pattern=rf"^[^{_NOT}]*$")]
"""A line in somebody's own words: nothing in it moves the cursor, rings, or turns the text around."""

JSON_TYPE = "application/json"

MOST_BRACKETS = 400  # no body of ours has more, and Python reads about a thousand levels


def peer(request: Request[Any, Any, Any], trusted_proxies: int) -> str:
    """Who sent this, for rate limits: the peer, or what the trusted proxies say of it.

    A proxy may add a line of its own instead of lengthening the one that came: all lines together are
    the list, and only its right end is the proxies' word.
    """
    if trusted_proxies:
        hops = ",".join(request.headers.getall("x-forwarded-for", [])).split(",")
        if len(hops) >= trusted_proxies and hops[-trusted_proxies].strip():
            return hops[-trusted_proxies].strip()
    return request.client.host if request.client else "?"
