"""The index of public service (IPP): what leaders change. Each answer leads back to a page."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from mpp.errors import Conflict, Invalid, NotFound
from mpp.evaluation.commands import evaluations as commands
from mpp.evaluation.commands.evaluations import Start
from mpp.evaluation.pages.evaluations import indicator_rows
from mpp.evaluation.routes.office import CHANGERS, Office
from mpp.evaluation.rules.score import WithoutUsers
from mpp.evaluation.rules.standing import Judged
from mpp.security import LEADERS, requires
from mpp.texts import marked
from mpp.web.request_params import read_id

HOME = "/overview/ipp"
Line = Annotated[str, msgspec.Meta(max_length=200)]
Lines = Annotated[str, msgspec.Meta(max_length=5000)]


class StartForm(msgspec.Struct):
    year: Line = ""
    unit: Line = ""
    instrument: Line = ""
    variant: Line = ""
    without_users: Line = ""


class JudgeForm(msgspec.Struct):
    """An empty level is no level."""

    own: Line = ""
    level: Line = ""
    effort: Line = ""
    evidence: Lines = ""
    note: Lines = ""
    following: Line = ""
    """The indicator to go on with; empty: back to the evaluation."""


class AdviceForm(msgspec.Struct):
    indicator: Line = ""
    text: Lines = ""


class FollowUpForm(msgspec.Struct):
    evaluation: Line = ""
    followed_up: Lines = ""
    followed_up_on: Line = ""


def number_in(text: str, field: str) -> int | None:
    """A whole number of a form; None when left empty. `Invalid` for anything else."""
    if not text.strip():
        return None
    if not (text.isascii() and text.strip().isdecimal() and len(text) <= 4):
        raise Invalid(f"{text[:20]!r} bukan bilangan.", field=field)
    return int(text)


def day_in(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(f"{text[:20]!r} bukan tanggal.", field=field) from None


def to(path: str) -> Response[Any]:
    return Redirect(f"{HOME}{path}", status_code=303)


def start_of(form: StartForm) -> Start:
    choices = [each.value for each in WithoutUsers]
    if form.without_users not in choices:
        raise Invalid(marked("Pilih perlakuan tanpa jawaban pengguna."), field="without_users")
    return Start(
        year=number_in(form.year, "year") or 0,
        unit=form.unit,
        instrument=form.instrument,
        variant=form.variant,
        without_users=WithoutUsers(form.without_users),
    )


@post("/", guards=[requires(CHANGERS)])
async def create(office: NamedDependency[Office], data: URLEncodedBody[StartForm]) -> Response[Any]:
    """Begin an evaluation; after a refusal the form again, as it was filled in."""
    try:
        made = await office.db.execute(
            commands.create_evaluation, office.mall.id, start_of(data), now=office.clock()
        )
    except (Invalid, Conflict) as refused:
        return await office.list_page(msgspec.structs.asdict(data), refused)
    return to(f"/{made}")


@post("/{evaluation_id:str}/indicator/{number:str}", guards=[requires(CHANGERS)])
async def judge(
    office: NamedDependency[Office],
    evaluation_id: FromPath[str],
    number: FromPath[str],
    data: URLEncodedBody[JudgeForm],
) -> Response[Any]:
    """Set what is known of an indicator."""
    evaluation, indicator = read_id(evaluation_id, "evaluation"), read_id(number, "indicator")
    judged = Judged(
        own=number_in(data.own, "own"),
        level=number_in(data.level, "level"),
        effort=number_in(data.effort, "effort"),
        evidence=data.evidence,
        note=data.note,
    )
    await office.db.execute(commands.judge, office.mall.id, evaluation, indicator, judged)
    following = number_in(data.following, "following")
    return to(
        f"/{evaluation}/indicator/{following}" if following else f"/{evaluation}#i{indicator}"
    )


@post("/{evaluation_id:str}/indicator/{number:str}/take", guards=[requires(CHANGERS)])
async def take(
    office: NamedDependency[Office], evaluation_id: FromPath[str], number: FromPath[str]
) -> Response[Any]:
    """Make the derived level the unit's own, its sentence added to the evidence."""
    found, facts = await office.with_facts(evaluation_id)
    indicator = read_id(number, "indicator")
    row = indicator_rows(found, facts).get(indicator)
    if row is None or row.derived is None or row.derived.level is None:
        raise NotFound("Tidak ada tingkat yang ditemukan sistem untuk ini.", field="indicator")
    said = f"{row.derived.sentence} ({row.derived.source})"
    kept = row.judged.evidence
    words = kept if said in kept else f"{kept}\n{said}"
    await office.db.execute(
        commands.take_over, found.mall_id, found.id, indicator, row.derived.level, words
    )
    return to(f"/{found.id}/indicator/{indicator}")


@post("/f03/{evaluation_id:str}", guards=[requires(LEADERS)])
async def one_user(
    office: NamedDependency[Office],
    evaluation_id: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
) -> Response[Any]:
    """One user's answers: `q1` … by the number of the question, empty where not answered."""
    found = await office.evaluation(evaluation_id)
    try:
        row = [
            number_in(data.get(f"q{q.number}", ""), f"q{q.number}") for q in found.variant.question
        ]
        await office.db.execute(commands.add_users, found.mall_id, found.id, [row])
    except Invalid as refused:
        return await office.users_page(found, refused=refused)
    return to(f"/f03/{found.id}?added=1")


@post("/{evaluation_id:str}/recommendations", guards=[requires(CHANGERS)])
async def advise(
    office: NamedDependency[Office], evaluation_id: FromPath[str], data: URLEncodedBody[AdviceForm]
) -> Response[Any]:
    evaluation = read_id(evaluation_id, "evaluation")
    about = number_in(data.indicator, "indicator")
    await office.db.execute(commands.recommend, office.mall.id, evaluation, data.text, about)
    return to(f"/{evaluation}/recommendations")


@post("/recommendation/{recommendation_id:str}", guards=[requires(CHANGERS)])
async def follow(
    office: NamedDependency[Office],
    recommendation_id: FromPath[str],
    data: URLEncodedBody[FollowUpForm],
) -> Response[Any]:
    """What came of a recommendation."""
    wanted = read_id(recommendation_id, "recommendation")
    evaluation = read_id(data.evaluation, "evaluation")
    done_on = day_in(data.followed_up_on, "followed_up_on")
    await office.db.execute(commands.follow_up, office.mall.id, wanted, data.followed_up, done_on)
    return to(f"/{evaluation}/recommendations#r{wanted}")


handlers = [create, judge, take, one_user, advise, follow]
