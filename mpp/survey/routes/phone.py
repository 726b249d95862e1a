"""The survey on a visitor's phone. Public: a blind token in the address is the right to answer once."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.errors import Conflict, MppError, NotFound
from mpp.queue.routes.api.request_params import read_token
from mpp.security import public
from mpp.survey.commands import answering
from mpp.survey.pages.questionnaire import SurveyDonePage, SurveyOverPage, survey_page
from mpp.survey.queries import answer_rows
from mpp.survey.readers.tokens import Judges
from mpp.survey.rules import token
from mpp.survey.rules.answer import sheet
from mpp.survey.rules.profile import FIELDS
from mpp.survey.rules.token import Blind
from mpp.survey.rules.unsur import BY_CODE
from mpp.texts import marked
from mpp.web.language import locale_of
from mpp.web.pages import Page, html
from mpp.web.request_params import path_of

NOT_FOR_ROBOTS = {"X-Robots-Tag": "noindex, nofollow, noarchive"}
TABLET = "/survey/tablet"
EMPTY = marked("Pilih sedikitnya satu jawaban.")
ALREADY = marked("Kunjungan ini sudah dinilai; penilaian pertama yang berlaku.")

ValueIn = Annotated[str, msgspec.Meta(pattern="^[1-4]?$")]
ClassIn = Annotated[str, msgspec.Meta(max_length=16)]


class SurveyForm(msgspec.Struct, kw_only=True):
    """What the page's two forms send: one tap on a face, or the questions. Empty: not answered."""

    quick: ValueIn = ""
    u1: ValueIn = ""
    u2: ValueIn = ""
    u3: ValueIn = ""
    u4: ValueIn = ""
    u5: ValueIn = ""
    u6: ValueIn = ""
    u7: ValueIn = ""
    u8: ValueIn = ""
    u9: ValueIn = ""
    gender: ClassIn = ""
    age: ClassIn = ""
    education: ClassIn = ""
    occupation: ClassIn = ""
    time_band: ClassIn = ""

    @property
    def held(self) -> dict[str, str]:
        return msgspec.structs.asdict(self)

    @property
    def values(self) -> dict[str, int | None]:
        return {code: int(text) if (text := self.held[code]) else None for code in BY_CODE}

    @property
    def profile(self) -> dict[str, str | None]:
        return {name: self.held[name] or None for name in FIELDS}


@dataclass(frozen=True)
class Respondent:
    """Somebody holds a blind token that we wrote."""

    request: Request[Any, Any, Any]
    judges: Judges
    mall: Mall
    blind: Blind
    text: str
    is_open: bool

    @property
    def is_tablet(self) -> bool:
        """At the counter, where the next one will hold it."""
        return path_of(self.request).startswith(TABLET)

    @property
    def address(self) -> str:
        return f"{TABLET if self.is_tablet else '/s'}/{self.text}"

    def page(self, page: Page, status_code: int = 200) -> Response[str]:
        return html(
            self.request,
            page,
            mall=self.mall,
            status_code=status_code,
            headers=NOT_FOR_ROBOTS,
        )

    async def show(
        self, form: SurveyForm | None = None, problem: str | None = None, status_code: int = 200
    ) -> Response[str]:
        """The questions; thanks where they are answered."""
        of = self.blind.payload
        service = self.mall.service_by_id.get(of.service_id)

        def look(tx: Transaction) -> Any:
            own = answer_rows.wordings(tx, of.mall_id, service.agency_id) if service else {}
            return own, answer_rows.given(tx, of.mall_id, self.blind.hashed)

        own, given = await self.judges.db.read(look)
        if given.survey:
            return self.thanks(is_new=False, status_code=status_code)
        page = survey_page(
            self.mall,
            of.service_id,
            of.day,
            own,
            action=self.address,
            locale=locale_of(self.request),
            quick=given.quick,
            sent=form.held if form else None,
            problem=problem,
            is_tablet=self.is_tablet,
        )
        return self.page(page, status_code)

    def thanks(self, *, is_new: bool, status_code: int = 200) -> Response[str]:
        page = SurveyDonePage(is_new=is_new, mall_slug=self.mall.slug, is_tablet=self.is_tablet)
        return self.page(page, status_code)

    def over(self) -> Response[str]:
        return self.page(SurveyOverPage(reason="expired"), 410)

    async def look(self, *, is_new: bool) -> Response[str]:
        """The questions while they are open; `is_new`: thanks for an answer just given."""
        if not self.is_open:
            return self.over()
        if is_new:
            given = await self.judges.db.read(answer_rows.given, self.mall.id, self.blind.hashed)
            if given.survey:
                return self.thanks(is_new=True)
        return await self.show()

    async def take(self, form: SurveyForm) -> Response[Any]:
        """Store what was sent, and lead on."""
        if not self.is_open:
            return self.over()
        said = sheet(form.values, form.profile)
        if said is None and not form.quick:
            return await self.show(form, EMPTY, 422)
        try:
            await self.judges.db.execute(
                answering.answer,
                self.blind,
                channel="tablet" if self.is_tablet else "phone",
                today=self.mall.day(self.judges.clock()),
                sheet=said,
                quick=int(form.quick) if form.quick else None,
            )
        except Conflict:
            return await self.show(form, ALREADY, 409)
        end = "?done=1" if said else "#questions"
        return Redirect(f"{self.address}{end}", status_code=303)


