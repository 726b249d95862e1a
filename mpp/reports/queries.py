"""Published yearly reports, and the published indices that a year's report tells."""

from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, func, select

from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.evaluation.queries.evaluation_rows import evaluations_of
from mpp.reports.models import year_publications, year_withdrawals
from mpp.reports.rules.edition import Edition
from mpp.reports.rules.yearly import EvaluationLine, SurveyLine, Year
from mpp.survey.models import survey_reports
from mpp.survey.rules.result import Result

MOST_LISTED = 200
_P, _W, _R = year_publications.c, year_withdrawals.c, survey_reports.c


def editions(tx: Transaction, mall_id: int, year: int | None = None) -> list[Edition]:
    """The latest `MOST_LISTED`, the newest year first and of each year the newest edition; or one year's."""
    chosen = _listed().where(_P.mall_id == mall_id)
    if year is not None:
        chosen = chosen.where(_P.year == year)
    rows = tx.conn.execute(chosen.order_by(_P.year.desc(), _P.edition.desc()).limit(MOST_LISTED))
    return [Edition(*row) for row in rows]


def edition(tx: Transaction, mall_id: int, publication_id: int) -> Edition:
    """One of them. `NotFound` unless it is this mall's."""
    found = tx.conn.execute(_listed().where(_P.mall_id == mall_id, _P.id == publication_id)).first()
    if found is None:
        raise NotFound("Edisi itu tidak ada.", field="edition")
    return Edition(*found)


def figures(tx: Transaction, mall_id: int, publication_id: int) -> Year:
    """What an edition told when it was published. `NotFound` unless it is this mall's."""
    found = tx.conn.execute(
        select(_P.figures).where(_P.mall_id == mall_id, _P.id == publication_id)
    ).scalar()
    if found is None:
        raise NotFound("Edisi itu tidak ada.", field="edition")
    return msgspec.convert(found, Year)


def latest_edition(tx: Transaction, mall_id: int, year: int) -> int:
    """The number of the year's newest edition, withdrawn ones too; 0 before the first."""
    found = select(func.max(_P.edition)).where(_P.mall_id == mall_id, _P.year == year)
    return tx.conn.execute(found).scalar() or 0


def _listed() -> Select[Any]:
    columns = (_P.id, _P.year, _P.edition, _P.definitions, _P.issued_at, _P.issued_by)
    joined = year_publications.outerjoin(year_withdrawals)
    return select(*columns, _W.withdrawn_at, _W.withdrawn_by, _W.reason).select_from(joined)


# -- what a year's report tells of the indices ---------------------------------------------------


def surveys_in(tx: Transaction, mall_id: int, year: int) -> list[SurveyLine]:
    """The mall's published indices of periods that end in the year; of each period the last report."""
    rows = tx.conn.execute(
        select(_R.first_day, _R.last_day, _R.figures)
        .where(
            _R.mall_id == mall_id,
            _R.agency_id.is_(None),
            _R.last_day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(_R.id)
    )
    last = {(row.first_day, row.last_day): row for row in rows}
    found = [_survey(last[period]) for period in sorted(last)]
    return [each for each in found if each is not None]


def _survey(row: Any) -> SurveyLine | None:
    said = msgspec.convert(row.figures, Result).figures
    if said.ikm is None or said.grade is None:
        return None
    return SurveyLine(
        first=row.first_day,
        last=row.last_day,
        n=said.n,
        ikm=said.ikm,
        grade=said.grade,
        performance=said.performance or "",
        low=said.low,
        high=said.high,
        others=said.others,
    )


def evaluations_in(tx: Transaction, mall_id: int, year: int) -> list[EvaluationLine]:
    """The year's evaluations with every level given, units by name: one just begun has no index."""
    return [
        EvaluationLine(
            unit=each.unit,
            ipp=float(score.ipp),
            letter=score.predicate.letter,
            predicate=score.predicate.name,
            is_estimate=not each.is_judged,
        )
        for each in evaluations_of(tx, mall_id)
        if each.year == year
        for score in (each.score,)
        if not score.missing
    ]
