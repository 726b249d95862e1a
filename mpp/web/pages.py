"""The frame of every page: typed pages, templates, headers."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from litestar import MediaType, Request, Response, get

from mpp.security import Principal, Security, public
from mpp.web.assets import FEATURES, HERE, asset
from mpp.web.language import (
    LOCALES,
    formatters,
    has_chosen,
    language_cookie,
    locale_of,
    translations,
)
from mpp.web.request_params import path_of

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
WORTH_SQUEEZING = 2_000  # characters
SQUEEZED_SO_MUCH = (
    1  # a quarter of the size in a third of a millisecond; level 6 takes three times that
)


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
    now_ms: int
    """The server's time, in milliseconds since 1970: what scripts go by."""
    time_zone: str | None = None
    """The mall's."""
    role: str | None = None
    is_synthetic: bool = False
    """The mall's figures are made up."""


class Named(Protocol):
    """Whose page it is."""

    @property
    def name(self) -> str: ...
    @property
    def is_synthetic(self) -> bool: ...
    @property
    def time_zone(self) -> ZoneInfo: ...


NOBODYS = "Mal Pelayanan Publik"
"""What stands above a page of no mall."""
MADE_UP = {"id": "simulasi", "en": "simulated"}


def html(
    request: Request[Any, Any, Any],
    page: Page,
    *,
    mall: Named | None = None,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    usual_locale: str = LOCALES[0],
) -> Response[str]:
    """The page in the reader's language, with the headers that every page has.

    A mall whose past is made up bears that in its name wherever it stands.
    `usual_locale`: the language for somebody who has not chosen one.
    """
    locale = locale_of(request, usual_locale)
    security: Security = request.app.state.security
    principal: Principal | None = request.scope.get("user")
    frame = Frame(
        mall_name=shown_name(mall, locale) if mall else NOBODYS,
        is_synthetic=mall is not None and mall.is_synthetic,
        now_ms=int(request.app.state.clock().timestamp() * 1_000),
        time_zone=mall.time_zone.key if mall else None,
        csrf=security.csrf_token(principal),
        user_name=principal.name if principal else None,
        role=principal.role if principal else None,
        path=path_of(request),
        locale=locale,
    )
    body: Any = render(page, frame, locale)
    sent = {**HEADERS, **(headers or {})}
    if request.app.state.squeezes_pages:
        sent["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", "") and len(body) >= WORTH_SQUEEZING:
            body = gzip.compress(body.encode(), SQUEEZED_SO_MUCH)
            sent["Content-Encoding"] = "gzip"
    return Response(
        body,
        media_type=MediaType.HTML,
        status_code=status_code,
        headers=sent,
        cookies=[language_cookie(locale)] if has_chosen(request, locale) else None,
    )


def shown_name(mall: Named, locale: str) -> str:
    """The mall's name, with what must be known about it."""
    return f"{mall.name} ({MADE_UP[locale]})" if mall.is_synthetic else mall.name


def render(page: Page, frame: Frame | None, locale: str) -> str:
    """The page's text."""
    context = {item.name: getattr(page, item.name) for item in fields(page)}
    return environment(locale).get_template(page.template).render(frame=frame, **context)


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


@dataclass(frozen=True, kw_only=True)
class PatternsPage(Page):
    """`/-/patterns`: every component in every state."""

    template: ClassVar[str] = "patterns.html"


@get("/-/patterns", guards=[public], include_in_schema=False)
async def patterns(request: Request[Any, Any, Any]) -> Response[str]:
    """The designer's page."""
    return html(request, PatternsPage())
