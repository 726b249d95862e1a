"""The visitor's phone. Public: the secret in the address is the right to see the visit and to give it up."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.counters.queries import shift_rows
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.errors import MppError, NotFound
from mpp.live.feed import Feeds
from mpp.queue.commands import end
from mpp.queue.pages.phone import (
    CancelPage,
    CancelPart,
    NoVisitPage,
    PhonePage,
    PhonePart,
    PhoneView,
    phone_view,
)
from mpp.queue.queries import visit_rows
from mpp.queue.readers import Forecasts
from mpp.queue.routes.api.request_params import read_token
from mpp.queue.routes.api.visits import visit_topics
from mpp.queue.routes.parts import in_words, is_open_already, stated
from mpp.queue.routes.snapshots import visit_snapshot
from mpp.queue.rules.ticket import Visit
from mpp.security import public
from mpp.web.pages import Page, html
from mpp.web.request_params import read_id

NOT_FOR_ROBOTS = {"X-Robots-Tag": "noindex, nofollow, noarchive"}


@dataclass(frozen=True)
class Phone:
    """Somebody holds a visit's secret."""

    request: Request[Any, Any, Any]
    db: Database
    mall: Mall
    visit: Visit
    clock: Clock
    forecasts: Forecasts
    feeds: Feeds

    @property
    def is_open_already(self) -> bool:
        return is_open_already(self.request)

    async def view(self) -> PhoneView:
        version = self.feeds.hub.version(*await visit_topics(self.db, self.visit))
        now = self.clock()
        mall, token = self.mall, self.visit.token

        def look(tx: Transaction) -> PhoneView:
            seen = visit_snapshot(tx, self.forecasts, mall, token, version=version, now=now)
            return phone_view(mall, seen, shift_rows.present_shifts(tx, mall.id))

        return await self.db.read(look)

    async def show(self, refused: MppError | None = None) -> Response[str]:
        """The visit as it is now; after a refusal with the reason in plain words."""
        visit = await self.view()
        notice = in_words(self.request, refused, self.visit.locale) if refused else None
        kind = PhonePart if self.is_open_already else PhonePage
        page = kind(token=self.visit.token, visit=visit, notice=notice)
        return self.page(page, refused.status if refused else 200, visit.version)

    def page(self, page: Page, status_code: int = 200, version: int | None = None) -> Response[str]:
        return html(
            self.request,
            page,
            mall=self.mall,
            status_code=status_code,
            headers=NOT_FOR_ROBOTS | stated(version),
            usual_locale=self.visit.locale,
        )


async def provide_phone(
    token: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
    feeds: NamedDependency[Feeds],
) -> Phone:
    """`NotFound` for an address that is no visit's."""
    visit = await db.read(visit_rows.visit, read_token(token))
    mall = await malls.by_id(visit.mall_id)
    return Phone(request, db, mall, visit, clock, forecasts, feeds)


def no_visit(request: Request[Any, Any, Any], _error: NotFound) -> Response[str]:
    """An unknown address, in words for somebody who holds a slip and a phone."""
    return html(request, NoVisitPage(), status_code=404, headers=NOT_FOR_ROBOTS)


@get("/{token:str}")
async def phone_page(phone: NamedDependency[Phone]) -> Response[str]:
    return await phone.show()


@get("/{token:str}/now")
async def phone_part(phone: NamedDependency[Phone]) -> Response[str]:
    """What changes, for a page that has heard of a change."""
    visit = await phone.view()
    page = PhonePart(token=phone.visit.token, visit=visit, notice=None)
    return phone.page(page, version=visit.version)


@get("/{token:str}/cancel")
async def ask_to_cancel(
    phone: NamedDependency[Phone], ticket: FromQuery[str] = ""
) -> Response[Any]:
    """Are you sure? Straight back when there is nothing left to cancel."""
    wanted = read_id(ticket, "ticket")
    visit = await phone.view()
    found = next((each for each in visit.tickets if each.ticket.id == wanted), None)
    if found is None or not found.may_cancel:
        return await phone.show() if phone.is_open_already else _back(phone)
    page = CancelPart if phone.is_open_already else CancelPage
    return phone.page(page(token=phone.visit.token, ticket=found))


class CancelForm(msgspec.Struct):
    """Which of the visit's numbers."""

    ticket: Annotated[str, msgspec.Meta(max_length=16)]


@post("/{token:str}/cancel")
async def cancel(phone: NamedDependency[Phone], data: URLEncodedBody[CancelForm]) -> Response[Any]:
    """Give up one number. Called meanwhile: refused, and the page says where to go."""
    try:
        await phone.db.execute(
            end.cancel_by_visitor,
            phone.mall,
            phone.visit.id,
            now=phone.clock(),
            ticket_id=read_id(data.ticket, "ticket"),
        )
    except MppError as error:
        if error.status >= 500:
            raise
        return await phone.show(error)
    return await phone.show() if phone.is_open_already else _back(phone)


def _back(phone: Phone) -> Redirect:
    return Redirect(f"/v/{phone.visit.token}", status_code=303)


router = Router(
    "/v",
    route_handlers=[phone_page, phone_part, ask_to_cancel, cancel],
    guards=[public],
    dependencies={"phone": Provide(provide_phone)},
    exception_handlers={NotFound: no_visit},
    include_in_schema=False,
)
