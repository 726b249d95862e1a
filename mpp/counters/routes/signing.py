"""Signing in and out, and the front page that leads everybody to their screen."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters.commands import people
from mpp.counters.pages import (
    FrontPage,
    SignInHint,
    SignInPage,
    by_group,
    mall_status,
    shortcuts,
)
from mpp.counters.queries import sign_in_rows
from mpp.counters.queries.sign_in_rows import Credentials
from mpp.counters.readers import Malls
from mpp.counters.routes.limits import SignIns
from mpp.counters.rules.directory import FEW, LONGEST_WORDS, look_up
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.passwords import Passwords
from mpp.security import (
    COOKIE,
    DEVICE_COOKIE,
    Principal,
    Role,
    Security,
    public,
    signing_in,
    token_hash,
)
from mpp.texts import marked
from mpp.web.pages import Page, html

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


@get("/", guards=[public])
async def front(
    request: Request[Any, Any, Any],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    hints: NamedDependency[list[SignInHint]],
    mall: FromQuery[str] = "",
    q: FromQuery[str] = "",
    page_number: Annotated[str, QueryParameter(name="page")] = "",
) -> Response[str]:
    """Where a newcomer begins. Many malls are a list to search, and each of them its own page."""
    known = await malls.all()
    whole = [await malls.get(mall)] if mall else known if len(known) <= FEW else []
    number = int(page_number) if re.fullmatch("[0-9]{1,4}", page_number) else 1
    directory = None if whole or not known else look_up(known, q[:LONGEST_WORDS], number)
    page = FrontPage(
        malls=[mall_status(each, clock()) for each in whole],
        directory=directory,
        listed=[mall_status(each, clock()) for each in directory.malls] if directory else [],
        hints=by_group(hints),
        shortcuts=shortcuts(hints),
    )
    return _page(request, page, whole or known)


def _page(
    request: Request[Any, Any, Any], page: Page, known: Sequence[Mall], status_code: int = 200
) -> Response[str]:
    """A page of the whole installation: it bears the mall's name when there is only one."""
    if len(known) == 1:
        return html(request, page, mall=known[0], status_code=status_code)
    return html(request, page, status_code=status_code)


@get("/sign-in", guards=[public])
async def sign_in_page(
    request: Request[Any, Any, Any],
    malls: NamedDependency[Malls],
    to: FromQuery[str] = "",
    mall: FromQuery[str] = "",
    device: FromQuery[str] = "",
) -> Response[str]:
    """`?device=true`: for a screen that is set up, its token first."""
    target = local_path(to)
    known = await malls.all()
    page = SignInPage(
        target=target,
        problem=None,
        username="",
        is_device=device == "true" or target.startswith(("/kiosk", "/display", "/survey/tablet")),
        malls=known,
        mall=mall,
    )
    return _page(request, page, known)


Line = Annotated[str, msgspec.Meta(max_length=200)]


class SignInForm(msgspec.Struct):
    """A person's name and password, or a device's token."""

    username: Line = ""
    password: Line = ""
    token: Line = ""
    mall: Line = ""
    target: Line = ""

    @property
    def name(self) -> str:
        """The user name as it is looked up."""
        return self.username.strip()

    def account(self, found: Credentials | None) -> str:
        """What tries are counted for: the account that was found, or the name that nobody has."""
        return f"{found.mall_id} {found.officer_id}" if found else f"? {self.name}"


@dataclass(frozen=True)
class Holder:
    """Who a sign-in is for."""

    mall_id: int
    role: Role
    lasts: timedelta
    officer_id: int | None = None
    device_id: int | None = None


class Refused(Exception):
    """The name, the password or the token is not right; says so without saying which."""


@post("/sign-in", guards=[signing_in])
async def sign_in(
    request: Request[Any, Any, Any],
    data: URLEncodedBody[SignInForm],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    sign_ins: NamedDependency[SignIns],
) -> Response[Any]:
    """Check, remember, set the cookie. It ends the sign-in that this browser had before: a person's
    ends a person's, a device's a device's.
    """
    now = clock()
    admitted = sign_ins.approach(request, settings)
    try:
        if data.token:
            holder = await _device(db, data, now)
        else:
            found = await db.read(sign_in_rows.credentials, data.name, data.mall or None)
            admitted = await sign_ins.admit(admitted, data.account(found), now=now)
            holder = await _person(found, data, settings, sign_ins.passwords)
    except Refused as refused:
        return await _again(request, data, malls, str(refused))
    token = secrets.token_urlsafe(32)
    await db.execute(
        people.sign_in,
        holder.mall_id,
        hashed=token_hash(token),
        now=now,
        lasts=holder.lasts,
        officer_id=holder.officer_id,
        device_id=holder.device_id,
    )
    name = cookie_of(holder.device_id is not None)
    await _forget(request, db, name)
    known = await sign_ins.welcome(admitted, settings, now=now)
    cookie = Cookie(
        name,
        value=token,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
        max_age=int(holder.lasts.total_seconds()),
    )
    home = local_path(data.target) or HOME[holder.role]
    return Redirect(home, status_code=303, cookies=[cookie, *known])


async def _device(db: Database, data: SignInForm, now: datetime) -> Holder:
    device = await db.read(sign_in_rows.principal, token_hash(data.token.strip()), now)
    if device is None or not device.is_device:
        raise Refused(marked("Token perangkat tidak dikenal."))
    lasts = timedelta(days=DEVICE_DAYS)
    return Holder(device.mall_id, device.role, lasts, device_id=device.id)


async def _person(
    found: Credentials | None, data: SignInForm, settings: Settings, passwords: Passwords
) -> Holder:
    """Unknown names and wrong passwords read the same and take the same time."""
    hashed = found.password_hash if found else None
    if not await passwords.match(hashed, data.password) or found is None:
        raise Refused(marked("Nama pengguna atau kata sandi salah."))
    lasts = timedelta(hours=settings.session_hours)
    return Holder(found.mall_id, found.role, lasts, officer_id=found.officer_id)


async def _again(
    request: Request[Any, Any, Any], data: SignInForm, malls: Malls, problem: str
) -> Response[str]:
    known = await malls.all()
    page = SignInPage(
        target=local_path(data.target),
        problem=problem,
        username=data.username,
        is_device=bool(data.token),
        malls=known,
        mall=data.mall,
    )
    return _page(request, page, known, status_code=422)


def local_path(target: str) -> str:
    """Where to go afterwards, if that is a page of ours; empty otherwise."""
    is_ours = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_ours and target.isprintable() else ""


@post("/sign-out", guards=[public])
async def sign_out(request: Request[Any, Any, Any], db: NamedDependency[Database]) -> Response[Any]:
    """End the sign-in of the page that was left."""
    who: Principal | None = request.scope.get("user")
    name = cookie_of(who is not None and who.is_device)
    await _forget(request, db, name)
    return Redirect("/", status_code=303, cookies=[Cookie(name, value="", max_age=0)])


def cookie_of(is_device: bool) -> str:
    return DEVICE_COOKIE if is_device else COOKIE


async def _forget(request: Request[Any, Any, Any], db: Database, cookie: str) -> None:
    """End the sign-in that this browser shows."""
    if token := request.cookies.get(cookie):
        await db.execute(people.sign_out, token_hash(token))
        security: Security = request.app.state.security
        security.forget(token_hash(token))


router = Router(
    "/", route_handlers=[front, sign_in_page, sign_in, sign_out], include_in_schema=False
)
