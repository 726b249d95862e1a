"""Tables of users' answers (F-03) come in whole and once; a wrong one is taken back whole, on record."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from mpp.db.seam import Transaction
from mpp.errors import Conflict
from mpp.evaluation.commands.evaluations import add_users
from mpp.evaluation.models.evaluations import evaluation_users
from mpp.evaluation.models.score_imports import score_imports
from mpp.evaluation.queries.evaluation_rows import evaluation
from mpp.evaluation.queries.score_import_rows import score_import
from mpp.evaluation.rules.score_import import ScoreImport
from mpp.evaluation.rules.score_table import ScoresRead

_S = score_imports.c
_U = evaluation_users.c


def import_scores(
    tx: Transaction,
    mall_id: int,
    evaluation_id: int,
    read: ScoresRead,
    source: str,
    *,
    by: str,
    now: datetime,
) -> int:
    """Add the users of a table; answers how many. `Conflict` when the same answers came in before."""
    evaluation(tx, mall_id, evaluation_id)
    tx.lock(evaluation_id)
    known = tx.conn.execute(
        select(_S.source, _S.imported_by).where(
            _S.mall_id == mall_id,
            _S.evaluation_id == evaluation_id,
            _S.content_hash == read.digest,
            _S.withdrawn_at.is_(None),
        )
    ).first()
    if known is not None:
        raise Conflict(
            f"Jawaban yang sama sudah pernah dimasukkan ({known.source!r}, oleh {known.imported_by})."
            " Bila yang lama keliru, tarik dahulu.",
            field="answers",
        )
    import_id = tx.new_id()
    count = add_users(tx, mall_id, evaluation_id, read.rows, import_id=import_id)
    tx.conn.execute(
        insert(score_imports).values(
            mall_id=mall_id,
            id=import_id,
            evaluation_id=evaluation_id,
            source="".join(filter(str.isprintable, source))[-200:],
            content_hash=read.digest,
            users=count,
            notes=read.notes,
            imported_at=now,
            imported_by=by,
        )
    )
    return count


def withdraw_scores(
    tx: Transaction, mall_id: int, import_id: int, *, by: str, now: datetime
) -> ScoreImport:
    """Remove the users of a table; answers what it was. `Conflict` when that was done already."""
    found = score_import(tx, mall_id, import_id)
    tx.lock(found.evaluation_id)
    standing = (_S.mall_id == mall_id, _S.id == import_id, _S.withdrawn_at.is_(None))
    done = tx.conn.execute(
        update(score_imports).where(*standing).values(withdrawn_at=now, withdrawn_by=by)
    )
    if not done.rowcount:
        raise Conflict("Tabel itu sudah ditarik.", field="import")
    of_import = (_U.evaluation_id == found.evaluation_id, _U.import_id == import_id)
    tx.conn.execute(delete(evaluation_users).where(_U.mall_id == mall_id, *of_import))
    return found


def clear_users(
    tx: Transaction, mall_id: int, evaluation_id: int, *, by: str, now: datetime
) -> int:
    """Remove all users' answers of an evaluation; answers how many. Its tables count as taken back."""
    evaluation(tx, mall_id, evaluation_id)
    tx.lock(evaluation_id)
    standing = (_S.evaluation_id == evaluation_id, _S.withdrawn_at.is_(None))
    tx.conn.execute(
        update(score_imports)
        .where(_S.mall_id == mall_id, *standing)
        .values(withdrawn_at=now, withdrawn_by=by)
    )
    gone = delete(evaluation_users).where(_U.mall_id == mall_id, _U.evaluation_id == evaluation_id)
    return tx.conn.execute(gone).rowcount
