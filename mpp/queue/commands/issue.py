"""Take a number, exactly once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert

from mpp.counters.rules.mall import Mall, Service
from mpp.db.compiled import CompiledStatement
from mpp.db.seam import Transaction
from mpp.errors import Conflict, Invalid, KeyReused, MallClosed, QuotaExhausted
from mpp.queue.commands.move import Who, record, topics_of
from mpp.queue.models import tickets, visits
from mpp.queue.queries import clock_rows, found_rows, ticket_rows, visit_rows
from mpp.queue.rules import forecast, life, turns
from mpp.queue.rules.forecast import ExpectedWait, Outlook
from mpp.queue.rules.life import Action, Channel, Priority, State
from mpp.queue.rules.ticket import Ticket
from mpp.security import Principal


@dataclass(frozen=True, kw_only=True)
class IssueRequest:
    """Somebody asks for a number."""

    service: Service
    issuer: str
    """Whose keys these are: a device, a person, or the public."""
    key: str | None = None
    priority: Priority = Priority.REGULAR
    locale: str = "id"
    channel: Channel = Channel.KIOSK
    visit: str | None = None
    """The token of a visit to which the ticket is added; None: a new visit."""
    unrestricted: bool = False
    device_id: int | None = None
    officer_id: int | None = None
    outlook: Outlook | None = None
    """What is known of the service's waits just now; the range that is told comes from it."""

    @property
    def known(self) -> Outlook:
        return self.outlook or forecast.nothing_known(self.service.id)

    @property
    def fingerprint(self) -> str:
        """What a repeated key must repeat."""
        said = (self.service.slug, self.priority, self.locale, self.channel, self.visit or "")
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


@dataclass(frozen=True)
class Issued:
    """The answer to an issue request."""

    ticket: Ticket
    visit_token: str
    is_replay: bool
    expected: ExpectedWait | None = None
    """The range that was told with a new number, as the history keeps it."""


def issuer_of(who: Principal | None) -> str:
    """Whose idempotency keys these are, and who may look at the ticket again."""
    if who is None:
        return "public"
    return f"device:{who.id}" if who.is_device else f"officer:{who.id}"


def issue_ticket(tx: Transaction, mall: Mall, request: IssueRequest, *, now: datetime) -> Issued:
    """Take a number. The same key from the same issuer gives the same ticket, whenever it comes.

    Raises `KeyReused` (same key, other request), `MallClosed`, `QuotaExhausted`, `Conflict` (service or
    agency paused).
    """
    if request.key is not None:
        earlier = ticket_rows.ticket_by_key(tx, mall.id, request.issuer, request.key)
        if earlier is not None:
            return _replayed(tx, request, earlier)
    now = clock_rows.held(tx, mall, now)
    day = mall.day(now)
    if not request.unrestricted:
        if request.service.daily_quota is not None:
            tx.lock(request.service.id)  # who counts must be the only one who takes
        must_be_offered(tx, mall, request.service, now)
    visit_id, token = _visit(tx, mall, request, day, now)
    ticket, expected = new_ticket(tx, mall, request, visit_id, day, now)
    return Issued(ticket, token, is_replay=False, expected=expected)


def _replayed(tx: Transaction, request: IssueRequest, earlier: Ticket) -> Issued:
    if earlier.issue_hash != request.fingerprint:
        raise KeyReused(
            "Kunci permintaan ini sudah dipakai untuk permintaan yang lain.",
            field="Idempotency-Key",
        )
    tokens = visit_rows.visit_tokens(tx, earlier.mall_id, [earlier.visit_id])
    return Issued(earlier, tokens[earlier.visit_id], is_replay=True)


def must_be_offered(tx: Transaction, mall: Mall, service: Service, now: datetime) -> None:
    """Raise `MallClosed`, `Conflict` (service or agency paused) or `QuotaExhausted`."""
    must_be_open(mall, service, now)
    if service.daily_quota is not None:
        issued = ticket_rows.issued_today(tx, mall.id, service.id, mall.day(now))
        if issued >= service.daily_quota:
            raise QuotaExhausted(
                f"Kuota hari ini ({service.daily_quota} nomor) sudah habis.",
                field="service",
                quota=service.daily_quota,
            )


