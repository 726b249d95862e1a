"""The kiosk's pages: choose, read what is needed, take the number, keep the slip."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Service
from mpp.db.seam import Database
from mpp.errors import (
    Conflict,
    KeyReused,
    MppError,
    Unauthenticated,
    Unavailable,
)
from mpp.kiosk.pages.error_page import Again, kiosk_error_page
from mpp.kiosk.pages.kiosk_navigation import START, KioskNavigation, sign_in
from mpp.kiosk.pages.paper import Taken, slip_page, ticket_page
from mpp.kiosk.routes import looks
from mpp.kiosk.routes.looks import Look
from mpp.kiosk.routes.second_thoughts import cancel, change_priority, to_ticket
from mpp.kiosk.rules.qr import QrCode, qr_code
from mpp.kiosk.rules.slip import SlipWish, Width
from mpp.pools import Pool
from mpp.queue.commands import issue
from mpp.queue.commands.issue import IssueRequest, issuer_of
from mpp.queue.pages.wire import visit_url
from mpp.queue.queries import ticket_rows
from mpp.queue.readers import Forecasts
from mpp.queue.rules.life import Channel, Priority
from mpp.security import DEVICE_COOKIE, Role, requires
from mpp.web.pages import CONTENT_SECURITY_POLICY, html
from mpp.web.problems import bug, http_problem, problem, wants_page
from mpp.web.request_params import base_url, path_of, read_id

FRAMED = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""The ticket's page prints the slip out of a frame."""


async def provide_look(
    request: Request[Any, Any, Any],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
) -> Look:
    """Dependency `look`."""
    mall = await malls.by_id(request.user.mall_id)
    return Look(
        mall=mall,
        by=request.user,
        forecasts=forecasts,
        now=clock(),
        navigation=KioskNavigation.of(request),
    )


# -- choosing ------------------------------------------------------------------------------------


@get("/")
async def start(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    look: NamedDependency[Look],
) -> Response[str]:
    """Where every visitor begins. `?print=80` or `58`: this kiosk prints slips by itself."""
    page = await db.read(looks.start_page, look)
    return html(request, page, mall=look.mall)


@get("/search")
async def search(
    request: Request[Any, Any, Any], db: NamedDependency[Database], look: NamedDependency[Look]
) -> Response[str]:
    """`?q=`: what fits; nothing typed yet finds nothing."""
    page = await db.read(looks.search_page, look)
    return html(request, page, mall=look.mall)


@get("/agency/{slug:str}")
async def agency(
    slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    look: NamedDependency[Look],
) -> Response[str]:
    page = await db.read(looks.agency_page, look, look.mall.agency(slug))
    return html(request, page, mall=look.mall)


@get("/service/{slug:str}")
async def service(
    slug: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    look: NamedDependency[Look],
) -> Response[str]:
    page = await db.read(looks.service_page, look, look.mall.service(slug))
    return html(request, page, mall=look.mall)


# -- taking --------------------------------------------------------------------------------------


class TakeForm(msgspec.Struct):
    """What the form sends. The key was made with the form."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
    priority: Priority = Priority.REGULAR
    slip: SlipWish = SlipWish.PRINT


@post("/service/{slug:str}")
async def take(
    slug: FromPath[str],
    data: URLEncodedBody[TakeForm],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    look: NamedDependency[Look],
) -> Response[Any]:
    """Take the number. However often the form is sent, it gives one ticket."""
    wanted = look.mall.service(slug)
    try:
        ticket_id, chosen = await _issue(db, look, wanted, data)
    except Conflict:  # closed, paused or used up: the page says which, and what to do
        page = await db.read(looks.service_page, look, wanted)
        return html(request, page, mall=look.mall, status_code=409)
    except Unavailable:
        again = Again(
            action=look.navigation.to(path_of(request)),
            key=data.key,
            priority=data.priority,
            slip=data.slip,
        )
        return html(request, kiosk_error_page(look.navigation, 503, again), status_code=503)
    wish = None if chosen is data.priority else data.priority
    return to_ticket(look, ticket_id, wish, data.slip)


async def _issue(db: Database, look: Look, wanted: Service, data: TakeForm) -> tuple[int, Priority]:
    """The ticket's id and its priority."""
    asked = IssueRequest(
        service=wanted,
        issuer=issuer_of(look.by),
        key=data.key,
        priority=data.priority,
        locale=look.navigation.lang,
        channel=Channel.KIOSK,
        visit=await db.read(looks.visit_to_join, look) if look.navigation.add else None,
        unrestricted=look.by.unrestricted,
        device_id=look.by.device_id,
        outlook=await look.forecasts.at_issue(db, look.mall, wanted.id, look.now),
    )
    try:
        issued = await db.execute(issue.issue_ticket, look.mall, asked, now=look.now)
    except KeyReused:
        # The reply to this form was lost and it came again with another choice: the number stands.
        by_key = ticket_rows.ticket_by_key
        earlier = await db.read(by_key, look.mall.id, asked.issuer, data.key)
        if earlier is None:
            raise
        return earlier.id, earlier.priority
    return issued.ticket.id, issued.ticket.priority


