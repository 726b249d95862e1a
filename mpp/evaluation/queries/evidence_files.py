"""Files that prove the levels of an evaluation."""

from sqlalchemy import func, select

from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.evaluation.models.evidence import evidence_files
from mpp.evaluation.rules.attachment import EvidenceFile

_F = evidence_files.c


_ROW = select(_F.id, _F.evaluation_id, _F.indicator, _F.name, _F.kind, _F.size, _F.added_at)


def files_of(
    tx: Transaction, mall_id: int, evaluation_id: int, indicator: int
) -> list[EvidenceFile]:
    """An indicator's, in the order in which they were added."""
    chosen = _ROW.where(
        _F.mall_id == mall_id, _F.evaluation_id == evaluation_id, _F.indicator == indicator
    )
    return [EvidenceFile(*row) for row in tx.conn.execute(chosen.order_by(_F.id))]


def file_counts(tx: Transaction, mall_id: int, evaluation_id: int) -> dict[int, int]:
    """How many each indicator has; those without are left out."""
    found = tx.conn.execute(
        select(_F.indicator, func.count())
        .where(_F.mall_id == mall_id, _F.evaluation_id == evaluation_id)
        .group_by(_F.indicator)
    )
    return dict(found.all())


def file_with_content(tx: Transaction, mall_id: int, file_id: int) -> tuple[EvidenceFile, bytes]:
    """`NotFound` unless it is this mall's."""
    row = tx.conn.execute(
        _ROW.add_columns(_F.content).where(_F.mall_id == mall_id, _F.id == file_id)
    ).first()
    if row is None:
        raise NotFound("Lampiran itu tidak ada di mal ini.", field="file")
    *facts, content = row
    return EvidenceFile(*facts), bytes(content)
