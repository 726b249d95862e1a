"""Tables of paper surveys: those that came in, and those that wait for a yes."""

import msgspec
from sqlalchemy import select

from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.survey.models import survey_imports, survey_uploads
from mpp.survey.rules.import_file import Outline
from mpp.survey.rules.report import Import, Upload

_I = survey_imports.c
_U = survey_uploads.c
_IMPORT = (
    _I.id, _I.file_name, _I.respondents, _I.imported_at, _I.imported_by, _I.first_day, _I.last_day,
    _I.withdrawn_at, _I.withdrawn_by,
)  # fmt: skip


def imports(tx: Transaction, mall_id: int) -> list[Import]:
    """The latest twenty tables of paper, newest first."""
    rows = tx.conn.execute(
        select(*_IMPORT).where(_I.mall_id == mall_id).order_by(_I.id.desc()).limit(20)
    )
    return [Import(*row) for row in rows]


def one_import(tx: Transaction, mall_id: int, import_id: int) -> Import:
    row = tx.conn.execute(select(*_IMPORT).where(_I.mall_id == mall_id, _I.id == import_id)).first()
    if row is None:
        raise NotFound("Berkas itu tidak ada.", field="import")
    return Import(*row)


def upload(tx: Transaction, mall_id: int, upload_id: int) -> Upload:
    """A table that waits; `NotFound` once it was taken in, dropped, or a day old."""
    row = tx.conn.execute(
        select(_U.id, _U.file_name, _U.outline).where(_U.mall_id == mall_id, _U.id == upload_id)
    ).first()
    if row is None:
        raise NotFound("Berkas itu sudah tidak menunggu. Pilih lagi berkasnya.", field="file")
    return Upload(row.id, row.file_name, msgspec.convert(row.outline, Outline))
