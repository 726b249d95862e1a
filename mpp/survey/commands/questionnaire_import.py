"""Paper surveys come in: a whole table or nothing of it, and no table twice."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert, select

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.errors import Conflict
from mpp.survey.commands.answering import put
from mpp.survey.models import survey_answers, survey_imports
from mpp.survey.rules.import_table import ImportedAnswer


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
