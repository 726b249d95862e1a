"""The API of tickets and visits, for kiosks, counters and other programs."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters.commands.shifts import service_topic
from mpp.counters.rules.mall import Mall
from mpp.counters.stream import Malls
from mpp.db.seam import Database, Transaction
from mpp.errors import Forbidden, Invalid, NotFound, TooManyRequests, Unauthenticated
from mpp.live.feed import Feeds
from mpp.queue import queries, rules
from mpp.queue.commands import act as acting
from mpp.queue.commands import call, end, issue
from mpp.queue.commands.act import Details
from mpp.queue.commands.issue import Wish, issuer_of
from mpp.queue.commands.move import visit_topic
from mpp.queue.pages.wire import EventOut, TicketOut, VisitOut, event_out, ticket_out
from mpp.queue.queries import Ticket, Visit
from mpp.queue.rules import Action, Channel, Outcome, Place
from mpp.queue.stream import Forecasts, joined_standing, standing, visit_snapshot
from mpp.security import (
    COUNTER_STAFF,
    TICKET_ISSUERS,
    Principal,
    RateLimit,
    Role,
    anyone,
    requires,
)
from mpp.web import PROBLEMS, base_url, peer, read_id

SlugIn = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
TextIn = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff]*$")]
TokenIn = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,43}$")]
Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", required=False)]
MAX_KEY = 200


class IssueIn(msgspec.Struct, forbid_unknown_fields=True):
    """A wish for a number. `visit`: the token of a visit to add the ticket to."""

    service: SlugIn
    priority: rules.Priority = rules.Priority.REGULAR
    locale: Annotated[str, msgspec.Meta(pattern="^(id|en)$")] = "id"
    channel: Channel | None = None
    visit: TokenIn | None = None


@post(
    "/malls/{mall_slug:str}/tickets",
    guards=[anyone],
    status_code=201,
    responses=PROBLEMS,
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
    public_limit: NamedDependency[RateLimit],
    key: Key = None,
) -> Response[TicketOut]:
    """Take a number. The same `Idempotency-Key` from the same device gives the same ticket (200)."""
    mall = await malls.get(mall_slug)
    who: Principal | None = request.scope.get("user")
    if who is None:
        _public_may_issue(mall, key, peer(request, settings.trusted_proxies), public_limit)
    elif who.role not in TICKET_ISSUERS or who.mall_id != mall.id:
        raise Forbidden("Perangkat ini tidak boleh mengambil nomor di mal ini.")
    wish = _wish(mall, data, who, read_key(key))
    now = clock()
    issued = await db.execute(issue.issue_ticket, mall, wish, now=now)
    if issued.is_replay:
        stand = await db.read(standing, forecasts, issued.ticket, mall.day(now))
    else:
        stand = await joined_standing(db, forecasts, issued.ticket)
    shown = ticket_out(
        mall,
        issued.ticket,
        stand,
        visit_token=issued.visit_token,
        base_url=base_url(request, settings),
    )
    return Response(shown, status_code=200 if issued.is_replay else 201)


def _public_may_issue(mall: Mall, key: str | None, address: str, limit: RateLimit) -> None:
    """Without a device: only where the mall allows it, with a key nobody can guess, not too often."""
    if not mall.public_issue:
        raise Unauthenticated("Nomor antrean diambil di kios; sertakan token perangkat.")
    if key is None or len(key) < 20:
        raise Invalid("Sertakan kunci acak sedikitnya 20 huruf.", field="Idempotency-Key")
    wait = limit.take(address)
    if wait is not None:
        raise TooManyRequests("Terlalu sering mengambil nomor.", retry_after_s=int(wait) + 1)


def _wish(mall: Mall, data: IssueIn, who: Principal | None, key: str | None) -> Wish:
    staff = who is not None and who.role is not Role.KIOSK
    own = Channel.WEB if who is None else Channel.STAFF if staff else Channel.KIOSK
    return Wish(
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


def read_key(key: str | None) -> str | None:
    """A key that can be stored: printable, not too long."""
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(f"Kunci: 1–{MAX_KEY} huruf yang tercetak.", field="Idempotency-Key")
    return key


# -- counters ------------------------------------------------------------------------------------


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


def operated(by: Principal, counter_id: str) -> int:
    """The counter's id, if this principal may operate it."""
    wanted = read_id(counter_id, "counter_id")
    if not by.may_operate(wanted):
        raise Forbidden("Loket itu bukan loket Anda.", field="counter_id")
    return wanted


# -- tickets -------------------------------------------------------------------------------------