def is_offered(mall: Mall, service: Service, now: datetime) -> bool:
    """What can be told without the database: the mall is open, service and agency are not paused."""
    paused = service.paused_reason or mall.agency_of(service).paused_reason
    return mall.is_open(now) and not paused


def must_be_open(mall: Mall, service: Service, now: datetime) -> None:
    """Raise `MallClosed` or `Conflict`: what can be told without the database."""
    if not mall.is_open(now):
        opening = mall.calendar.next_opening(now.astimezone(mall.time_zone))
        raise MallClosed(
            "Mal sedang tutup; nomor antrean dapat diambil pada jam layanan.",
            opens_at=opening.isoformat() if opening else None,
        )
    paused = service.paused_reason or mall.agency_of(service).paused_reason
    if paused:
        raise Conflict(f"Layanan ini sedang dihentikan sementara: {paused}", field="service")


def _visit(
    tx: Transaction, mall: Mall, request: IssueRequest, day: date, now: datetime
) -> tuple[int, str]:
    if request.visit is not None:
        visit = visit_rows.visit(tx, request.visit, "visit")
        if visit.mall_id != mall.id or visit.day != day:
            raise Invalid("Kunjungan itu bukan kunjungan hari ini di mal ini.", field="visit")
        return visit.id, visit.token
    visit_id, token = tx.new_id(), secrets.token_urlsafe(16)
    _INSERT_VISIT.run(
        tx,
        {
            "mall_id": mall.id,
            "id": visit_id,
            "token": token,
            "day": day,
            "locale": request.locale,
            "created_at": now,
        },
    )
    return visit_id, token


_INSERT_VISIT = CompiledStatement(insert(visits))
_INSERT_TICKET = CompiledStatement(insert(tickets))


def new_ticket(
    tx: Transaction, mall: Mall, request: IssueRequest, visit_id: int, day: date, now: datetime
) -> tuple[Ticket, ExpectedWait | None]:
    """Number, ticket and event in one; answers the ticket and the wait that is told with it."""
    service = request.service
    number = ticket_rows.take_number(tx, mall.id, service.prefix, day)
    ticket_id = tx.new_id()
    rank = turns.rank_at(now, request.priority, mall.priority_head_start)
    known = request.known
    before = found_rows.waiting_before(tx, mall.id, known.shares, day, rank, ticket_id)
    found = found_rows.found(tx, mall.id, service.id, known, before)
    ticket = Ticket(
        id=ticket_id,
        mall_id=mall.id,
        visit_id=visit_id,
        service_id=service.id,
        day=day,
        prefix=service.prefix,
        number=number,
        label=life.label(service.prefix, number),
        state=State.WAITING,
        priority=request.priority,
        channel=request.channel,
        joined_at=now,
        rank_at=rank,
        ahead_at_join=before[service.id],
        open_at_join=found.open_counters,
        calls=0,
        events=1,
        counter_id=None,
        target_counter_id=None,
        called_at=None,
        started_at=None,
        ended_at=None,
        parked_until=None,
        reason=None,
        outcome=None,
        issuer=request.issuer,
        issue_hash=request.fingerprint,
    )
    _INSERT_TICKET.run(
        tx,
        {
            **vars(ticket),
            "lane": int(request.priority is not Priority.REGULAR),
            "issue_key": request.key,
        },
    )
    data = {
        "number": number,
        "label": ticket.label,
        "prefix": ticket.prefix,
        "channel": ticket.channel,
        "visit": visit_id,
        "forecast": forecast.evidence(known, found),
    }
    who = Who(request.officer_id, request.device_id)
    record(tx, ticket, Action.ISSUE, who=who, now=now, data=data, at_join=True)
    tx.wake(*topics_of(ticket))
    return ticket, forecast.expected_wait(known, found)
