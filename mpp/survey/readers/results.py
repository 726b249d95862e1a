"""A survey's result, read and reckoned."""

import asyncio
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries.name_rows import (
    names,
)
from mpp.metrics.rules.disclosure import FEWEST, hidden, hidden_cells, hidden_parts
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period
from mpp.survey.queries import answer_rows
from mpp.survey.queries.answer_rows import Scope, Served, Tables
from mpp.survey.rules.index import Weights
from mpp.survey.rules.profile import classes, shown
from mpp.survey.rules.result import (
    ProfileCell,
    Result,
    RowFigures,
    figures_of,
    nothing_of,
    response_of,
    row_of,
)

K = TypeVar("K", bound=Hashable)
CHANNELS = {"phone": "Ponsel", "tablet": "Tablet loket", "paper": "Kertas"}


@dataclass(frozen=True)
class Gathered:
    """What the database says of a period, added up."""

    names: Names
    tables: Tables
    served: Served
    profile: Mapping[str, Mapping[str | None, int]]
    quick: list[int]
    is_hidden: bool
    """An agency whose figures, beside the mall's, would tell those of a smaller one."""
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Classes by field, and `channel`, that an agency's page must not tell: with the mall's and the other
    agencies' they would tell a smaller one's."""


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
    theirs, is_hidden, beside = None, False, {}
    if agency_id is not None:
        theirs = tuple(id_ for id_, agency in known.agency_of.items() if agency == agency_id)
        whole = answer_rows.patterns(tx, Scope(mall_id, period))
        is_hidden = agency_id in hidden(_by_agency(known, whole))
        by_service = answer_rows.profile_by_service(tx, Scope(mall_id, period))
        beside = _beside(known, whole, by_service, agency_id)
    scope = Scope(mall_id, period, theirs)
    return Gathered(
        names=known,
        tables=answer_rows.patterns(tx, scope),
        served=answer_rows.served(tx, scope),
        profile=answer_rows.profile(tx, scope),
        quick=answer_rows.quick(tx, scope),
        is_hidden=is_hidden,
        beside=beside,
    )


def _beside(
    known: Names,
    whole: Tables,
    by_service: Mapping[str, Mapping[int, Mapping[str | None, int]]],
    agency_id: int,
) -> dict[str, frozenset[str]]:
    """What an agency's page must not tell, by field and of the channels."""
    tables: dict[str, dict[int, dict[str, int]]] = {
        name: {
            agency: classes(name, _added(each.get(id_, {}) for id_ in ids))
            for agency, ids in _services_of(known).items()
        }
        for name, each in by_service.items()
    }
    tables["channel"] = {
        agency: dict.fromkeys(CHANNELS, 0) | _added(whole.ways.get(id_, {}) for id_ in ids)
        for agency, ids in _services_of(known).items()
    }
    return {
        name: frozenset(cell for agency, cell in hidden_cells(table) if agency == agency_id)
        for name, table in tables.items()
    }


def _added(counts: Iterable[Mapping[K, int]]) -> dict[K, int]:
    found: Counter[K] = Counter()
    for each in counts:
        found.update(each)
    return dict(found)


def _reckon(gathered: Gathered, period: Period, agency_id: int | None, weights: Weights) -> Result:
    tables, known = gathered.tables, gathered.names
    few = sum(tables.whole.values())
    many = few >= FEWEST and not gathered.is_hidden
    by_channel = {name: sum(found.values()) for name, found in tables.channels.items()}
    beside = gathered.beside
    unseen = hidden(by_channel, beside.get("channel", frozenset()) & by_channel.keys())
    profile = {
        name: [
            ProfileCell(code=cell.code, count=cell.count)
            for cell in shown(name, counts, beside.get(name, frozenset()))
        ]
        for name, counts in gathered.profile.items()
    }
    found = Result(
        first=period.first,
        last=period.last,
        agency=None if agency_id is None else known.agencies[agency_id].name,
        figures=figures_of(tables.whole, weights) if many else nothing_of(few, weights),
        response=response_of(gathered.served.whole, by_channel),
        quick=gathered.quick,
        agencies=_agencies(gathered, weights),
        services=_services(gathered, weights),
        channels=[
            row_of(name, word, tables.channels[name], None, weights, is_hidden=name in unseen)
            for name, word in CHANNELS.items()
            if name in tables.channels
        ],
        profile=profile,
    )
    return _closed(found) if gathered.is_hidden else found


def _closed(found: Result) -> Result:
    """How many answered, and nothing of what they said."""
    return msgspec.structs.replace(
        found, quick=[0] * len(found.quick), agencies=[], services=[], channels=[], profile={}
    )


def _counts(known: Names, tables: Tables) -> dict[int, int]:
    """Respondents of each service."""
    found = tables.services
    return {id_: sum(found.get(id_, {}).values()) for id_ in known.services}


def _by_agency(known: Names, tables: Tables) -> dict[int, int]:
    counts = _counts(known, tables)
    return {
        agency: sum(counts.get(id_, 0) for id_ in ids)
        for agency, ids in _services_of(known).items()
    }


def _services(gathered: Gathered, weights: Weights) -> list[RowFigures]:
    """Those that anybody was served in, or judged."""
    tables, served = gathered.tables.services, gathered.served.services
    named = {
        id_: each
        for id_, each in gathered.names.services.items()
        if tables.get(id_) or served.get(id_)
    }
    counts = _counts(gathered.names, gathered.tables)
    unseen = hidden_parts({id_: counts[id_] for id_ in named}, gathered.names.agency_of)
    return [
        row_of(each.key, each.name, tables.get(id_, {}), served.get(id_, 0), weights,
               is_hidden=id_ in unseen)
        for id_, each in named.items()
    ]  # fmt: skip


def _agencies(gathered: Gathered, weights: Weights) -> list[RowFigures]:
    rows = []
    theirs = _services_of(gathered.names)
    unseen = hidden(_by_agency(gathered.names, gathered.tables))
    for agency_id, named in gathered.names.agencies.items():
        found = answer_rows.merged(
            gathered.tables.services.get(id_, {}) for id_ in theirs[agency_id]
        )
        served = sum(gathered.served.services.get(id_, 0) for id_ in theirs[agency_id])
        if found or served:
            is_hidden = agency_id in unseen
            rows.append(row_of(named.key, named.name, found, served, weights, is_hidden=is_hidden))
    return rows


def _services_of(known: Names) -> dict[int, list[int]]:
    return {
        agency_id: [id_ for id_, agency in known.agency_of.items() if agency == agency_id]
        for agency_id in known.agencies
    }