class ActionIn(msgspec.Struct, forbid_unknown_fields=True):
    """What an action may need. Each takes its own fields and refuses the rest."""

    reason: TextIn | None = None
    until: datetime | None = None
    outcome: Outcome | None = None
    service: SlugIn | None = None
    counter: int | None = None
    place: Place | None = None


TAKES: dict[Action, frozenset[str]] = {
    Action.CALL: frozenset({"reason", "counter"}),
    Action.RECALL: frozenset(),
    Action.START: frozenset(),
    Action.COMPLETE: frozenset({"outcome", "reason"}),
    Action.MISS: frozenset({"reason"}),
    Action.REQUEUE: frozenset({"place", "reason"}),
    Action.RETURN: frozenset({"reason"}),
    Action.PARK: frozenset({"reason", "until"}),
    Action.RESUME: frozenset({"counter"}),
    Action.TRANSFER: frozenset({"service", "counter", "place", "reason"}),
    Action.REFER: frozenset({"service", "reason"}),
    Action.CANCEL: frozenset({"reason"}),
}


@post(
    "/tickets/{ticket_id:str}/{action:str}",
    guards=[requires(COUNTER_STAFF)],
    status_code=200,
    responses=PROBLEMS,
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


def read_details(mall: Mall, action: Action, data: ActionIn) -> Details:
    """The fields that this action takes; `Invalid` names one that it does not."""
    for name in data.__struct_fields__:
        if getattr(data, name) is not None and name not in TAKES[action]:
            raise Invalid(f"Tindakan {action} tidak memakai isian ini.", field=name)
    if data.until is not None and data.until.tzinfo is None:
        raise Invalid("Waktu perlu zona waktu (RFC 3339).", field="until")
    return Details(
        reason=data.reason,
        until=data.until,
        outcome=data.outcome or Outcome.DONE,
        service=mall.service(data.service) if data.service else None,
        counter_id=mall.counter(data.counter).id if data.counter is not None else None,
        place=data.place,
    )


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
        ticket = _visible(queries.ticket(tx, mall.id, wanted), by)
        token = None
        if ticket.issuer == issuer_of(by):
            token = queries.visit_tokens(tx, mall.id, [ticket.visit_id])[ticket.visit_id]
        stand = standing(tx, forecasts, ticket, mall.day(now))
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
        queries.ticket(tx, mall.id, wanted)
        return [event_out(mall, row) for row in queries.events_of(tx, mall.id, wanted)]

    return await db.read(look)


# -- visits --------------------------------------------------------------------------------------


@get("/visits/{token:str}", guards=[anyone], responses=PROBLEMS, operation_id="getVisit")
async def get_visit(
    token: FromPath[str],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
    feeds: NamedDependency[Feeds],
) -> VisitOut:
    """The visitor's own view: position, people ahead, expected wait, where to go."""
    secret = read_token(token)
    visit = await db.read(queries.visit, secret)
    mall = await malls.by_id(visit.mall_id)
    return await db.read(
        visit_snapshot,
        forecasts,
        mall,
        secret,
        version=feeds.hub.version(*await visit_topics(db, visit)),
        now=clock(),
    )


async def visit_topics(db: Database, visit: Visit) -> list[str]:
    """What changes a visitor's view: the visit itself, and the queues in which it stands."""
    theirs = await db.read(queries.tickets_of_visit, visit.mall_id, visit.id)
    return [visit_topic(visit.id), *sorted({service_topic(each.service_id) for each in theirs})]


class CancelIn(msgspec.Struct, forbid_unknown_fields=True):
    """Which ticket of the visit; none: all that wait."""

    ticket: int | None = None


@post(
    "/visits/{token:str}/cancel",
    guards=[anyone],
    status_code=200,
    responses=PROBLEMS,
    operation_id="cancelVisit",
)
async def cancel_visit(
    token: FromPath[str],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    data: JSONBody[CancelIn | None] = None,
) -> list[TicketOut]:
    """The visitor gives up waiting. The secret in the address is the right to do so."""
    visit = await db.read(queries.visit, read_token(token))
    mall = await malls.by_id(visit.mall_id)
    wanted = None
    if data is not None and data.ticket is not None:
        wanted = read_id(str(data.ticket), "ticket")
    cancelled = await db.execute(
        end.cancel_by_visitor, mall, visit.id, now=clock(), ticket_id=wanted
    )
    return [ticket_out(mall, each) for each in cancelled]


def read_token(token: str) -> str:
    """A visit's secret as it can be stored; `NotFound` for anything else."""
    if not 0 < len(token) <= 43 or not token.replace("-", "").replace("_", "").isalnum():
        raise NotFound("Kunjungan itu tidak ditemukan.", field="token")
    return token


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
