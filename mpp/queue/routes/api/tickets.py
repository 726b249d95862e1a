"""The API of tickets: issue, call, act, look."""

from dataclasses import replace
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters.readers import Malls
from mpp.counters.routes.limits import Limits
from mpp.counters.rules.limit import per_minute, place_of
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.errors import Forbidden, Invalid, NotFound, Unauthenticated
from mpp.queue.commands import act as acting
from mpp.queue.commands import call, issue
from mpp.queue.commands.issue import IssueRequest, issuer_of
from mpp.queue.pages.wire import EventOut, TicketOut, event_out, ticket_out
from mpp.queue.queries import lines, ticket_rows, visit_rows
from mpp.queue.readers import Forecasts, standing
from mpp.queue.routes.api.request_params import (
    KEY_HEADER,
    TAKES,
    ActionIn,
    Key,
    KeyIsRequired,
    SlugIn,
    TokenIn,
    operated,
    read_details,
    read_key,
)
from mpp.queue.routes.api.visits import cancel_visit, get_visit
from mpp.queue.rules import life
from mpp.queue.rules.forecast import Standing
from mpp.queue.rules.life import Action, Channel
from mpp.queue.rules.ticket import Ticket
from mpp.security import (
    COUNTER_STAFF,
    TICKET_ISSUERS,
    Principal,
    Role,
    Security,
    public,
    requires,
)
from mpp.web.problems import NO_TOKEN_NEEDED, PROBLEMS
from mpp.web.request_params import BodyMayBeMissing, base_url, json_from, peer, read_id

SHORTEST_PUBLIC_KEY = 20
"""Letters of a key without a device: all such callers share one set of keys, so nobody may guess one."""


class IssueIn(msgspec.Struct, forbid_unknown_fields=True):
    """A request for a number. `visit`: the token of a visit to add the ticket to."""

    service: SlugIn
    priority: life.Priority = life.Priority.REGULAR
    locale: Annotated[str, msgspec.Meta(pattern="^(id|en)$")] = "id"
    channel: Channel | None = None
    visit: TokenIn | None = None


@post(
    "/malls/{mall_slug:str}/tickets",
    guards=[json_from(public)],
    security=NO_TOKEN_NEEDED,
    status_code=201,
    responses=PROBLEMS,
    operation_class=KeyIsRequired,
    operation_id="issueTicket",
)
async def issue_ticket(
    mall_slug: FromPath[str],
    data: JSONBody[IssueIn],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    forecasts: NamedDependency[Forecasts],
    limits: NamedDependency[Limits],
    security: NamedDependency[Security],
    key: Key = None,
) -> Response[TicketOut]:
    """Take a number. The same `Idempotency-Key` from the same device gives the same ticket (200)."""
    mall = await malls.get(mall_slug)
    who: Principal | None = request.scope.get("user")
    if who is None and not mall.public_issue:
        raise Unauthenticated("Nomor antrean diambil di kios; sertakan token perangkat.")
    if who and (who.role not in TICKET_ISSUERS or who.mall_id != mall.id):
        raise Forbidden("Perangkat ini tidak boleh mengambil nomor di mal ini.")
    wanted = _issue_request(mall, data, who, read_key(request, key))
    if who is None:
        place = place_of(peer(request, settings.trusted_proxies))
        often = {security.unreadable("issue", place): per_minute(settings.public_issue_per_minute)}
        await limits.take(often, "Terlalu sering mengambil nomor.", now=clock())
    now, url = clock(), base_url(request, settings)
    known = await forecasts.at_issue(db, mall, wanted.service.id, now)
    issued = await db.execute(issue.issue_ticket, mall, replace(wanted, outlook=known), now=now)
    if issued.is_replay:
        stand = await db.read(standing, forecasts, mall, issued.ticket, now)
    else:
        ahead = await db.read(lines.people_ahead, mall, issued.ticket, now)
        stand = Standing(ahead, issued.expected)
    shown = ticket_out(mall, issued.ticket, stand, visit_token=issued.visit_token, base_url=url)
    return Response(shown, status_code=200 if issued.is_replay else 201)


