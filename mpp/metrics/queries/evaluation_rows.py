"""Evaluations as they are stored: levels, users' answers, recommendations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, select, true

from mpp.counters.models import malls
from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.metrics.models.evaluations import (
    evaluation_levels,
    evaluation_users,
    evaluations,
    recommendations,
)
from mpp.metrics.rules.ipp.instrument import Instrument, Variant, instrument_of
from mpp.metrics.rules.ipp.score import Score, WithoutUsers, score_of
from mpp.metrics.rules.ipp.standing import Judged, is_judged, standing

Answers = Sequence[Sequence[int | None]]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One unit in one year. `users`: a row a user, answers in the order of the questions."""

    mall_id: int
    id: int
    year: int
    unit: str
    instrument_key: str
    variant_name: str
    without_users: WithoutUsers
    judged: Mapping[int, Judged]
    users: Answers

    @property
    def instrument(self) -> Instrument:
        return instrument_of(self.instrument_key)

    @property
    def variant(self) -> Variant:
        return self.instrument.variant_of(self.variant_name)

    @property
    def score(self) -> Score:
        """By the evaluator's levels, and the unit's own where there is none."""
        return self.score_at(standing(self.judged))

    def score_at(self, levels: Mapping[int, int]) -> Score:
        """By levels that are supposed."""
        return score_of(self.instrument, self.variant, levels, self.users, self.without_users)

    @property
    def is_judged(self) -> bool:
        """The evaluator has given every level of the index: it is no estimate any more."""
        numbers = frozenset(each.number for _, each in self.variant.indicators())
        return is_judged(self.judged, numbers)


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    id: int
    indicator: int | None
    text: str
    followed_up: str | None
    followed_up_on: date | None


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


def evaluations_everywhere(tx: Transaction) -> list[tuple[str, Evaluation]]:
    """Every mall's in this database, with the mall's name."""
    names = {row.id: row.name for row in tx.conn.execute(select(malls.c.id, malls.c.name))}
    return [(names[each.mall_id], each) for each in _evaluations(tx, true())]


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
