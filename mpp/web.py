"""The frame of every page and answer: typed pages, templates, problem+json, headers, assets."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
import structlog
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from litestar import Litestar, MediaType, Request, Response, get
from litestar.config.compression import CompressionConfig
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Redirect
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from mpp.config import Settings
from mpp.errors import MppError, NotFound, Unauthenticated
from mpp.ids import MAX_ID
from mpp.security import Principal, Security, anyone

log = structlog.get_logger()

HERE = Path(__file__).parent
FEATURES = ("counters", "queue", "kiosk", "display", "metrics")
LOCALES = ("id", "en")
LOCALE_COOKIE = "mpp_locale"
LANGUAGE_S = 365 * 24 * 3600
PROBLEM_JSON = "application/problem+json"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # A visit's address is its secret: nobody else hears of it. (`no-referrer` would also make browsers
    # send `Origin: null` with our own forms.)
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


# -- problems ------------------------------------------------------------------------------------


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457. `type` is stable; `field` names the culprit where there is one."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    field: str | None = None


PROBLEMS = {
    status: ResponseSpec(
        Problem, description=text, media_type=PROBLEM_JSON, generate_examples=False
    )
    for status, text in {
        400: "The request cannot be read, or a field is missing, unknown or of the wrong type.",
        401: "No token, or one that is not valid.",
        403: "Valid, but not allowed to do this.",
        404: "No such thing, or not yours to see.",
        405: "No such method here.",
        409: "The state of things does not allow it now.",
        413: "The body is too large.",
        415: "The body is not JSON.",
        422: "A field has an impossible value.",
        429: "Too many requests; `Retry-After` says when to come back.",
        503: "The database does not answer; try again.",
    }.items()
}
"""Documented answers beside the good one, for every route of the API."""


def problem(request: Request[Any, Any, Any], error: MppError) -> Response[Any]:
    """The answer to a refusal: problem+json, or a page in plain words for a browser.

    Somebody who has not signed in is led to where they can, and from there back to this page.
    """
    if isinstance(error, Unauthenticated) and request.method == "GET" and wants_page(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return Redirect(f"/sign-in?to={quote(request.url.path + query)}", status_code=303)
    return _refusal(
        request,
        error.status,
        {"type": f"/problems/{error.slug}", "title": error.title, "detail": error.detail}
        | error.facts,
    )


def http_problem(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """The same for what Litestar itself refuses: unreadable bodies, unknown paths, wrong types."""
    culprits = [item for item in error.extra or () if isinstance(item, dict)]
    facts: dict[str, object] = {
        "type": "about:blank" if error.status_code != 400 else "/problems/bad-request",
        "title": _TITLES.get(error.status_code, "Permintaan tidak dapat diproses"),
        "detail": "; ".join(f"{item.get('key')}: {item.get('message')}" for item in culprits)
        or error.detail,
    }
    if culprits and culprits[0].get("key"):
        facts["field"] = str(culprits[0]["key"])
    else:
        facts |= _field_in(error.detail)
    return _refusal(request, error.status_code, facts, headers=error.headers)


_TITLES = {
    400: "Permintaan tidak dapat dibaca",
    404: "Halaman tidak ditemukan",
    405: "Cara meminta tidak didukung",
    413: "Isian terlalu besar",
    415: "Jenis isian tidak didukung",
}


def _field_in(detail: str) -> dict[str, object]:
    """msgspec names the field as `... - at `$.service``, or an unknown one as `field `x``."""
    for marker in ("at `$.", "unknown field `", "required field `"):
        _, found, rest = detail.partition(marker)
        if found:
            return {"field": rest.partition("`")[0]}
    return {}


def bug(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Anything else is a fault of ours: logged with its trace, shown without."""
    log.error("unhandled error", path=request.url.path, method=request.method, exc_info=error)
    facts = {
        "type": "about:blank",
        "title": "Kesalahan pada sistem",
        "detail": "Terjadi kesalahan pada sistem. Petugas sudah dapat melihatnya di catatan.",
    }
    return _refusal(request, 500, facts)


