"""What is compared with what: which rollups make the cells of a funnel."""

from mpp.metrics.rules.aggregation import SERVICE_COUNTER, SERVICE_OFFICER, Rollups
from mpp.metrics.rules.figures import By, Key
from mpp.metrics.rules.funnel import Cell
from mpp.metrics.rules.spans import Kind

_PAIRS = {By.COUNTER: SERVICE_COUNTER, By.OFFICER: SERVICE_OFFICER}
UNITS = (By.COUNTER, By.OFFICER, By.AGENCY)
"""What can be compared."""


def headings_for(by: By) -> list[str]:
    """The rollups that are needed."""
    return [_PAIRS.get(by, By.AGENCY)]


def cells_of(rollups: Rollups, by: By, of: Kind) -> dict[Key, dict[Key, Cell]]:
    """Counters and officers service by service, without those that have no name.

    Each agency has services of its own, so there is no mix to adjust for: agencies are compared as they
    are, each by what its own services promise.
    """
    cells: dict[Key, dict[Key, Cell]] = {}
    for (heading, key), each in rollups.items():
        if heading != headings_for(by)[0]:
            continue
        service, _slash, unit = key.rpartition("/")
        judged = each.judged.get(of, 0)
        if unit and judged:
            cells.setdefault(int(unit), {})[service] = Cell(judged, each.kept.get(of, 0))
    return cells