@get("/ticket/{ticket_id:str}")
async def ticket(
    ticket_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    look: NamedDependency[Look],
    settings: NamedDependency[Settings],
    qr_codes: NamedDependency[Pool],
    wanted: FromQuery[Priority | None] = None,
    slip: FromQuery[SlipWish] = SlipWish.PRINT,
) -> Response[str]:
    """The number, its QR and where to wait. Only tickets of this very kiosk."""
    seen, qr, _ = await _taken(request, db, look, settings, qr_codes, ticket_id)
    page = ticket_page(look.navigation, seen, qr, wanted, slip)
    return html(request, page, mall=look.mall)


@get("/slip/{ticket_id:str}")
async def slip(
    ticket_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    look: NamedDependency[Look],
    settings: NamedDependency[Settings],
    qr_codes: NamedDependency[Pool],
    width: FromQuery[Width] = Width.WIDE,
) -> Response[str]:
    """The slip as a page to print on paper of 80 or 58 mm; printing again gives the same number."""
    seen, qr, url = await _taken(request, db, look, settings, qr_codes, ticket_id)
    page = slip_page(look.navigation, seen, qr, url, width)
    headers = {"Content-Security-Policy": FRAMED}
    return html(request, page, mall=look.mall, headers=headers)


async def _taken(
    request: Request[Any, Any, Any],
    db: Database,
    look: Look,
    settings: Settings,
    qr_codes: Pool,
    ticket_id: str,
) -> tuple[Taken, QrCode, str]:
    seen = await db.read(looks.taken, look, read_id(ticket_id, "ticket_id"))
    url = visit_url(base_url(request, settings), seen.visit_token)
    return seen, await qr_codes.run(qr_code, url), url


# -- error page ----------------------------------------------------------------------------------


def refused(request: Request[Any, Any, Any], error: MppError) -> Response[Any]:
    """In the kiosk's own frame and in both languages, so that the visitor is not left alone."""
    if not wants_page(request):
        return problem(request, error)
    if isinstance(error, Unauthenticated) and _is_being_set_up(request):
        return Redirect(sign_in(KioskNavigation.of(request)), status_code=303)
    return html(
        request,
        kiosk_error_page(KioskNavigation.of(request), error.status),
        status_code=error.status,
    )


def _is_being_set_up(request: Request[Any, Any, Any]) -> bool:
    """Nobody stands before it: it never was signed in, or it shows its first page."""
    return DEVICE_COOKIE not in request.cookies or path_of(request).rstrip("/") == START


def unreadable(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    if not wants_page(request):
        return http_problem(request, error)
    page = kiosk_error_page(KioskNavigation.of(request), error.status_code)
    return html(request, page, status_code=error.status_code)


def broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    answer = bug(request, error)  # writes the log
    if not wants_page(request):
        return answer
    return html(request, kiosk_error_page(KioskNavigation.of(request), 500), status_code=500)


routers: list[Router] = [
    Router(
        START,
        route_handlers=[
            start,
            search,
            agency,
            service,
            take,
            ticket,
            slip,
            change_priority,
            cancel,
        ],
        guards=[requires(frozenset({Role.KIOSK}))],
        dependencies={"look": Provide(provide_look)},
        exception_handlers={MppError: refused, HTTPException: unreadable, Exception: broken},
        include_in_schema=False,
    )
]