def _refusal(
    request: Request[Any, Any, Any],
    status: int,
    facts: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    extra = dict(headers or {})
    if "retry_after_s" in facts:
        extra["Retry-After"] = str(facts["retry_after_s"])
    if status == 401:
        extra["WWW-Authenticate"] = "Bearer"
    if wants_page(request):
        page = ErrorPage(status=status, heading=str(facts["title"]), detail=str(facts["detail"]))
        return html(request, page, status_code=status, headers=extra)
    body = {**facts, "status": status, "instance": request.url.path}
    return Response(body, status_code=status, media_type=PROBLEM_JSON, headers=extra)


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """A person's browser asks, not a program."""
    if request.url.path.startswith(("/api/", "/live/")):
        return False
    return "text/html" in request.headers.get("accept", "")


# -- pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a template may read, and nothing else; a test holds each page to its template."""

    template: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    template: ClassVar[str] = "error.html"
    status: int
    heading: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every page knows besides its own fields."""

    mall_name: str
    csrf: str | None
    user_name: str | None
    path: str
    locale: str
    role: str | None = None


def html(
    request: Request[Any, Any, Any],
    page: Page,
    *,
    mall_name: str = "Mal Pelayanan Publik",
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    usual_locale: str = LOCALES[0],
) -> Response[str]:
    """The page in the reader's language, with the headers that every page has.

    `usual_locale`: the language for somebody who has not chosen one.
    """
    locale = locale_of(request, usual_locale)
    security: Security = request.app.state.security
    principal: Principal | None = request.scope.get("user")
    frame = Frame(
        mall_name=mall_name,
        csrf=security.csrf_token(principal),
        user_name=principal.name if principal else None,
        role=principal.role if principal else None,
        path=request.url.path,
        locale=locale,
    )
    body = render(page, frame, locale)
    return Response(
        body,
        media_type=MediaType.HTML,
        status_code=status_code,
        headers={**HEADERS, **(headers or {})},
        cookies=[_language(locale)] if _has_chosen(request, locale) else None,
    )


def _has_chosen(request: Request[Any, Any, Any], locale: str) -> bool:
    """Whether the reader has just picked a language, to be remembered. Nobody owns a kiosk."""
    return request.query_params.get("lang") == locale and not is_shared(request)


def _language(locale: str) -> Cookie:
    return Cookie(LOCALE_COOKIE, value=locale, max_age=LANGUAGE_S, samesite="lax", httponly=True)


def is_shared(request: Request[Any, Any, Any]) -> bool:
    """A screen that many people use in turn: it remembers nobody's language."""
    return request.url.path.startswith("/kiosk")


def render(page: Page, frame: Frame | None, locale: str) -> str:
    """The page's text."""
    context = {item.name: getattr(page, item.name) for item in fields(page)}
    return environment(locale).get_template(page.template).render(frame=frame, **context)


def locale_of(request: Request[Any, Any, Any], usual: str = LOCALES[0]) -> str:
    """`?lang=`, else the cookie, else the usual one."""
    wanted = request.query_params.get("lang")
    if wanted is None and not is_shared(request):
        wanted = request.cookies.get(LOCALE_COOKIE)
    return wanted if wanted in LOCALES else usual


@cache
def environment(locale: str) -> Environment:
    """The templates in one language. `feature/name.html` lies in that feature's folder."""
    loader = ChoiceLoader(
        [
            FileSystemLoader(HERE / "templates"),
            PrefixLoader({name: FileSystemLoader(HERE / name / "templates") for name in FEATURES}),
        ]
    )
    env = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
    env.globals |= formatters(locale) | {"asset": asset, "locale": locale}
    env.globals["ui"] = env.get_template("ui.html").module
    return env


@cache
def translations(locale: str) -> NullTranslations:
    """The catalogue of a language, one file a feature; Indonesian is what the code is written in."""
    catalogue = Catalog(locale)
    for path in sorted((HERE / "locale" / locale).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale):
                if message.id and message.string and not message.fuzzy:
                    catalogue[message.id] = message
    if not len(catalogue):
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def formatters(locale: str) -> dict[str, Callable[..., str]]:
    """How numbers, moments and durations read in a language. Moments are given in local time."""
    gettext = translations(locale).gettext
    ngettext = translations(locale).ngettext

    def duration(seconds: float | None) -> str:
        if seconds is None:
            return "–"
        if seconds < 60:
            count = round(seconds)
            return ngettext("%(n)s detik", "%(n)s detik", count) % {"n": count}
        minutes = round(seconds / 60)
        if minutes < 60:
            return ngettext("%(n)s menit", "%(n)s menit", minutes) % {"n": minutes}
        hours, minutes = divmod(minutes, 60)
        if not minutes:
            return ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours}
        return gettext("%(h)s jam %(m)s menit") % {"h": hours, "m": minutes}

    return {
        "format_time": lambda moment: format_time(
            moment, "HH.mm" if locale == "id" else "HH:mm", locale=locale
        ),
        "format_date": lambda day: format_date(day, "EEEE, d MMMM y", locale=locale),
        "format_datetime": lambda moment: (
            format_date(moment, "d MMM y", locale=locale)
            + format_time(moment, " HH.mm" if locale == "id" else " HH:mm", locale=locale)
        ),
        "format_number": lambda number: format_decimal(number, locale=locale),
        "format_rupiah": lambda number: "Rp" + format_decimal(number, locale="id"),
        "format_duration": duration,
    }


