"""Evaluations as they are stored: levels, users' answers, recommendations."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.evaluation.models.evaluations import (
    evaluation_levels,
    evaluation_users,
    evaluations,
    recommendations,
)
from mpp.evaluation.rules.evaluation import Answers, Evaluation, Recommendation
from mpp.evaluation.rules.score import WithoutUsers
from mpp.evaluation.rules.standing import Judged


def evaluations_of(tx: Transaction, mall_id: int) -> list[Evaluation]:
    """All of a mall, the newest year first, units by name."""
    return _evaluations(tx, evaluations.c.mall_id == mall_id)


def evaluation(tx: Transaction, mall_id: int, evaluation_id: int) -> Evaluation:
    """`NotFound` unless it is one of this mall's."""
    e = evaluations.c
    found = _evaluations(tx, (e.mall_id == mall_id) & (e.id == evaluation_id))
    if not found:
        raise NotFound("Evaluasi itu tidak ada di mal ini.", field="evaluation")
    return found[0]


def recommendations_of(tx: Transaction, mall_id: int, evaluation_id: int) -> list[Recommendation]:
    """In the order they were written down."""
    r = recommendations.c
    rows = tx.conn.execute(
        select(r.id, r.indicator, r.text, r.followed_up, r.followed_up_on)
        .where(r.mall_id == mall_id, r.evaluation_id == evaluation_id)
        .order_by(r.id)
    )
    return [
        Recommendation(id=id_, indicator=indicator, text=text, followed_up=said, followed_up_on=on)
        for id_, indicator, text, said, on in rows
    ]


def _evaluations(tx: Transaction, chosen: ColumnElement[bool]) -> list[Evaluation]:
    e = evaluations.c
    rows = tx.conn.execute(
        select(evaluations).where(chosen).order_by(e.year.desc(), e.unit, e.id)
    ).all()
    judged, users = _levels(tx, chosen), _users(tx, chosen)
    return [_evaluation(row, judged.get(row.id, {}), users.get(row.id, [])) for row in rows]


def _evaluation(row: Row[Any], judged: Mapping[int, Judged], users: Answers) -> Evaluation:
    return Evaluation(
        mall_id=row.mall_id,
        id=row.id,
        year=row.year,
        unit=row.unit,
        instrument_key=row.instrument,
        variant_name=row.variant,
        without_users=WithoutUsers(row.without_users),
        judged=judged,
        users=users,
    )


def _levels(tx: Transaction, chosen: ColumnElement[bool]) -> dict[int, dict[int, Judged]]:
    found: dict[int, dict[int, Judged]] = {}
    joined = evaluation_levels.join(evaluations)
    for row in tx.conn.execute(select(evaluation_levels).select_from(joined).where(chosen)):
        found.setdefault(row.evaluation_id, {})[row.indicator] = Judged(
            own=row.own_level,
            level=row.level,
            evidence=row.evidence or "",
            note=row.note or "",
            effort=row.effort,
        )
    return found


def _users(tx: Transaction, chosen: ColumnElement[bool]) -> dict[int, list[list[int | None]]]:
    u = evaluation_users.c
    found: dict[int, list[list[int | None]]] = {}
    joined = evaluation_users.join(evaluations)
    rows = select(u.evaluation_id, u.answers).select_from(joined).where(chosen).order_by(u.id)
    for evaluation_id, answers in tx.conn.execute(rows):
        found.setdefault(evaluation_id, []).append(answers)
    return found
