"""Units by how many numbers they issued, small ones together."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from mpp.metrics.rules.disclosure import is_small, pooled
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


def ranked(
    rows: Mapping[Key, Rollup],
    before: Mapping[Key, Rollup],
    names: Mapping[int, Named],
    english: Mapping[str, str],
    most: int | None = None,
) -> Units:
    """The units with most numbers first, at most `most`; small ones and the others together.

    `english`: key → English name. A rest that is small itself takes in the last unit told, so that no
    small unit is found by subtracting; for the same reason small units of last year hide one beside them.
    """
    total = sum(row.issued for row in rows.values())
    order, order_before = _order(rows, names), _order(before, names)
    told = [key for key in order if not is_small(rows[key].issued)][:most]
    others = [key for key, row in rows.items() if row.issued and key not in told]
    while told and is_small(sum(rows[key].issued for key in others)):
        others.append(told.pop())
    known = {key for key in pooled(before) if key is not None}
    shown = []
    for rank, key in enumerate(told, 1):
        there, row = key in known, rows[key]
        was = before[key].issued if there else None if key in before else 0
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
    return Units(rows=shown, rest=_rest([rows[key] for key in others], total))


def _order(rows: Mapping[Key, Rollup], names: Mapping[int, Named]) -> list[int]:
    known = [
        key for key, row in rows.items() if isinstance(key, int) and key in names and row.issued
    ]
    return sorted(known, key=lambda key: (-rows[key].issued, names[key].name))


def _rest(rows: Sequence[Rollup], total: int) -> Rest | None:
    if not rows:
        return None
    issued = sum(row.issued for row in rows)
    served = sum(row.served for row in rows)
    return Rest(units=len(rows), issued=issued, served=served, share=issued / total)
