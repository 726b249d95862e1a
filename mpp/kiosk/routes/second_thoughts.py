"""A number that was not meant so: cancelled, or exchanged for one with another priority."""

import contextlib

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from mpp.db.seam import Database
from mpp.errors import ActionNotAllowed, NotFound
from mpp.kiosk.pages.kiosk_navigation import START
from mpp.kiosk.readers import own_ticket
from mpp.kiosk.routes.looks import Look
from mpp.kiosk.rules.slip import SlipWish
from mpp.queue.commands.end import cancel_by_visitor
from mpp.queue.commands.exchange import exchange
from mpp.queue.commands.issue import IssueRequest, issuer_of
from mpp.queue.rules.life import Channel, Priority
from mpp.web.request_params import read_id


def to_ticket(
    look: Look,
    ticket_id: int,
    wanted: Priority | None = None,
    slip: SlipWish = SlipWish.PRINT,
) -> Redirect:
    """`wanted`: the priority that was chosen when the form came again, unlike the ticket's."""
    there = look.navigation.alone.to(f"{START}/ticket/{ticket_id}")
    there += f"&wanted={wanted}" if wanted else ""
    there += f"&slip={slip}" if slip is SlipWish.NONE else ""
    return Redirect(there, status_code=303)


class PriorityForm(msgspec.Struct):
    priority: Priority
    slip: SlipWish = SlipWish.PRINT


@post("/ticket/{ticket_id:str}/priority")
async def change_priority(
    ticket_id: FromPath[str],
    data: URLEncodedBody[PriorityForm],
    db: NamedDependency[Database],
    look: NamedDependency[Look],
) -> Redirect:
    """Another number with this priority for the same visit; the first one is cancelled."""
    wanted = read_id(ticket_id, "ticket_id")
    own, token = await db.read(own_ticket, look, wanted)
    if own.priority is data.priority:
        return to_ticket(look, own.id)
    service = look.mall.service_by_id.get(own.service_id)
    if service is None:
        raise NotFound("Layanan tiket itu sudah tidak ada.", field="ticket_id")
    asked = IssueRequest(
        service=service,
        issuer=issuer_of(look.by),
        key=f"priority-{own.id}-{data.priority}",
        priority=data.priority,
        locale=look.navigation.lang,
        channel=Channel.KIOSK,
        visit=token,
        unrestricted=True,  # it takes the place of a number that was given
        device_id=look.by.device_id,
    )
    try:
        new = await db.execute(exchange, look.mall, own, asked, now=look.now)
        return to_ticket(look, new.id, slip=data.slip)
    except ActionNotAllowed:
        return to_ticket(look, own.id)  # called meanwhile, or cancelled: its page says so


@post("/ticket/{ticket_id:str}/cancel")
async def cancel(
    ticket_id: FromPath[str], db: NamedDependency[Database], look: NamedDependency[Look]
) -> Redirect:
    """The number was a mistake. Sent again, it shows the same page."""
    own, _ = await db.read(own_ticket, look, read_id(ticket_id, "ticket_id"))
    with contextlib.suppress(ActionNotAllowed):
        await db.execute(cancel_by_visitor, look.mall, own.visit_id, now=look.now, ticket_id=own.id)
    return to_ticket(look, own.id)
