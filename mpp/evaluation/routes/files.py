"""Files that prove the levels of an evaluation: attach, read, remove."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath

from mpp.errors import Conflict, Invalid, Unavailable
from mpp.evaluation.commands import evidence
from mpp.evaluation.queries import evidence_files
from mpp.evaluation.routes.forms import to
from mpp.evaluation.routes.office import CHANGERS, Office
from mpp.evaluation.rules.attachment import KINDS, MOST_BYTES, Attachment, SentFile, check_sent
from mpp.security import LEADERS, requires
from mpp.texts import marked
from mpp.web.downloads import download
from mpp.web.request_params import read_id

ENVELOPE = 64 * 1024
"""What a form weighs beside its file."""
LONGEST_SENT = 400
"""Characters of a name that are looked at, from its end."""


@post(
    "/{evaluation_id:str}/indicator/{number:str}/files",
    guards=[requires(CHANGERS)],
    request_max_body_size=MOST_BYTES + ENVELOPE,
)
async def attach(
    office: NamedDependency[Office],
    request: Request[Any, Any, Any],
    evaluation_id: FromPath[str],
    number: FromPath[str],
) -> Response[Any]:
    """Keep a file with an indicator; after a refusal the indicator again, with what is wrong."""
    evaluation, indicator = read_id(evaluation_id, "evaluation"), read_id(number, "indicator")
    try:
        file = await _sent(office, request)
        await office.db.execute(
            evidence.attach, office.mall.id, evaluation, indicator, file, now=office.clock()
        )
    except (Invalid, Conflict, Unavailable) as refused:
        return await office.indicator_page(evaluation_id, indicator, refused)
    return to(f"/{evaluation}/indicator/{indicator}#files")


async def _sent(office: Office, request: Request[Any, Any, Any]) -> Attachment:
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Invalid(marked("Pilih berkas yang dilampirkan."), field="file")
    file = SentFile(sent.filename[-LONGEST_SENT:], await sent.read())
    checked = await office.isolated.run(check_sent, file)
    return Attachment(checked.name, checked.kind, file.content)


@get("/file/{file_id:str}", guards=[requires(LEADERS)])
async def read(office: NamedDependency[Office], file_id: FromPath[str]) -> Response[bytes]:
    """The file to keep; never shown by the browser as a page of ours."""
    wanted = read_id(file_id, "file")
    found, content = await office.db.read(evidence_files.file_with_content, office.mall.id, wanted)
    name = f"bukti-{found.indicator}-{found.id}.{found.kind}"
    return download(content, KINDS[found.kind].media_type, name)


@post("/file/{file_id:str}/remove", guards=[requires(CHANGERS)])
async def remove(office: NamedDependency[Office], file_id: FromPath[str]) -> Response[Any]:
    """Take a file away for good."""
    gone = await office.db.execute(evidence.detach, office.mall.id, read_id(file_id, "file"))
    return to(f"/{gone.evaluation_id}/indicator/{gone.indicator}#files")


handlers = [attach, read, remove]
