"""What the database knows of a mall in a year, for the levels that the system finds by itself."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import case, exists, func, select

from mpp.counters.models import devices
from mpp.counters.rules.mall import WEEKDAYS, Mall
from mpp.db.seam import Transaction
from mpp.evaluation.rules.derived import Facts, Report
from mpp.queue.models import ticket_events, tickets
from mpp.queue.rules.life import Action, Channel
from mpp.security import Role
from mpp.survey.models import follow_ups, survey_answers, survey_reports

LOOKED_AT = 60
"""Days that are read event by event: enough to see a habit, few enough to be quick."""
WELL_OUTSIDE = timedelta(minutes=30)
"""A call so long before opening or after closing is an extra session, not the end of the usual one."""
NOON, ONE = time(12), time(13)
SATURDAY = 5


def facts_of(tx: Transaction, mall: Mall, year: int, *, now: datetime) -> Facts:
    """Everything the rules of `derived` ask for."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), mall.day(now))
    days = _days(tx, mall.id, first, last)
    looked_at = days[-LOOKED_AT:]
    open_days = _open_days(mall, days[0], last) if days else set()
    calls = _calls(tx, mall, looked_at)
    return Facts(
        respondents=_respondents(tx, mall.id, first, last),
        report=_report(tx, mall, year),
        hours_are_published=any(mall.calendar.weekly.values()),
        open_days=len(open_days),
        looked_at=len(looked_at),
        days_called_at_noon=len({at.date() for at in calls if NOON <= at.time() < ONE}),
        days_served_beyond=len({at.date() for at in calls if _is_beyond(mall, at)}),
        weekend_days=sum(day.weekday() >= SATURDAY for day in days),
        kiosks=_devices(tx, mall.id, Role.KIOSK),
        displays=_devices(tx, mall.id, Role.DISPLAY),
        visits_online=_online(tx, mall.id, looked_at),
        services=len(mall.services),
        complete_services=sum(
            bool(each.requirements and each.promised_service and each.product)
            for each in mall.services
        ),
        live_days=len(open_days & set(days)),
        officers_measured=_officers(tx, mall.id, looked_at),
    )


def _days(tx: Transaction, mall_id: int, first: date, last: date) -> list[date]:
    """Days with numbers, in order."""
    t = tickets.c
    chosen = select(t.day).where(t.mall_id == mall_id, t.day.between(first, last))
    return list(tx.conn.execute(chosen.distinct().order_by(t.day)).scalars())


def _open_days(mall: Mall, first: date, last: date) -> set[date]:
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day for day in every if mall.calendar.hours(day)}


def _calls(tx: Transaction, mall: Mall, days: Sequence[date]) -> list[datetime]:
    """Local moments of the calls on these days."""
    if not days:
        return []
    e = ticket_events.c
    chosen = select(e.at).where(
        e.mall_id == mall.id, e.day.between(days[0], days[-1]), e.action == Action.CALL
    )
    return [at.astimezone(mall.time_zone) for at in tx.conn.execute(chosen).scalars()]


def _is_beyond(mall: Mall, at: datetime) -> bool:
    """On a weekday, and well outside the usual week's hours."""
    usual = mall.calendar.weekly.get(WEEKDAYS[at.weekday()], ())
    if at.weekday() >= SATURDAY or not usual:
        return False
    opening = datetime.combine(at.date(), usual[0].start, at.tzinfo)
    closing = datetime.combine(at.date(), usual[-1].end, at.tzinfo)
    return at < opening - WELL_OUTSIDE or at >= closing + WELL_OUTSIDE


def _respondents(tx: Transaction, mall_id: int, first: date, last: date) -> int:
    a = survey_answers.c
    chosen = select(func.count()).where(a.mall_id == mall_id, a.day.between(first, last))
    return tx.conn.execute(chosen).scalar_one()


def _report(tx: Transaction, mall: Mall, year: int) -> Report | None:
    """The last one about the whole mall that was issued in the year, with its follow-up plan.

    One that has a plan goes before a later one without: figures published again do not undo what was done.
    """
    r, f = survey_reports.c, follow_ups.c
    begin, end = (datetime(each, 1, 1, tzinfo=mall.time_zone) for each in (year, year + 1))
    chosen = select(r.id, r.issued_at, r.media).where(
        r.mall_id == mall.id, r.agency_id.is_(None), r.issued_at >= begin, r.issued_at < end
    )
    has_plan = exists().where(f.mall_id == r.mall_id, f.report_id == r.id)
    order = (case((has_plan, 0), else_=1), r.issued_at.desc(), r.id.desc())
    row = tx.conn.execute(chosen.order_by(*order).limit(1)).first()
    if row is None:
        return None
    plan = select(f.done_on).where(f.mall_id == mall.id, f.report_id == row.id)
    ends = list(tx.conn.execute(plan).scalars())
    return Report(
        issued=mall.day(row.issued_at),
        media=len(row.media),
        planned=len(ends),
        done=sorted(day for day in ends if day is not None),
    )


def _devices(tx: Transaction, mall_id: int, role: Role) -> int:
    d = devices.c
    chosen = select(func.count()).where(
        d.mall_id == mall_id, d.role == role, d.revoked_at.is_(None)
    )
    return tx.conn.execute(chosen).scalar_one()


def _online(tx: Transaction, mall_id: int, days: Sequence[date]) -> int:
    """Numbers taken on the web on these days."""
    if not days:
        return 0
    t = tickets.c
    chosen = select(func.count()).where(
        t.mall_id == mall_id, t.day.between(days[0], days[-1]), t.channel == Channel.WEB
    )
    return tx.conn.execute(chosen).scalar_one()


def _officers(tx: Transaction, mall_id: int, days: Sequence[date]) -> int:
    """Officers who began to serve somebody on these days."""
    if not days:
        return 0
    e = ticket_events.c
    chosen = select(func.count(e.officer_id.distinct())).where(
        e.mall_id == mall_id, e.day.between(days[0], days[-1]), e.action == Action.START
    )
    return tx.conn.execute(chosen).scalar_one()
