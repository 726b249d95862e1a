"""Units by how many numbers they issued, small ones together."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from mpp.metrics.rules.disclosure import hidden
from mpp.metrics.rules.figures import Key
from mpp.metrics.rules.rollup import Rollup
from mpp.metrics.rules.spans import Kind
from mpp.reports.rules.yearly import Rest, UnitFigure, Units


class Named(Protocol):
    """A unit's key and its name."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


Rows = Mapping[Key, Rollup]
Unseen = Callable[[Mapping[Key, int]], Collection[Key]]
"""Numbers issued, by unit → the units not to be told."""


def ranked(
    rows: Rows,
    before: Rows,
    names: Mapping[int, Named],
    english: Mapping[str, str],
    most: int | None = None,
    unseen: Unseen = hidden,
) -> Units:
    """The units with most numbers first, at most `most`; those not to be told and the others together.

    `english`: key → English name. An empty `before`: last year was not recorded, or too little of it. Of last
    year's numbers too those not to be told are left out, and ranks are among the others.
    """
    total = sum(row.issued for row in rows.values())
    now_hidden, was_hidden = unseen(_issued(rows)), unseen(_issued(before, rows))
    told = [key for key in _order(rows, names) if key not in now_hidden][:most]
    others = [key for key, row in rows.items() if row.issued and key not in told]
    order_before = [key for key in _order(before, names) if key not in was_hidden]
    shown = []
    for rank, key in enumerate(told, 1):
        row = rows[key]
        was = None if not before or key in was_hidden else _issued(before).get(key, 0)
        shown.append(
            UnitFigure(
                key=names[key].key,
                name=names[key].name,
                name_en=english.get(names[key].key),
                rank=rank,
                issued=row.issued,
                served=row.served,
                share=row.issued / total,
                waiting_median_s=row.summary(Kind.WAITING).median_s,
                within_wait=row.share_within(Kind.WAITING),
                within_service=row.share_within(Kind.SERVICE),
                issued_before=was,
                rank_before=order_before.index(key) + 1 if was else None,
            )
        )
    # How many units share everything would tell, of five numbers and five units, that each has one.
    units = len(others) if told else len(names.keys() | others)
    return Units(rows=shown, rest=_rest(units, [rows[key] for key in others], total))


def _issued(rows: Rows, beside: Rows | None = None) -> dict[Key, int]:
    """Numbers of each unit, none of those that are only beside it."""
    return dict.fromkeys(beside or {}, 0) | {key: row.issued for key, row in rows.items()}


def _order(rows: Rows, names: Mapping[int, Named]) -> list[int]:
    known = [
        key for key, row in rows.items() if isinstance(key, int) and key in names and row.issued
    ]
    return sorted(known, key=lambda key: (-rows[key].issued, names[key].name))


def _rest(units: int, rows: Collection[Rollup], total: int) -> Rest | None:
    if not rows:
        return None
    issued = sum(row.issued for row in rows)
    served = sum(row.served for row in rows)
    return Rest(units=units, issued=issued, served=served, share=issued / total)
