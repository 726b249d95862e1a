"""The ticket on the screen and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from mpp.kiosk.pages.kiosk_navigation import KioskNavigation
from mpp.kiosk.rules.qr import QrCode
from mpp.kiosk.rules.slip import Line, Slip, SlipWish, Width, joined, minutes, slip_lines
from mpp.queue.rules.forecast import ExpectedWait, Standing
from mpp.queue.rules.life import Priority, State
from mpp.queue.rules.ticket import Ticket
from mpp.web.language import formatters, translations
from mpp.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A ticket with all that its page and its slip say, in the visitor's language."""

    ticket: Ticket
    visit_token: str
    standing: Standing
    mall: str
    service: str
    agency: str
    taken_at: datetime
    """Local time."""
    zone: str | None
    counters: tuple[str, ...]
    """Labels of the counters that may call it."""
    called_to: str | None

    @property
    def is_priority(self) -> bool:
        return self.ticket.priority is not Priority.REGULAR


@dataclass(frozen=True, kw_only=True)
class TicketPage(Page):
    """`/kiosk/ticket/{id}`: the number, its QR, where to wait."""

    template: ClassVar[str] = "kiosk/ticket.html"
    navigation: KioskNavigation
    ticket_id: int
    label: str
    called_to: str | None
    """Label of the counter that calls it just now."""
    service: str
    agency: str
    is_priority: bool
    people_ahead: int | None
    expected: ExpectedWait | None
    zone: str | None
    counters: str
    """Labels of the counters that may call it, as words."""
    qr: QrCode
    width: Width
    is_cancelled: bool
    may_change: bool
    """It waits still: it can be cancelled, or exchanged for one with another priority."""
    priority: Priority
    wanted: Priority | None
    """What was chosen when the form came again, unlike what the ticket has."""
    has_printer: bool
    """Without one nothing speaks of paper."""
    prints: bool
    """Print without being asked: it has a printer, and a slip was not declined with the service."""


@dataclass(frozen=True, kw_only=True)
class SlipPage(Page):
    """`/kiosk/slip/{id}`: what goes onto paper."""

    template: ClassVar[str] = "kiosk/slip.html"
    navigation: KioskNavigation
    ticket_id: int
    label: str
    width: Width
    lines: Sequence[Line]
    qr: QrCode


def ticket_page(
    navigation: KioskNavigation,
    taken: Taken,
    qr: QrCode,
    wanted: Priority | None = None,
    slip: SlipWish = SlipWish.PRINT,
) -> TicketPage:
    ticket, gettext = taken.ticket, translations(navigation.lang).gettext
    return TicketPage(
        navigation=navigation.alone,
        ticket_id=ticket.id,
        label=ticket.label,
        called_to=taken.called_to if ticket.state is State.CALLED else None,
        service=taken.service,
        agency=taken.agency,
        is_priority=taken.is_priority,
        people_ahead=taken.standing.people_ahead,
        expected=taken.standing.expected,
        zone=taken.zone,
        counters=joined(taken.counters, gettext) if taken.counters else "",
        qr=qr,
        is_cancelled=ticket.state is State.CANCELLED,
        may_change=ticket.state is State.WAITING,
        priority=ticket.priority,
        wanted=wanted if wanted is not ticket.priority else None,
        width=navigation.paper or Width.WIDE,
        has_printer=navigation.paper is not None,
        prints=navigation.paper is not None and slip is SlipWish.PRINT,
    )


def slip_page(
    navigation: KioskNavigation, taken: Taken, qr: QrCode, url: str, width: Width
) -> SlipPage:
    expected = taken.standing.expected
    slip = Slip(
        mall=taken.mall,
        agency=taken.agency,
        service=taken.service,
        label=taken.ticket.label,
        taken=formatters(navigation.lang)["format_datetime"](taken.taken_at),
        is_priority=taken.is_priority,
        people_ahead=taken.standing.people_ahead,
        minutes=minutes(expected.low_s, expected.high_s) if expected else None,
        zone=taken.zone,
        counters=taken.counters,
        url=url,
    )
    return SlipPage(
        navigation=navigation,
        ticket_id=taken.ticket.id,
        label=taken.ticket.label,
        width=width,
        lines=tuple(slip_lines(slip, translations(navigation.lang).gettext)),
        qr=qr,
    )
