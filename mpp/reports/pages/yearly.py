"""The year's report as its templates read it: for leaders, and for everybody once it is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import ClassVar
from zoneinfo import ZoneInfo

from mpp.metrics.pages.wire import WEEKDAYS
from mpp.reports.rules.edition import Edition
from mpp.reports.rules.yearly import MonthFigure, Year
from mpp.reports.rules.years import FIRST_YEAR
from mpp.texts import marked
from mpp.web.language import local
from mpp.web.pages import Page

COUNT, MINUTES, SHARE = "count", "minutes", "share"
"""What kind of figure a row of the comparison is, and so how it is written and set beside another."""
_ROWS = (
    (marked("Nomor diambil"), COUNT, "issued"),
    (marked("Hari layanan"), COUNT, "days"),
    (marked("Selesai dilayani"), COUNT, "served"),
    (marked("Batal"), SHARE, "left_share"),
    (marked("Tidak hadir"), SHARE, "no_show_share"),
    (marked("Tunggu, median"), MINUTES, "waiting_median_s"),
    (marked("Tunggu, P90"), MINUTES, "waiting_p90_s"),
    (marked("Pelayanan, median"), MINUTES, "service_median_s"),
    (marked("Pelayanan, P90"), MINUTES, "service_p90_s"),
    (marked("Tunggu dalam janji"), SHARE, "within_wait"),
    (marked("Pelayanan dalam janji"), SHARE, "within_service"),
)


@dataclass(frozen=True)
class Compared:
    """One figure of both years. `difference`: of counts a share, else in the figure's own unit."""

    word: str
    kind: str
    now: float | None
    before: float | None
    difference: float | None


@dataclass(frozen=True)
class MonthBar:
    """A month's two bars, in percent of the longest of the year."""

    figure: MonthFigure
    now: float
    before: float


@dataclass(frozen=True, kw_only=True)
class YearView:
    """A year's figures with the pictures laid out. `weekday`: the busiest one's name."""

    told: Year
    bars: Sequence[MonthBar]
    compared: Sequence[Compared]
    weekday: str | None


@dataclass(frozen=True)
class EditionView:
    """An edition with its moments in the mall's local time."""

    edition: Edition
    issued_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class YearPage(Page):
    """`/overview/year`. `after`: the newest edition's number, 0 before the first."""

    template: ClassVar[str] = "reports/year.html"
    view: YearView
    previous: int | None
    following: int | None
    made_at: datetime
    editions: Sequence[EditionView]
    after: int
    may_publish: bool
    public: str
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class YearPublicPage(Page):
    """`/reports/{mall}`: an edition, and which others there are by year."""

    template: ClassVar[str] = "reports/year_public.html"
    path: str
    view: YearView | None
    chosen: EditionView | None
    years: Sequence[tuple[int, Sequence[EditionView]]]


def year_view(told: Year) -> YearView:
    longest = max(max(each.before or 0, each.issued or 0) for each in told.months)
    scale = 100 / max(longest, 1)
    return YearView(
        told=told,
        bars=[
            MonthBar(
                each, round((each.issued or 0) * scale, 2), round((each.before or 0) * scale, 2)
            )
            for each in told.months
        ],
        compared=compared(told),
        weekday=None if told.peaks is None else WEEKDAYS[told.peaks.weekday - 1],
    )


def compared(told: Year) -> list[Compared]:
    """The year beside the one before, figure by figure; minutes and shares of 0–1.

    None of last year's where none was recorded, and no difference where too little was.
    """
    return [_compared(word, kind, name, told) for word, kind, name in _ROWS]


def _compared(word: str, kind: str, name: str, told: Year) -> Compared:
    unit = 60 if kind == MINUTES else 1
    mine, theirs = (
        None if value is None else value / unit
        for value in (
            getattr(told.now, name) if told.since is not None else None,
            getattr(told.before, name) if told.knows_before else None,
        )
    )
    if mine is None or theirs is None or not told.before.issued or told.compares_short:
        return Compared(word, kind, mine, theirs, None)
    if kind == COUNT:
        return Compared(word, kind, mine, theirs, mine / theirs - 1 if theirs else None)
    return Compared(word, kind, mine, theirs, mine - theirs)


def edition_view(edition: Edition, time_zone: ZoneInfo) -> EditionView:
    gone = edition.withdrawn_at
    return EditionView(
        edition,
        local(edition.issued_at, time_zone),
        None if gone is None else local(gone, time_zone),
    )


def year_page(
    told: Year,
    editions: Sequence[Edition],
    *,
    slug: str,
    time_zone: ZoneInfo,
    now: datetime,
    may_publish: bool,
    problem: str | None,
) -> YearPage:
    """`editions`: of this year, the newest first."""
    this_year = local(now, time_zone).year
    return YearPage(
        view=year_view(told),
        previous=told.year - 1 if told.year > FIRST_YEAR else None,
        following=told.year + 1 if told.year < this_year else None,
        made_at=local(now, time_zone),
        editions=[edition_view(each, time_zone) for each in editions],
        after=max((each.edition for each in editions), default=0),
        may_publish=may_publish,
        public=f"/reports/{slug}",
        problem=problem,
    )


def public_year_page(
    editions: Sequence[Edition],
    chosen: Edition | None,
    told: Year | None,
    *,
    slug: str,
    time_zone: ZoneInfo,
) -> YearPublicPage:
    """`editions`: the newest year first; `told`: what the chosen one said, None once it is withdrawn."""
    views = [edition_view(each, time_zone) for each in editions]
    return YearPublicPage(
        path=f"/reports/{slug}",
        view=None if told is None else year_view(told),
        chosen=None if chosen is None else edition_view(chosen, time_zone),
        years=[
            (year, list(theirs)) for year, theirs in groupby(views, lambda each: each.edition.year)
        ],
    )
