"""The manager's page of a month, a quarter or a year."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mpp.errors import Invalid
from mpp.metrics.pages.breakdown import (
    breakdown_view,
    work_view,
)
from mpp.metrics.pages.comparison import comparison_out
from mpp.metrics.pages.distribution import distribution_view
from mpp.metrics.pages.heat import heat_of
from mpp.metrics.pages.hours import period_hours
from mpp.metrics.pages.period import (
    PeriodPage,
    curves_of,
    funnel_bars,
)
from mpp.metrics.pages.terms import span_view
from mpp.metrics.pages.work import work_out
from mpp.metrics.readers.comparison import comparison
from mpp.metrics.readers.distribution import Wanted, parts_of
from mpp.metrics.routes.comparison import Promised, Units
from mpp.metrics.routes.request_params import ASKED, Asker, From, To
from mpp.metrics.routes.work import WORKERS
from mpp.metrics.rules.comparison import Question
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import Period, previous, read_of, read_period, read_unit
from mpp.metrics.rules.terms import Span, Term, read_span, span_of
from mpp.security import LEADERS, requires
from mpp.web.language import local, locale_of
from mpp.web.pages import html

HEADINGS = (By.WEEKDAY, *(each for each in By if each is not By.WEEKDAY))
"""What the table's rows may be, the usual ones first."""
Shown = Annotated[str | None, QueryParameter(name="period", required=False)]
Rows = Annotated[str | None, QueryParameter(name="rows", required=False)]
Workers = Annotated[str | None, QueryParameter(name="work", required=False)]
Among = Annotated[str | None, QueryParameter(name="among", required=False)]


@get("/period", guards=[requires(LEADERS)], include_in_schema=False)
async def period_report(
    request: Request[Any, Any, Any],
    asker: NamedDependency[Asker],
    period: Shown = None,
    first: From = None,
    last: To = None,
    by: Units = None,
    of: Promised = None,
    rows: Rows = None,
    work: Workers = None,
    among: Among = None,
) -> Response[str]:
    """A period beside the one before; of one that is not over, the days up to now.

    `from` and `to` ask for any days, `period` for a term; this month unless given.
    """
    mall, today, locale = asker.mall, asker.today, locale_of(request)
    is_free = bool(first or last)
    if is_free:
        days = read_period(first or None, last or None, today)
        span = span_of(Term.MONTH, days.last)
    else:
        span = read_span(period, today) if period else span_of(Term.MONTH, today)
        days = span.period
    asked = Question(_until(days, today), read_unit(by), read_of(of))
    wanted = Wanted(
        read_heading(rows, HEADINGS, "rows"), read_heading(work, WORKERS, "work"), among
    )
    told = comparison_out(mall, await comparison(asker.db, mall, asked, asker.present))
    found = await parts_of(asker.db, mall, asked.period, wanted, asker.present)
    scale, bars = funnel_bars(told.funnel)
    page = PeriodPage(
        span=span_view(span, today),
        is_free=is_free,
        **_around(days, span, today, is_free=is_free),
        told=told,
        heat=heat_of(found.load),
        curves=curves_of(told.period.waits.curve),
        made_at=local(asker.present.now, mall.time_zone),
        by=asked.by,
        of=asked.of,
        unit_names={each.slug: each.name.in_(locale) for each in mall.agencies},
        bars=bars,
        scale=scale,
        hours=period_hours(found.hours),
        spread=distribution_view(mall, found.scope, found.told, found.known, locale),
        work=work_view(work_out(mall, asked.period, found.work, found.known)),
        breakdown=breakdown_view(mall, asked.period, found.rows, found.known, locale),
        choices=state_of(asked, wanted, found.scope.value),
    )
    return html(request, page, mall=mall)


def _around(days: Period, span: Span, today: date, *, is_free: bool) -> dict[str, Any]:
    """The fields that ask for these days and for those before and after them."""
    if not is_free:
        after = span.following
        return {
            "shown": {"period": span.key},
            "previous": {"period": span.previous.key},
            "following": {"period": after.key} if after.period.first <= today else None,
        }
    after_days = Period(days.next_day, days.next_day + (days.last - days.first))
    return {
        "shown": _fields(days),
        "previous": _fields(previous(days)),
        "following": _fields(after_days) if after_days.first <= today else None,
    }


def _fields(days: Period) -> dict[str, str]:
    return {"from": days.first.isoformat(), "to": days.last.isoformat()}


def _until(whole: Period, today: date) -> Period:
    """The days up to now; all of a period that lies ahead."""
    return whole if whole.first > today else Period(whole.first, min(whole.last, today))


def read_heading(text: str | None, known: Sequence[By], field: str) -> By:
    """Read one of the headings; the first unless given. `Invalid` names the field."""
    if text is None:
        return known[0]
    found = next((each for each in known if each == text), None)
    if found is None:
        raise Invalid(f"Pilih salah satu dari {', '.join(known)}.", field=field)
    return found


def state_of(asked: Question, wanted: Wanted, among: str) -> dict[str, str]:
    """What is chosen, by the name of its field; nothing of what is not."""
    chosen = {
        "by": str(asked.by),
        "of": str(asked.of),
        "rows": str(wanted.rows),
        "work": str(wanted.work),
        "among": among,
    }
    return {name: value for name, value in chosen.items() if value}


routers = [Router("/overview", route_handlers=[period_report], dependencies=ASKED)]
