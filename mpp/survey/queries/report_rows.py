"""Published reports of surveys and their follow-up plans."""

from typing import Any

import msgspec
from sqlalchemy import Row, select

from mpp.db.seam import Transaction
from mpp.errors import NotFound
from mpp.survey.models import follow_ups, survey_reports
from mpp.survey.rules.report import FollowUp, Report
from mpp.survey.rules.result import Result

_R = survey_reports.c
_F = follow_ups.c


def reports(tx: Transaction, mall_id: int) -> list[Report]:
    """The latest forty, newest first."""
    found = select(survey_reports).where(_R.mall_id == mall_id).order_by(_R.id.desc()).limit(40)
    return [_report(row) for row in tx.conn.execute(found)]


def report(tx: Transaction, mall_id: int, report_id: int) -> Report:
    row = tx.conn.execute(
        select(survey_reports).where(_R.mall_id == mall_id, _R.id == report_id)
    ).first()
    if row is None:
        raise NotFound("Laporan itu tidak ada.", field="report")
    return _report(row)


def latest(tx: Transaction, mall_id: int) -> Report | None:
    """What the public page shows: the newest report of the whole mall."""
    row = tx.conn.execute(
        select(survey_reports)
        .where(_R.mall_id == mall_id, _R.agency_id.is_(None))
        .order_by(_R.last_day.desc(), _R.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _report(row)


def follow_ups_of(tx: Transaction, mall_id: int, report_id: int) -> list[FollowUp]:
    """In the order in which they are due, those not done first."""
    rows = tx.conn.execute(
        select(_F.id, _F.unsur, _F.action, _F.person, _F.due, _F.evidence, _F.done_on)
        .where(_F.mall_id == mall_id, _F.report_id == report_id)
        .order_by(_F.done_on.isnot(None), _F.due, _F.id)
    )
    return [FollowUp(*row) for row in rows]


def _report(row: Row[Any]) -> Report:
    return Report(
        id=row.id,
        first=row.first_day,
        last=row.last_day,
        agency_id=row.agency_id,
        result=msgspec.convert(row.figures, Result),
        issued_at=row.issued_at,
        media=tuple(row.media),
    )
