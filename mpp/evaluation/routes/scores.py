"""Users' answers to F-03 in tables: pasted or as a file, and taken back again."""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from mpp.documents.reading.sheets import MOST_BYTES
from mpp.errors import Conflict, Invalid, Unavailable
from mpp.evaluation.commands import score_imports
from mpp.evaluation.routes.files import ENVELOPE
from mpp.evaluation.routes.forms import to
from mpp.evaluation.routes.office import CHANGERS, Office
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.score_table import MOST_PASTED, PASTED, ScoreFile, read_scores
from mpp.security import LEADERS, requires
from mpp.texts import marked
from mpp.web.request_params import read_id

UTF8_LONGEST = 4
URL_ENCODED = 3
"""Characters in an address's writing for one byte."""


class PasteForm(msgspec.Struct):
    answers: str = ""


@post(
    "/f03/{evaluation_id:str}/paste",
    guards=[requires(LEADERS)],
    request_max_body_size=MOST_PASTED * UTF8_LONGEST * URL_ENCODED + ENVELOPE,
)
async def paste(
    office: NamedDependency[Office], evaluation_id: FromPath[str], data: URLEncodedBody[PasteForm]
) -> Response[Any]:
    """A pasted table: all of it, or nothing and the line that is wrong."""
    found = await office.evaluation(evaluation_id)
    try:
        added = await _take_in(office, found, data.answers.encode("utf-8", "replace"), "")
    except (Invalid, Conflict, Unavailable) as refused:
        shown = data.answers[:MOST_PASTED]
        return await office.users_page(found, pasted=shown, refused=refused)
    return to(f"/f03/{found.id}?added={added}")


@post(
    "/f03/{evaluation_id:str}/file",
    guards=[requires(LEADERS)],
    request_max_body_size=MOST_BYTES + ENVELOPE,
)
async def upload(
    office: NamedDependency[Office], request: Request[Any, Any, Any], evaluation_id: FromPath[str]
) -> Response[Any]:
    """A table as a file: all of it, or nothing and the row that is wrong."""
    found = await office.evaluation(evaluation_id)
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        missing = Invalid(marked("Pilih berkas CSV atau XLSX."), field="file")
        return await office.users_page(found, refused=missing)
    try:
        added = await _take_in(office, found, await sent.read(), sent.filename[-120:])
    except (Invalid, Conflict, Unavailable) as refused:
        return await office.users_page(found, refused=refused)
    return to(f"/f03/{found.id}?added={added}")


async def _take_in(office: Office, found: Evaluation, raw: bytes, name: str) -> int:
    file = ScoreFile(raw, name, found.variant.question)
    read = await office.isolated.run(read_scores, file)
    return await office.db.execute(
        score_imports.import_scores,
        found.mall_id,
        found.id,
        read,
        name or PASTED,
        by=office.request.user.name,
        now=office.clock(),
    )


@post("/f03/import/{import_id:str}/withdraw", guards=[requires(LEADERS)])
async def withdraw(office: NamedDependency[Office], import_id: FromPath[str]) -> Response[Any]:
    """Take back the users of a table, all of them and nobody else."""
    found = await office.db.execute(
        score_imports.withdraw_scores,
        office.mall.id,
        read_id(import_id, "import_id"),
        by=office.request.user.name,
        now=office.clock(),
    )
    return to(f"/f03/{found.evaluation_id}?withdrawn={found.users}")


@post("/f03/{evaluation_id:str}/clear", guards=[requires(CHANGERS)])
async def clear(office: NamedDependency[Office], evaluation_id: FromPath[str]) -> Response[Any]:
    """Remove all users' answers."""
    evaluation = read_id(evaluation_id, "evaluation")
    await office.db.execute(
        score_imports.clear_users,
        office.mall.id,
        evaluation,
        by=office.request.user.name,
        now=office.clock(),
    )
    return to(f"/f03/{evaluation}")


handlers = [paste, upload, withdraw, clear]
