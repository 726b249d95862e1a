"""A survey's result, read and reckoned."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import survey_rows
from mpp.metrics.queries.name_rows import Names, names
from mpp.metrics.queries.survey_rows import Scope, Served, Tables
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.skm.index import Weights
from mpp.metrics.rules.skm.profile import FEWEST, shown
from mpp.metrics.rules.skm.result import (
    ProfileCell,
    Result,
    RowFigures,
    figures_of,
    nothing_of,
    response_of,
    row_of,
)

CHANNELS = {"phone": "Ponsel", "tablet": "Tablet loket", "paper": "Kertas"}


@dataclass(frozen=True)
class Gathered:
    """What the database says of a period, added up."""

    names: Names
    tables: Tables
    served: Served
    profile: Mapping[str, Mapping[str | None, int]]
    quick: list[int]


async def result(
    db: Database,
    mall: Mall,
    period: Period,
    agency_id: int | None = None,
    weights: Weights = Weights.EXACT,
) -> Result:
    """The result of a mall, or of one of its agencies."""
    gathered = await db.read(_gather, mall.id, period, agency_id)
    return await asyncio.to_thread(_reckon, gathered, period, agency_id, weights)


def _gather(tx: Transaction, mall_id: int, period: Period, agency_id: int | None) -> Gathered:
    known = names(tx, mall_id)
    theirs = None
    if agency_id is not None:
        theirs = tuple(id_ for id_, agency in known.agency_of.items() if agency == agency_id)
    scope = Scope(mall_id, period, theirs)
    return Gathered(
        names=known,
        tables=survey_rows.patterns(tx, scope),
        served=survey_rows.served(tx, scope),
        profile=survey_rows.profile(tx, scope),
        quick=survey_rows.quick(tx, scope),
    )


def _reckon(gathered: Gathered, period: Period, agency_id: int | None, weights: Weights) -> Result:
    tables, known = gathered.tables, gathered.names
    few = sum(tables.whole.values())
    many = few >= FEWEST
    by_channel = {name: sum(found.values()) for name, found in tables.channels.items()}
    profile = {
        field: [ProfileCell(code=cell.code, count=cell.count) for cell in shown(field, counts)]
        for field, counts in gathered.profile.items()
    }
    return Result(
        first=period.first,
        last=period.last,
        agency=None if agency_id is None else known.agencies[agency_id].name,
        figures=figures_of(tables.whole, weights) if many else nothing_of(few, weights),
        response=response_of(gathered.served.whole, by_channel),
        quick=gathered.quick,
        agencies=_agencies(gathered, weights),
        services=_services(gathered, weights),
        channels=[
            row_of(name, word, tables.channels.get(name, {}), None, weights)
            for name, word in CHANNELS.items()
            if name in tables.channels
        ],
        profile=profile,
    )


def _services(gathered: Gathered, weights: Weights) -> list[RowFigures]:
    """Those that anybody was served in, or judged."""
    rows = []
    for id_, named in gathered.names.services.items():
        found, served = gathered.tables.services.get(id_, {}), gathered.served.services.get(id_, 0)
        if found or served:
            rows.append(row_of(named.key, named.name, found, served, weights))
    return rows


def _agencies(gathered: Gathered, weights: Weights) -> list[RowFigures]:
    rows = []
    agency_of: Mapping[int, Any] = gathered.names.agency_of
    for agency_id, named in gathered.names.agencies.items():
        theirs = [id_ for id_, agency in agency_of.items() if agency == agency_id]
        found = survey_rows.merged(gathered.tables.services.get(id_, {}) for id_ in theirs)
        served = sum(gathered.served.services.get(id_, 0) for id_ in theirs)
        if found or served:
            rows.append(row_of(named.key, named.name, found, served, weights))
    return rows
