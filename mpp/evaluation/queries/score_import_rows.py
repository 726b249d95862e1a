"""Tables of users' answers that came in."""

from sqlalchemy import select

from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.evaluation.models.score_imports import score_imports
from mpp.evaluation.rules.score_import import ScoreImport

_S = score_imports.c
_ROW = select(
    _S.id, _S.evaluation_id, _S.source, _S.users, _S.notes, _S.imported_at, _S.imported_by,
    _S.withdrawn_at, _S.withdrawn_by,
)  # fmt: skip


def score_imports_of(tx: Transaction, mall_id: int, evaluation_id: int) -> list[ScoreImport]:
    """The latest twenty of an evaluation, newest first."""
    chosen = _ROW.where(_S.mall_id == mall_id, _S.evaluation_id == evaluation_id)
    return [ScoreImport(*row) for row in tx.conn.execute(chosen.order_by(_S.id.desc()).limit(20))]


def score_import(tx: Transaction, mall_id: int, import_id: int) -> ScoreImport:
    row = tx.conn.execute(_ROW.where(_S.mall_id == mall_id, _S.id == import_id)).first()
    if row is None:
        raise NotFound("Tabel itu tidak ada di mal ini.", field="import")
    return ScoreImport(*row)
