"""Attach files that prove a level, and take them away again."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, insert, select

from mpp.db.seam import Transaction
from mpp.errors import Conflict, NotFound
from mpp.evaluation.models.evidence import evidence_files
from mpp.evaluation.queries.evaluation_rows import evaluation
from mpp.evaluation.queries.evidence_files import (
    file_with_content,
)
from mpp.evaluation.rules.attachment import MOST_FILES, Attachment, EvidenceFile

_F = evidence_files.c


def attach(
    tx: Transaction,
    mall_id: int,
    evaluation_id: int,
    indicator: int,
    file: Attachment,
    *,
    now: datetime,
) -> int:
    """Keep a file; answers its id. The same file again is the one that is there already.

    `NotFound` without such an indicator; `Conflict` when it has as many files as it may have.
    """
    found = evaluation(tx, mall_id, evaluation_id)
    numbers = {each.number for _, each in found.variant.indicators()}
    if indicator not in numbers | {each.number for each in found.variant.extra}:
        raise NotFound(f"Indikator {indicator} tidak ada dalam varian ini.", field="indicator")
    tx.lock(found.id)
    digest = hashlib.sha256(file.content).hexdigest()
    there = select(_F.id, _F.sha256).where(
        _F.mall_id == mall_id, _F.evaluation_id == evaluation_id, _F.indicator == indicator
    )
    known: dict[str, int] = {sha256: id_ for id_, sha256 in tx.conn.execute(there)}
    if digest in known:
        return known[digest]
    if len(known) >= MOST_FILES:
        raise Conflict(f"Paling banyak {MOST_FILES} lampiran tiap indikator.", field="file")
    file_id = tx.new_id()
    tx.conn.execute(
        insert(evidence_files).values(
            mall_id=mall_id,
            id=file_id,
            evaluation_id=evaluation_id,
            indicator=indicator,
            name=file.name,
            kind=file.kind,
            size=len(file.content),
            sha256=digest,
            content=file.content,
            added_at=now,
        )
    )
    return file_id


def detach(tx: Transaction, mall_id: int, file_id: int) -> EvidenceFile:
    """Remove a file for good, a wrong one or one with people in it; answers what it was."""
    found, _ = file_with_content(tx, mall_id, file_id)
    tx.conn.execute(delete(evidence_files).where(_F.mall_id == mall_id, _F.id == file_id))
    return found
