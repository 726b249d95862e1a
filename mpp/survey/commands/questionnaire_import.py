"""Paper surveys come in: shown before they are stored, a whole table or nothing of it, no table twice.

A table that was wrong is taken back whole, and who did it stays on record.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.errors import Conflict, NotFound
from mpp.survey.commands.answering import put
from mpp.survey.models import survey_answers, survey_imports, survey_uploads
from mpp.survey.queries.import_rows import one_import
from mpp.survey.rules.import_file import PaperRead
from mpp.survey.rules.report import Import

KEPT = timedelta(days=1)
"""How long a table waits for a yes."""
_I = survey_imports.c
_U = survey_uploads.c
_Forms = list[tuple[int, date, dict[str, Any]]]


def keep_upload(
    tx: Transaction, mall: Mall, raw: bytes, name: str, read: PaperRead, *, by: str, now: datetime
) -> int:
    """Keep a table that was read until somebody has looked at it; answers its id.

    `Conflict` for a file, or for answers, that came in before. The same person's earlier table that still
    waits is dropped, and so is whatever has waited for a day.
    """
    file_hash = hashlib.sha256(raw).hexdigest()
    tx.lock(-mall.id)
    _refuse_twice(tx, mall, file_hash, read.digest)
    old = (_U.uploaded_by == by) | (_U.uploaded_at < now - KEPT)
    tx.conn.execute(delete(survey_uploads).where(_U.mall_id == mall.id, old))
    upload_id = tx.new_id()
    tx.conn.execute(
        insert(survey_uploads).values(
            mall_id=mall.id,
            id=upload_id,
            file_name="".join(filter(str.isprintable, name))[-200:],
            file_hash=file_hash,
            content_hash=read.digest,
            outline=msgspec.to_builtins(read.outline),
            forms=read.forms,
            uploaded_at=now,
            uploaded_by=by,
        )
    )
    return upload_id


def take_in(tx: Transaction, mall: Mall, upload_id: int, *, by: str, now: datetime) -> int:
    """Store the forms of a table that waits; answers how many.

    `NotFound` when it does not wait (any more), `Conflict` when the same came in meanwhile.
    """
    tx.lock(-mall.id)
    waits = (_U.mall_id == mall.id, _U.id == upload_id)
    row = tx.conn.execute(select(survey_uploads).where(*waits)).first()
    if row is None:
        raise NotFound("Berkas itu sudah tidak menunggu. Pilih lagi berkasnya.", field="file")
    _refuse_twice(tx, mall, row.file_hash, row.content_hash)
    forms = msgspec.msgpack.decode(row.forms, type=_Forms)
    import_id = tx.new_id()
    tx.conn.execute(
        insert(survey_imports).values(
            mall_id=mall.id,
            id=import_id,
            file_name=row.file_name,
            file_hash=row.file_hash,
            content_hash=row.content_hash,
            respondents=len(forms),
            first_day=min(day for _, day, _ in forms),
            last_day=max(day for _, day, _ in forms),
            imported_at=now,
            imported_by=by,
        )
    )
    _store(tx, mall.id, import_id, forms)
    tx.conn.execute(delete(survey_uploads).where(*waits))
    return len(forms)


def drop_upload(tx: Transaction, mall: Mall, upload_id: int) -> None:
    """Forget a table that waits."""
    tx.conn.execute(delete(survey_uploads).where(_U.mall_id == mall.id, _U.id == upload_id))


def withdraw(tx: Transaction, mall: Mall, import_id: int, *, by: str, now: datetime) -> Import:
    """Take back all answers of a table; answers what it was. Its line stays, with who and when.

    `Conflict` when it was taken back already. What was published stays as it was published.
    """
    tx.lock(-mall.id)
    found = one_import(tx, mall.id, import_id)
    if found.withdrawn_at is not None:
        raise Conflict(f"{found.file_name!r} sudah ditarik.", field="import")
    a = survey_answers.c
    tx.conn.execute(delete(survey_answers).where(a.mall_id == mall.id, a.import_id == import_id))
    tx.conn.execute(
        update(survey_imports)
        .where(_I.mall_id == mall.id, _I.id == import_id)
        .values(withdrawn_at=now, withdrawn_by=by)
    )
    return found


def _refuse_twice(tx: Transaction, mall: Mall, file_hash: str, content_hash: str) -> None:
    same = (_I.file_hash == file_hash) | (_I.content_hash == content_hash)
    known = tx.conn.execute(
        select(_I.file_name, _I.file_hash, _I.imported_at)
        .where(_I.mall_id == mall.id, _I.withdrawn_at.is_(None), same)
        .order_by(_I.id)
    ).first()
    if known is None:
        return
    what = "Berkas ini" if known.file_hash == file_hash else "Jawaban yang sama"
    day = known.imported_at.astimezone(mall.time_zone).strftime("%Y-%m-%d")
    raise Conflict(
        f"{what} sudah pernah dimasukkan sebagai {known.file_name!r} pada {day}."
        " Bila yang lama keliru, tarik dahulu.",
        field="file",
    )


def _store(tx: Transaction, mall_id: int, import_id: int, forms: _Forms) -> None:
    by_day: dict[date, list[dict[str, Any]]] = {}
    for service_id, day, columns in forms:
        by_day.setdefault(day, []).append(
            {
                "mall_id": mall_id,
                "token_hash": secrets.token_hex(32),
                "service_id": service_id,
                "day": day,
                "channel": "paper",
                "import_id": import_id,
                **columns,
            }
        )
    for day, rows in by_day.items():
        put(tx, survey_answers, mall_id, day, rows)
