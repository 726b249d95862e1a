"""Answers to the survey, and the salts that keep them blind.

An answer is written in a transaction of its own, which touches nothing that knows a visit or a moment.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, delete, insert, select

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.errors import Conflict
from mpp.survey.models import quick_scores, survey_answers, survey_salts
from mpp.survey.queries.answer_rows import salt_of
from mpp.survey.rules import token
from mpp.survey.rules.answer import Questionnaire
from mpp.survey.rules.token import Blind
from mpp.texts import marked

OVER = "Masa penilaian kunjungan ini sudah berakhir."


def keep_salt(tx: Transaction, mall: Mall, day: date, *, today: date) -> str:
    """The day's salt, made if there is none yet. `Conflict` once visits of that day are past judging."""
    if not token.is_open(day, today):
        raise Conflict(OVER, field="token")
    tx.lock(-mall.id)
    found = salt_of(tx, mall.id, day)
    if found is None:
        found = secrets.token_urlsafe(32)
        tx.conn.execute(insert(survey_salts).values(mall_id=mall.id, day=day, salt=found))
    return found


def forget_salts(tx: Transaction, mall_id: int, *, today: date) -> int:
    """Delete the salts of days that are past judging; answers how many."""
    s = survey_salts.c
    last = today - timedelta(days=token.LIFE_DAYS)
    gone = tx.conn.execute(delete(survey_salts).where(s.mall_id == mall_id, s.day < last))
    return gone.rowcount


def answer(
    tx: Transaction,
    blind: Blind,
    *,
    channel: str,
    today: date,
    sheet: Questionnaire | None = None,
    quick: int | None = None,
) -> bool:
    """Store what a respondent says; whether any of it is new.

    The first answer counts: the same again changes nothing, another is a `Conflict`.
    """
    of = blind.payload
    if not token.is_open(of.day, today) or salt_of(tx, of.mall_id, of.day) is None:
        raise Conflict(OVER, field="token")
    tx.lock(-of.mall_id)
    facts: dict[str, Any] = {
        "mall_id": of.mall_id,
        "token_hash": blind.hashed,
        "service_id": of.service_id,
        "day": of.day,
    }
    new = False
    if sheet is not None:
        new |= _once(tx, survey_answers, facts, sheet.columns, {"channel": channel})
    if quick is not None:
        new |= _once(tx, quick_scores, facts, {"score": quick}, {})
    return new


def _once(
    tx: Transaction,
    table: Table,
    facts: Mapping[str, Any],
    said: Mapping[str, Any],
    besides: Mapping[str, Any],
) -> bool:
    c = table.c
    known = tx.conn.execute(
        select(*(c[name] for name in said)).where(
            c.mall_id == facts["mall_id"], c.token_hash == facts["token_hash"]
        )
    ).first()
    if known is None:
        put(tx, table, facts["mall_id"], facts["day"], [{**facts, **said, **besides}])
        return True
    if tuple(known) != tuple(said.values()):
        raise Conflict(
            marked("Kunjungan ini sudah dinilai; penilaian pertama yang berlaku."), field="token"
        )
    return False


def put(
    tx: Transaction, table: Table, mall_id: int, day: date, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows of a day, leaving no trace of which came when.

    Appended, a row would lie behind those that came before it, in PostgreSQL's table and in the pages of
    SQLite's, and PostgreSQL marks each row with the number of its transaction. So all of that day are
    written anew, by their hashes.
    """
    c = table.c
    day_rows = (c.mall_id == mall_id, c.day == day)
    whole = [{column.name: row.get(column.name) for column in c} for row in rows]
    if tx.is_postgres:
        tx.conn.execute(insert(table), whole)
        gone = delete(table).where(*day_rows).returning(*c).cte("gone")
        again = select(gone).order_by(gone.c.token_hash)
        tx.conn.execute(
            insert(table).from_select(list(c), again, include_defaults=False).add_cte(gone)
        )
        return
    before = [dict(row) for row in tx.conn.execute(select(table).where(*day_rows)).mappings()]
    tx.conn.execute(delete(table).where(*day_rows))
    tx.conn.execute(
        insert(table), sorted([*before, *whole], key=lambda row: str(row["token_hash"]))
    )
