"""Paper surveys: read a file, look at what it says, then store it; take a wrong one back."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from mpp.documents.reading.sheets import MOST_BYTES
from mpp.errors import Conflict, Invalid, NotFound, Unavailable
from mpp.metrics.rules.periods import read_day
from mpp.survey.commands import questionnaire_import
from mpp.survey.pages.paper import paper_page
from mpp.survey.queries import import_rows
from mpp.survey.routes.results import Leader
from mpp.survey.rules.import_file import PaperFile, read_paper, services_of
from mpp.survey.rules.import_table import Assumed
from mpp.web.language import locale_of
from mpp.web.request_params import read_id

ENVELOPE = 64 * 1024
"""What a form weighs beside its file."""


@post("/paper", request_max_body_size=MOST_BYTES + ENVELOPE)
async def send(leader: NamedDependency[Leader], request: Request[Any, Any, Any]) -> Response[Any]:
    """Read a table of paper surveys, and show what it says; else what is wrong in which row."""
    form = await request.form()
    sent, said = form.get("file"), {name: form.get(name) for name in ("service", "day")}
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await leader.show(problem=["Pilih berkas CSV atau XLSX."], status_code=422)
    try:
        upload_id = await _read(leader, await sent.read(), sent.filename[-120:], said)
    except (Invalid, Conflict, Unavailable) as error:
        return await leader.show(problem=error.detail.split("\n"), status_code=error.status)
    return Redirect(f"/overview/skm/paper/{upload_id}", status_code=303)


async def _read(leader: Leader, raw: bytes, name: str, said: dict[str, Any]) -> int:
    mall, now = leader.mall, leader.clock()
    slug, day = (str(said[field] or "") for field in ("service", "day"))
    today = mall.day(now)
    file = PaperFile(
        raw,
        name,
        services=services_of(
            (each.slug, each.id, [each.name.in_(locale) for locale in ("id", "en")])
            for each in mall.services
        ),
        assumed=Assumed(
            service_id=mall.service(slug).id if slug else None,
            day=read_day(day, "day", today) if day else None,
        ),
        today=today,
    )
    read = await leader.isolated.run(read_paper, file)
    by = leader.request.user.name
    return await leader.db.execute(
        questionnaire_import.keep_upload, mall, raw, name, read, by=by, now=now
    )


@get("/paper/{upload_id:str}")
async def look(leader: NamedDependency[Leader], upload_id: FromPath[str]) -> Response[str]:
    """What a table says, before anything of it is stored."""
    wanted = read_id(upload_id, "upload_id")
    found = await leader.db.read(import_rows.upload, leader.mall.id, wanted)
    return leader.page(paper_page(leader.mall, found, locale_of(leader.request)))


@post("/paper/{upload_id:str}")
async def take_in(leader: NamedDependency[Leader], upload_id: FromPath[str]) -> Response[Any]:
    """Store the table that was shown."""
    try:
        count = await leader.db.execute(
            questionnaire_import.take_in,
            leader.mall,
            read_id(upload_id, "upload_id"),
            by=leader.request.user.name,
            now=leader.clock(),
        )
    except (Conflict, NotFound) as error:
        return await leader.show(problem=[error.detail], status_code=error.status)
    return Redirect(f"/overview/skm?imported={count}", status_code=303)


@post("/paper/{upload_id:str}/drop")
async def drop(leader: NamedDependency[Leader], upload_id: FromPath[str]) -> Response[Any]:
    """Forget the table that was shown."""
    wanted = read_id(upload_id, "upload_id")
    await leader.db.execute(questionnaire_import.drop_upload, leader.mall, wanted)
    return Redirect("/overview/skm#paper", status_code=303)


@post("/imports/{import_id:str}/withdraw")
async def withdraw(leader: NamedDependency[Leader], import_id: FromPath[str]) -> Response[Any]:
    """Take back what a table brought in, all of it and nothing else."""
    try:
        found = await leader.db.execute(
            questionnaire_import.withdraw,
            leader.mall,
            read_id(import_id, "import_id"),
            by=leader.request.user.name,
            now=leader.clock(),
        )
    except Conflict as error:
        return await leader.show(problem=[error.detail], status_code=error.status)
    return Redirect(f"/overview/skm?withdrawn={found.respondents}", status_code=303)


handlers = [send, look, take_in, drop, withdraw]
