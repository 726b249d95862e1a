"""The officer's desk. Every button is a form that works without scripts; with them only parts change."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.counters.commands.shifts import counter_topic, service_topic
from mpp.counters.queries import shift_rows
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Counter, Mall
from mpp.db.seam import Database, Transaction
from mpp.errors import Invalid, MppError, NotFound
from mpp.live.feed import Feeds
from mpp.queue.pages.desk import (
    DeskListPage,
    DeskPage,
    DeskParts,
    DeskView,
    Notice,
    by_zone,
    counter_choices,
    desk_view,
    line,
)
from mpp.queue.pages.labels import DONE, NOBODY
from mpp.queue.pages.questions import ASKING, Question, QuestionPage, QuestionPart, question
from mpp.queue.pages.wire import ticket_out
from mpp.queue.queries import ticket_rows
from mpp.queue.readers import Forecasts
from mpp.queue.routes.api.request_params import TAKES, operated
from mpp.queue.routes.desk_forms import DeskForm, Done, Press, do
from mpp.queue.routes.parts import in_words, is_open_already, stated
from mpp.queue.routes.snapshots import desk_snapshot
from mpp.queue.rules import life
from mpp.queue.rules.life import Action
from mpp.queue.rules.ticket import Ticket
from mpp.security import COUNTER_STAFF, LEADERS, Principal, requires
from mpp.web.language import locale_of, translations
from mpp.web.pages import Page, html
from mpp.web.request_params import read_id


@dataclass(frozen=True)
class Desk:
    """A counter whose desk somebody is at who may be there."""

    request: Request[Any, Any, Any]
    db: Database
    mall: Mall
    counter: Counter
    by: Principal
    clock: Clock
    forecasts: Forecasts
    feeds: Feeds

    @property
    def is_open_already(self) -> bool:
        return is_open_already(self.request)

    async def view(self) -> DeskView:
        topics = [counter_topic(self.counter.id), *map(service_topic, self.counter.weights)]
        version = self.feeds.hub.version(*topics)
        now = self.clock()
        return desk_view(
            self.mall,
            await self.db.read(
                desk_snapshot, self.forecasts, self.mall, self.counter, version=version, now=now
            ),
        )

    async def show(self, notice: Notice | None, status_code: int = 200) -> Response[str]:
        """The desk as it is now, with word of the last press."""
        desk = await self.view()
        page: DeskPage | DeskParts = DeskParts(desk=desk, notice=notice)
        if not self.is_open_already:
            many = self.by.role in LEADERS or len(self.by.counter_ids) > 1
            page = DeskPage(desk=desk, notice=notice, is_one_of_many=many)
        return self.page(page, status_code, desk.version)

    def page(self, page: Page, status_code: int = 200, version: int | None = None) -> Response[str]:
        return html(
            self.request,
            page,
            mall=self.mall,
            status_code=status_code,
            headers=stated(version),
        )

    def notice(self, done: Done) -> Notice:
        text = translations(locale_of(self.request)).gettext(DONE[done.what])
        if done.ticket is not None:
            text = text % {"label": done.ticket.label}
        kind = "info" if done.what == NOBODY else "success"
        return Notice(text, kind, stays=done.what == Action.REFER)

    def refusal(self, error: MppError) -> Notice:
        return Notice(in_words(self.request, error), "warning", stays=True)


async def provide_desk(
    counter_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    forecasts: NamedDependency[Forecasts],
    feeds: NamedDependency[Feeds],
) -> Desk:
    """`Forbidden` for a counter of somebody else's."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    counter = mall.counter(operated(by, counter_id))
    return Desk(request, db, mall, counter, by, clock, forecasts, feeds)