def local(moment: datetime, time_zone: ZoneInfo) -> datetime:
    """A moment as the mall's clocks show it."""
    return moment.astimezone(time_zone)


def static_folders() -> dict[str, Path]:
    """Where the files under /static lie: shared ones, and each feature's own under its name."""
    shared = {"/static": HERE / "static"}
    return shared | {
        f"/static/{name}": HERE / name / "static"
        for name in FEATURES
        if (HERE / name / "static").is_dir()
    }


@cache
def asset(path: str) -> str:
    """The address of a static file, with a hash of what is in it, so that it may be kept for ever.

    >>> asset("css/base.css")            # doctest: +SKIP
    '/static/css/base.css?v=1f3a90c2'
    """
    feature, _, rest = path.partition("/")
    file = HERE / feature / "static" / rest if feature in FEATURES else HERE / "static" / path
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    return f"/static/{path}?v={digest}"


@dataclass(frozen=True, kw_only=True)
class PatternsPage(Page):
    """`/-/patterns`: every component in every state."""

    template: ClassVar[str] = "patterns.html"


@get("/-/patterns", guards=[anyone], include_in_schema=False)
async def patterns(request: Request[Any, Any, Any]) -> Response[str]:
    """The designer's page."""
    return html(request, PatternsPage())


SQUEEZE = CompressionConfig("gzip", minimum_size=1_000, gzip_compress_level=6, exclude=r"\.woff2$")
squeezed = DefineMiddleware(CompressionMiddleware, config=SQUEEZE)
"""Middleware of large pages: a hall's Wi-Fi carries a quarter. The API is too small to gain by it."""


def keep_assets(app: ASGIApp) -> ASGIApp:
    """Middleware of the static files: they travel squeezed; what carries the hash of its content in its
    address is kept for ever, the rest asked for again.

    On their routers only: a hook of the whole application would run for every message of every socket.
    """
    squeezing = CompressionMiddleware(app, SQUEEZE)

    async def kept(scope: Scope, receive: Receive, send: Send) -> None:
        named = scope.get("query_string", b"").startswith(b"v=")
        value = b"public, max-age=31536000, immutable" if named else b"no-cache"

        async def send_kept(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                kept_for = [(b"cache-control", value), (b"x-content-type-options", b"nosniff")]
                message["headers"] = [*message["headers"], *kept_for]
            await send(message)

        await squeezing(scope, receive, send_kept)

    return kept


# -- the application -----------------------------------------------------------------------------


def one_at_a_time(app: Litestar) -> None:
    """Have a handler's dependencies handed over in turn.

    Litestar resolves several of them in a task group. Ours are at hand, and a task for each costs more
    than the rest of a handler: a third of the processor time of issuing a ticket.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                batches = model.dependency_batches
                model.dependency_batches = [{each} for batch in batches for each in batch]


# -- reading requests ----------------------------------------------------------------------------


def read_id(text: str, field: str) -> int:
    """An id out of an address; `NotFound` for anything that cannot be one."""
    if not text.isascii() or not text.isdecimal() or len(text) > 16 or int(text) > MAX_ID:
        raise NotFound("Tidak ada yang bernomor itu.", field=field)
    return int(text)


def base_url(request: Request[Any, Any, Any], settings: Settings) -> str:
    """The address that visitors reach us at, without a slash at the end."""
    return settings.public_url or str(request.base_url).rstrip("/")


def peer(request: Request[Any, Any, Any], trusted_proxies: int) -> str:
    """Who sent this, for rate limits: the peer, or what the trusted proxies say of it."""
    if trusted_proxies:
        hops = request.headers.get("x-forwarded-for", "").split(",")
        if len(hops) >= trusted_proxies and hops[-trusted_proxies].strip():
            return hops[-trusted_proxies].strip()
    return request.client.host if request.client else "?"
