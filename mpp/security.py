"""Who is asking, and may they? Roles, tokens, guards, form tokens, rate limits.

Devices and integrations show `Authorization: Bearer <token>`; people, and devices that are a
browser, hold the token of their sign-in in a cookie that scripts cannot read. Either way the database
knows only the token's hash. A request that changes something and rests on the cookie must repeat a
form token (`_csrf` field or `X-CSRF-Token` header), and must come from our own pages.

No tables here: `app.py` passes in the function that finds a principal by its token's hash.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler

from mpp.errors import Forbidden, Unauthenticated

COOKIE = "mpp_session"
DEVICE_COOKIE = (
    "mpp_device"  # beside it: a browser may be a kiosk in one tab and a desk in the next
)
CSRF_FIELD = "_csrf"
CSRF_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FRESH_S = 3.0  # a revoked token is refused after so many seconds at the latest
MAX_CACHED = 10_000
FORMS = frozenset({RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART})


class Role(StrEnum):
    """What a principal is here to do: three kinds of device, four kinds of people."""

    KIOSK = "kiosk"
    DISPLAY = "display"
    COUNTER = "counter"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"


LEADERS = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})
COUNTER_STAFF = frozenset({Role.COUNTER, Role.OFFICER}) | LEADERS
TICKET_ISSUERS = frozenset({Role.KIOSK}) | LEADERS
NO_ROLES: frozenset[Role] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Somebody, or some device, that has shown a valid token."""

    id: int
    mall_id: int
    role: Role
    name: str
    """Shown in the page's header: a device's name or an officer's user name."""
    counter_ids: frozenset[int] = frozenset()
    """Counters it may operate; leaders may operate all."""
    zone: str | None = None
    is_device: bool = False
    unrestricted: bool = False
    """Opening hours, quotas and rate limits do not bind it."""
    token_hash: str = ""
    by_cookie: bool = False

    @property
    def who(self) -> tuple[bool, int]:
        """The same for all sign-ins of one person or device."""
        return self.is_device, self.id

    @property
    def officer_id(self) -> int | None:
        return None if self.is_device else self.id

    @property
    def device_id(self) -> int | None:
        return self.id if self.is_device else None

    def may_operate(self, counter_id: int) -> bool:
        """Whether it may open, close and call at this counter of its own mall."""
        return self.role in LEADERS or counter_id in self.counter_ids


Find = Callable[[str], Awaitable[Principal | None]]
"""Finds who holds the token with this hash; None when revoked, expired or unknown."""

Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Coroutine[Any, Any, None]]


def new_token(kind: str) -> str:
    """A fresh secret, 256 bits, whose first word says what it is for."""
    return f"mpp_{kind}_{secrets.token_urlsafe(32)}"


def fingerprint(secret_key: str) -> str:
    """What may be stored to tell two secrets apart: it leads back to none (HMAC-SHA256, 32 hex digits)."""
    return hmac.new(secret_key.encode(), b"fingerprint", hashlib.sha256).hexdigest()[:32]


