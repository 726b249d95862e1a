"""Signing in and out, and the front page that leads everybody to their screen."""

import secrets
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters import queries
from mpp.counters.commands import people
from mpp.counters.pages import FrontPage, SignInHint, SignInPage
from mpp.counters.stream import Malls
from mpp.db.seam import Database
from mpp.errors import TooManyRequests
from mpp.security import (
    COOKIE,
    Principal,
    RateLimit,
    Role,
    Security,
    anyone,
    password_matches,
    refuse_foreign_origin,
    token_hash,
)
from mpp.web import html, peer

HOME = {
    Role.KIOSK: "/kiosk",
    Role.DISPLAY: "/display",
    Role.COUNTER: "/desk",
    Role.OFFICER: "/desk",
    Role.SUPERVISOR: "/overview",
    Role.MANAGER: "/overview",
    Role.ADMIN: "/overview",
}
DEVICE_DAYS = 400  # a kiosk's browser stays signed in until the device is revoked

Line = Annotated[str, msgspec.Meta(max_length=200)]


@get("/", guards=[anyone], include_in_schema=False)
async def front(
    request: Request[Any, Any, Any],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    hints: NamedDependency[list[SignInHint]],
) -> Response[str]:
    """Where a newcomer begins."""
    known = await malls.all()
    page = FrontPage(
        malls=known,
        hints=hints,
        open_now={mall.slug: mall.is_open(clock()) for mall in known},
    )
    return html(request, page, mall_name=known[0].name if known else "mpp")


@get("/sign-in", guards=[anyone], include_in_schema=False)
async def sign_in_page(
    request: Request[Any, Any, Any], to: FromQuery[str] = "", device: FromQuery[bool] = False
) -> Response[str]:
    page = SignInPage(target=local_path(to), problem=None, username="", is_device=device)
    return html(request, page)


class SignInForm(msgspec.Struct):
    """A person's name and password, or a device's token."""

    username: Line = ""
    password: Line = ""
    token: Line = ""
    mall: Line = ""
    target: Line = ""


@post("/sign-in", guards=[anyone], include_in_schema=False)
async def sign_in(
    request: Request[Any, Any, Any],
    data: URLEncodedBody[SignInForm],
    db: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    sign_in_limit: NamedDependency[RateLimit],
) -> Response[Any]:
    """Check, remember, set the cookie. Wrong names and wrong passwords read and take the same."""
    refuse_foreign_origin(request)
    who = f"{peer(request, settings.trusted_proxies)} {data.username}"
    if (wait := sign_in_limit.take(who)) is not None:
        raise TooManyRequests("Terlalu banyak percobaan masuk.", retry_after_s=int(wait) + 1)
    token = secrets.token_urlsafe(32)
    now = clock()
    if data.token:
        principal = await db.read(queries.principal, token_hash(data.token.strip()), now)
        if principal is None or not principal.is_device:
            return _again(request, data, "Token perangkat tidak dikenal.", is_device=True)
        lasts = timedelta(days=DEVICE_DAYS)
        mall_id, role = principal.mall_id, principal.role
        whose = {"device_id": principal.id}
    else:
        found = await db.read(queries.credentials, data.username, data.mall or None)
        hashed = found.password_hash if found else None
        if not await password_matches(hashed, data.password) or found is None:
            return _again(request, data, "Nama pengguna atau kata sandi salah.")
        lasts = timedelta(hours=settings.session_hours)
        mall_id, role = found.mall_id, found.role
        whose = {"officer_id": found.officer_id}
    await db.execute(
        people.sign_in, mall_id, hashed=token_hash(token), now=now, lasts=lasts, **whose
    )
    cookie = Cookie(
        COOKIE,
        value=token,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
        max_age=int(lasts.total_seconds()),
    )
    return Redirect(local_path(data.target) or HOME[role], status_code=303, cookies=[cookie])


def _again(
    request: Request[Any, Any, Any], data: SignInForm, problem: str, *, is_device: bool = False
) -> Response[str]:
    page = SignInPage(
        target=local_path(data.target),
        problem=problem,
        username=data.username,
        is_device=is_device,
    )
    return html(request, page, status_code=422)


def local_path(target: str) -> str:
    """Where to go afterwards, if that is a page of ours; empty otherwise."""
    is_ours = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_ours and target.isprintable() else ""


@post("/sign-out", guards=[anyone], include_in_schema=False)
async def sign_out(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    security: NamedDependency[Security],
) -> Response[Any]:
    who: Principal | None = request.scope.get("user")
    if who is not None and who.by_cookie:
        await db.execute(people.sign_out, token_hash(request.cookies[COOKIE]))
        security.forget(token_hash(request.cookies[COOKIE]))
    return Redirect("/", status_code=303, cookies=[Cookie(COOKIE, value="", max_age=0)])


router = Router("/", route_handlers=[front, sign_in_page, sign_in, sign_out])