@get("/")
async def counters(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
) -> Response[Any]:
    """The counters that this principal may operate; goes straight on when there is only one."""
    by: Principal = request.user
    mall = await malls.by_id(by.mall_id)
    theirs = [each for each in mall.counters if by.may_operate(each.id)]
    if len(theirs) == 1:
        return Redirect(f"/desk/{theirs[0].id}", status_code=303)
    shifts = await db.read(shift_rows.present_shifts, mall.id)
    page = DeskListPage(groups=by_zone(counter_choices(mall, theirs, shifts)))
    return html(request, page, mall=mall)


@get("/{counter_id:str}")
async def desk_page(
    desk: NamedDependency[Desk], done: FromQuery[str] = "", ticket: FromQuery[str] = ""
) -> Response[str]:
    """The whole page. `done`, `ticket`: what the press did that led here."""
    notice = None
    if done in DONE:
        found = await _ticket(desk, ticket) if ticket else None
        if (found is not None) == ("%(label)s" in DONE[done]):
            notice = desk.notice(Done(done, found))
    return await desk.show(notice)


async def _ticket(desk: Desk, ticket_id: str) -> Ticket:
    return await desk.db.read(ticket_rows.ticket, desk.mall.id, read_id(ticket_id, "ticket"))


@get("/{counter_id:str}/now")
async def desk_parts(desk: NamedDependency[Desk]) -> Response[str]:
    """The parts that change, for a page that has heard of a change."""
    view = await desk.view()
    return desk.page(DeskParts(desk=view, notice=None), version=view.version)


@get("/{counter_id:str}/ask/{action:str}")
async def ask(
    action: FromPath[str], desk: NamedDependency[Desk], ticket: FromQuery[str] = ""
) -> Response[str]:
    """The form that an action asks for. The desk itself, with the reason, when it is too late for it."""
    try:
        asked = await _question(desk, action, ticket)
    except MppError as error:
        return await desk.show(desk.refusal(error), error.status)
    return _asked(desk, asked)


def _asked(desk: Desk, asked: Question, status_code: int = 200) -> Response[str]:
    page = QuestionPart if desk.is_open_already else QuestionPage
    return desk.page(page(question=asked), status_code)


async def _question(desk: Desk, action: str, ticket_id: str, error: str | None = None) -> Question:
    if action not in ASKING:
        raise NotFound("Tindakan itu tidak ada.", field="action")
    button = ASKING[action]
    mall = desk.mall

    def look(tx: Transaction) -> Question:
        shifts = shift_rows.present_shifts(tx, mall.id)
        about = None
        if action in TAKES:
            found = ticket_rows.ticket(tx, mall.id, read_id(ticket_id, "ticket"))
            life.after(found.state, Action(action))
            about = line(mall, ticket_out(mall, found))
        return question(mall, desk.counter, button, about, shifts, error)

    return await desk.db.read(look)


@post("/{counter_id:str}/act")
async def press(desk: NamedDependency[Desk], data: URLEncodedBody[DeskForm]) -> Response[Any]:
    """Do it, then show the desk. What is refused is said in plain words beside the fresh state."""
    pressed = Press(
        db=desk.db, mall=desk.mall, counter=desk.counter, by=desk.by, now=desk.clock(), form=data
    )
    try:
        done = await do(pressed)
    except Invalid as error:
        if data.action in ASKING:
            asked = await _question(desk, data.action, data.ticket, in_words(desk.request, error))
            return _asked(desk, asked, error.status)
        return await desk.show(desk.refusal(error), error.status)
    except MppError as error:
        if error.status >= 500:
            raise
        return await desk.show(desk.refusal(error), error.status)
    if desk.is_open_already:
        return await desk.show(desk.notice(done))
    about = f"&ticket={done.ticket.id}" if done.ticket else ""
    return Redirect(f"/desk/{desk.counter.id}?done={done.what}{about}", status_code=303)


router = Router(
    "/desk",
    route_handlers=[counters, desk_page, desk_parts, ask, press],
    guards=[requires(COUNTER_STAFF)],
    dependencies={"desk": Provide(provide_desk)},
    include_in_schema=False,
)