async def provide_respondent(
    blind: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Respondent:
    """`NotFound` for an address that we did not write."""
    judges = Judges(db, malls, clock, settings)
    found = judges.read(blind)
    if found is None:
        raise NotFound("Alamat survei itu tidak dikenal.", field="blind")
    of = found.payload
    mall = await malls.by_id(of.mall_id)
    salt = await db.read(answer_rows.salt_of, of.mall_id, of.day)
    is_open = salt is not None and token.is_open(of.day, mall.day(clock()))
    return Respondent(request, judges, mall, found, blind, is_open)


def no_survey(request: Request[Any, Any, Any], _error: NotFound) -> Response[str]:
    """An unknown address, in words for somebody who holds a phone."""
    page = SurveyOverPage(reason="unknown")
    return html(request, page, status_code=404, headers=NOT_FOR_ROBOTS)


@get("/{blind:str}")
async def questions(
    respondent: NamedDependency[Respondent], done: FromQuery[str] = ""
) -> Response[str]:
    """The survey, or why there is none."""
    return await respondent.look(is_new=bool(done))


@post("/{blind:str}")
async def send(
    respondent: NamedDependency[Respondent], data: URLEncodedBody[SurveyForm]
) -> Response[Any]:
    """A tap on a face, or the questions. What is refused comes back with all that was chosen."""
    return await respondent.take(data)


class BeginForm(msgspec.Struct):
    """The visit's secret, from the visitor's own page."""

    visit: Annotated[str, msgspec.Meta(max_length=200)]


@post("/survey", guards=[public], include_in_schema=False)
async def begin(
    request: Request[Any, Any, Any],
    data: URLEncodedBody[BeginForm],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Trade the visit's secret for a blind token; from here on nothing knows the visit."""
    judges = Judges(db, malls, clock, settings)
    try:
        _, blind = await judges.blind(read_token(data.visit))
    except MppError as error:
        if error.status not in {404, 409}:
            raise
        reason = "unknown" if error.status == 404 else "early"
        if error.detail == answering.OVER:
            reason = "expired"
        page = SurveyOverPage(reason=reason)
        return html(request, page, status_code=error.status, headers=NOT_FOR_ROBOTS)
    return Redirect(f"/s/{judges.written(blind)}", status_code=303)


routers = [
    Router("/", route_handlers=[begin]),
    Router(
        "/s",
        route_handlers=[questions, send],
        guards=[public],
        dependencies={"respondent": Provide(provide_respondent)},
        exception_handlers={NotFound: no_survey},
        include_in_schema=False,
    ),
]
