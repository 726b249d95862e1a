"""Paper surveys come in: a whole table or nothing of it, and no table twice."""

import hashlib
import io
import secrets
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import insert, select

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.errors import Conflict, Invalid
from mpp.survey.commands.answering import put
from mpp.survey.models import survey_answers, survey_imports
from mpp.survey.rules.import_rows import Row, read_csv, read_rows
from mpp.survey.rules.import_table import ImportedAnswer

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 128 * 1024 * 1024


def read_table(raw: bytes, name: str) -> list[Row]:
    """The rows of a CSV or XLSX file. `Invalid` says what is wrong, row by row."""
    if raw.startswith(b"PK"):
        return read_rows(_workbook(raw, name), name)
    try:
        return read_csv(raw.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise Invalid(f"{name}: bukan CSV UTF-8 dan bukan XLSX", field="file") from None


def _workbook(raw: bytes, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The first sheet's rows, numbered as the spreadsheet shows them."""
    import python_calamine  # noqa: PLC0415 - for one form of the manager's

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
                raise Invalid(f"{name}: isinya terlalu besar", field="file")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, zipfile.BadZipFile, IndexError, OSError) as error:
        raise Invalid(f"{name}: bukan XLSX yang terbaca", field="file") from error
    for number, cells in enumerate(table, start=1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def import_questionnaires(
    tx: Transaction,
    mall: Mall,
    raw: bytes,
    name: str,
    forms: Sequence[ImportedAnswer],
    *,
    now: datetime,
) -> int:
    """Store the forms of a file; answers how many. `Conflict` for a file that was read in before."""
    hashed = hashlib.sha256(raw).hexdigest()
    i = survey_imports.c
    tx.lock(-mall.id)
    known = select(i.file_name).where(i.mall_id == mall.id, i.file_hash == hashed)
    before = tx.conn.execute(known).scalar()
    if before is not None:
        raise Conflict(f"Berkas ini sudah pernah dimasukkan sebagai {before!r}.", field="file")
    import_id = tx.new_id()
    tx.conn.execute(
        insert(survey_imports).values(
            mall_id=mall.id,
            id=import_id,
            file_name="".join(filter(str.isprintable, name))[:200],
            file_hash=hashed,
            respondents=len(forms),
            imported_at=now,
        )
    )
    by_day: dict[date, list[ImportedAnswer]] = {}
    for form in forms:
        by_day.setdefault(form.day, []).append(form)
    for day, theirs in by_day.items():
        rows = [
            {
                "mall_id": mall.id,
                "token_hash": secrets.token_hex(32),
                "service_id": form.service_id,
                "day": day,
                "channel": "paper",
                "import_id": import_id,
                **form.sheet.columns,
            }
            for form in theirs
        ]
        put(tx, survey_answers, mall.id, day, rows)
    return len(forms)