def _issue_request(mall: Mall, data: IssueIn, who: Principal | None, key: str) -> IssueRequest:
    if who is None and len(key) < SHORTEST_PUBLIC_KEY:
        raise Invalid("Sertakan kunci acak sedikitnya 20 huruf.", field=KEY_HEADER)
    staff = who is not None and who.role is not Role.KIOSK
    own = Channel.WEB if who is None else Channel.STAFF if staff else Channel.KIOSK
    return IssueRequest(
        service=mall.service(data.service),
        issuer=issuer_of(who),
        key=key,
        priority=data.priority,
        locale=data.locale,
        channel=own if who is None else data.channel or own,
        visit=data.visit,
        unrestricted=who is not None and who.unrestricted,
        device_id=who.device_id if who else None,
        officer_id=who.officer_id if who else None,
    )


@post(
    "/counters/{counter_id:str}/call-next",
    guards=[requires(COUNTER_STAFF)],
    status_code=200,
    responses=PROBLEMS,
    operation_id="callNext",
)
async def call_next(
    counter_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
) -> Response[TicketOut | None]:
    """Call whoever is next, with the reason. 204 when nobody waits for this counter."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    wanted = operated(by, counter_id)
    called = await db.execute(call.call_next, mall, wanted, by=by, now=clock())
    if called is None:
        return Response(None, status_code=204)
    return Response(ticket_out(mall, called), status_code=200)


@post(
    "/tickets/{ticket_id:str}/{action:str}",
    guards=[json_from(requires(COUNTER_STAFF))],
    status_code=200,
    responses=PROBLEMS,
    operation_class=BodyMayBeMissing,
    operation_id="actOnTicket",
)
async def act_on_ticket(
    ticket_id: FromPath[str],
    action: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    data: JSONBody[ActionIn | None] = None,
) -> TicketOut:
    """Recall, start, complete, miss, requeue, return, park, resume, transfer, refer, cancel, call."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    if action not in TAKES:
        raise NotFound("Tindakan itu tidak ada.", field="action")
    wanted = Action(action)
    details = read_details(mall, wanted, data or ActionIn())
    acted = await db.execute(
        acting.act,
        mall,
        read_id(ticket_id, "ticket_id"),
        wanted,
        by=by,
        now=clock(),
        details=details,
    )
    referred = ticket_out(mall, acted.referred) if acted.referred else None
    return ticket_out(mall, acted.ticket, referred=referred)


@get(
    "/tickets/{ticket_id:str}",
    guards=[requires(COUNTER_STAFF | {Role.KIOSK})],
    responses=PROBLEMS,
    operation_id="getTicket",
)
async def get_ticket(
    ticket_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
    settings: NamedDependency[Settings],
) -> TicketOut:
    """One ticket. A kiosk sees those that it issued, with the visit's secret, to print them again."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    wanted, now = read_id(ticket_id, "ticket_id"), clock()

    def look(tx: Transaction) -> TicketOut:
        ticket = _visible(ticket_rows.ticket(tx, mall.id, wanted), by)
        token = None
        if ticket.issuer == issuer_of(by):
            token = visit_rows.visit_tokens(tx, mall.id, [ticket.visit_id])[ticket.visit_id]
        stand = standing(tx, forecasts, mall, ticket, now)
        url = base_url(request, settings)
        return ticket_out(mall, ticket, stand, visit_token=token, base_url=url)

    return await db.read(look)


def _visible(ticket: Ticket, by: Principal) -> Ticket:
    if by.role is Role.KIOSK and ticket.issuer != issuer_of(by):
        raise NotFound("Tiket itu tidak ada.", field="ticket_id")
    return ticket


@get(
    "/tickets/{ticket_id:str}/events",
    guards=[requires(COUNTER_STAFF)],
    responses=PROBLEMS,
    operation_id="getTicketEvents",
)
async def get_events(
    ticket_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
) -> list[EventOut]:
    """Everything that happened to a ticket, in order."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    wanted = read_id(ticket_id, "ticket_id")

    def look(tx: Transaction) -> list[EventOut]:
        ticket_rows.ticket(tx, mall.id, wanted)
        return [event_out(mall, row) for row in visit_rows.events_of(tx, mall.id, wanted)]

    return await db.read(look)


router = Router(
    "/api/v1",
    route_handlers=[
        issue_ticket,
        call_next,
        act_on_ticket,
        get_ticket,
        get_events,
        get_visit,
        cancel_visit,
    ],
    tags=["queue"],
)