def token_hash(token: str) -> str:
    """What the database keeps of a token. Tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class WaysIn:
    """By which addresses browsers come to us."""

    public_url: str | None = None
    is_https: bool = False
    """Cookies travel over HTTPS only, so whatever rests on them comes by it."""
    believes_proxies: bool = False

    def origins(self, connection: ASGIConnection[Any, Any, Any, Any]) -> set[str]:
        """Those of our own pages, as far as this request can tell."""
        said = connection.headers.get("x-forwarded-proto", "") if self.believes_proxies else ""
        seen = said.rpartition(",")[2].strip().lower() or connection.scope["scheme"]
        scheme = "https" if self.is_https or seen in {"https", "wss"} else "http"
        ours = {f"{scheme}://{connection.headers.get('host', '')}"}
        return ours | {"/".join(self.public_url.split("/")[:3])} if self.public_url else ours


class Security:
    """Finds principals (remembered for `FRESH_S`), checks form tokens. One per process."""

    def __init__(self, secret_key: str, find: Find, ways_in: "WaysIn | None" = None) -> None:
        self._key = secret_key.encode()
        self._find = find
        self._ways_in = ways_in or WaysIn()
        self._known: dict[str, tuple[float, Principal | None]] = {}

    async def principal(
        self, connection: ASGIConnection[Any, Any, Any, Any], roles: frozenset[Role] = NO_ROLES
    ) -> Principal | None:
        """Who is asking; None for the public. A bearer token that is not valid raises.

        `roles`: who is wanted here, for a browser that holds the sign-ins of a device and of a person.
        """
        header = connection.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            found = await self._by_token(token.strip()) if scheme.lower() == "bearer" else None
            if found is None:
                raise Unauthenticated("Token tidak dikenal, sudah dicabut, atau kedaluwarsa.")
            return found
        held = [found async for found in self._signed_in(connection)]
        if not held:
            return None
        if isinstance(connection, Request) and connection.method not in SAFE:
            return await self._sender(connection, held)
        if not isinstance(connection, Request):
            self.refuse_foreign_origin(connection)  # of a websocket a browser tells nothing else
        return fittest(held, roles)

    def refuse_foreign_origin(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Raise `Forbidden` when a browser says that another site made it ask. The same host by another
        scheme is another site: anybody on the way can write a page of plain HTTP.
        """
        origin = connection.headers.get("origin")
        if origin is not None and origin not in self._ways_in.origins(connection):
            raise Forbidden(
                "Permintaan datang dari situs lain. (Di belakang proksi HTTPS: isi MPP_PUBLIC_URL.)"
            )
        if connection.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise Forbidden("Permintaan datang dari situs lain.")

    def csrf_token(self, principal: Principal | None) -> str | None:
        """What the forms of this principal's pages carry."""
        if principal is None or not principal.by_cookie:
            return None
        return hmac.new(self._key, principal.token_hash.encode(), hashlib.sha256).hexdigest()

    def sealed(self, kind: str, text: str) -> str:
        """The text with a mark that only this installation can make. No dot in the text."""
        return f"{text}.{self.unreadable('sealed', kind, text)}"

    def unsealed(self, kind: str, value: str) -> str | None:
        """The text that `sealed` was given; None for anything that it did not make."""
        text = value.rpartition(".")[0]
        made = self.sealed(kind, text).encode("utf-8", "replace")
        return text if hmac.compare_digest(made, value.encode("utf-8", "replace")) else None

    def unreadable(self, *parts: str) -> str:
        """What stands for these texts where nobody needs to read them: 32 letters, keyed."""
        said = "\0".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[:32]

    def forget(self, *hashes: str) -> None:
        """Their sign-ins have ended: do not answer from memory."""
        for hashed in hashes:
            self._known.pop(hashed, None)

    async def _by_token(self, token: str) -> Principal | None:
        hashed = token_hash(token)
        known = self._known.get(hashed)
        now = time.monotonic()
        if known is not None and known[0] > now:
            return known[1]
        found = await self._find(hashed)
        if len(self._known) >= MAX_CACHED:
            self._known.clear()
        if found is not None:
            self._known[hashed] = (now + FRESH_S, found)
        return found

    async def _signed_in(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AsyncIterator[Principal]:
        for name in (COOKIE, DEVICE_COOKIE):
            token = connection.cookies.get(name)
            found = await self._by_token(token) if token else None
            if found is not None:
                yield _by_cookie(found)

    async def _sender(
        self, connection: Request[Any, Any, Any], held: Sequence[Principal]
    ) -> Principal:
        """A cookie goes along whoever made the browser send a change: make sure that a page of ours did.

        Its form token also tells whose page it was.
        """
        self.refuse_foreign_origin(connection)
        given = connection.headers.get(CSRF_HEADER) or await _form_token(connection)
        for each in held:
            expected = self.csrf_token(each) or ""
            if hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
                return each
        if connection.content_type[0] == RequestEncodingType.MULTI_PART:
            await (await connection.form()).close()  # files of a form that nobody will read
        raise Forbidden("Formulir ini sudah tidak berlaku. Muat ulang halaman lalu coba lagi.")


def fittest(held: Sequence[Principal], roles: frozenset[Role]) -> Principal:
    """Who of these is meant where `roles` are wanted: the person, but the kiosk where kiosks may be."""
    wanted = [each for each in held if each.role in roles] or held
    kiosks = [each for each in wanted if each.role is Role.KIOSK and Role.KIOSK in roles]
    return (kiosks or wanted)[0]


def _by_cookie(principal: Principal) -> Principal:
    values = {name: getattr(principal, name) for name in principal.__dataclass_fields__}
    return Principal(**{**values, "by_cookie": True})


async def _form_token(connection: Request[Any, Any, Any]) -> str:
    if connection.content_type[0] not in FORMS:
        return ""
    value = (await connection.form()).get(CSRF_FIELD, "")
    return value if isinstance(value, str) else ""


def requires(roles: frozenset[Role]) -> Guard:
    """A guard that lets these roles pass, and tells others apart: 401 nobody, 403 somebody else."""

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
    ) -> None:
        principal = await _security(connection).principal(connection, roles)
        if principal is None:
            raise Unauthenticated("Masuk dahulu, atau sertakan token perangkat.")
        if principal.role not in roles:
            raise Forbidden("Peran Anda tidak boleh membuka bagian ini.")
        connection.scope["user"] = principal

    return guard


async def public(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """A guard for public routes, said aloud. It still knows a principal that shows itself."""
    connection.scope["user"] = await _security(connection).principal(connection)


async def public_without_lookup(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """A guard for what is the same whoever asks: it does not look, so it needs no database.

    A screen that waits for the database to come back must get the scripts that make it wait.
    """
    connection.scope["user"] = None


async def signing_in(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """A guard for signing in: public, and blind to who is signed in already.

    Somebody else may take over a browser, also from a page that was opened before; what the form
    says proves who they are, and its origin that it is ours.
    """
    _security(connection).refuse_foreign_origin(connection)


def _security(connection: ASGIConnection[Any, Any, Any, Any]) -> Security:
    security: Security = connection.app.state.security
    return security
