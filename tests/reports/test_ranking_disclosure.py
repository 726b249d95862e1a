"""No unit that a year's ranking hides can be solved for, this year's or last year's."""

from collections.abc import Mapping

from hypothesis import assume, example, given
from hypothesis import strategies as st

from mpp.metrics.rules.disclosure import hidden
from mpp.metrics.rules.figures import Key
from mpp.metrics.rules.rollup import Rollup
from mpp.reports.rules.ranking import ranked
from mpp.reports.rules.yearly import Units
from tests.metrics.attack import possible, protection_of, spread
from tests.reports.test_yearly import NAMES, rows_of


@given(
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
    st.sampled_from([None, 1]),
)
@example([9, 0, 4, 5], [5, 5, 4, 0], None)
def test_no_unit_can_be_solved_for_from_the_ranking(
    now: list[int], before: list[int], most: int | None
) -> None:
    """Of this year all numbers are known, of last year those of the whole mall."""
    sizes, earlier = dict(enumerate(now, 1)), dict(enumerate(before, 1))
    names = {key: NAMES[key] for key in sizes}

    def there(counts: Mapping[int, int]) -> dict[Key, Rollup]:
        return rows_of({key: n for key, n in counts.items() if n})

    def view(counts: Mapping[int, int]) -> Units:
        return ranked(there(counts), {}, names, {}, most)

    def view_before(counts: Mapping[int, int]) -> list[tuple[str, int | None, int | None]]:
        rows = ranked(there(sizes), there(counts), names, {}).rows
        return [(each.key, each.issued_before, each.rank_before) for each in rows]

    assume(sum(now) <= 22 and sum(before) <= 22)
    keys = {named.key: key for key, named in names.items()}
    told = {keys[each.key] for each in view(sizes).rows}
    unseen = hidden(sizes)
    assert not told & unseen
    # Of the others in the last row, for which the list is too short, one alone is told by subtracting.
    assert spread(sizes, sizes.keys() - unseen, view) >= protection_of(sum(now))
    was = {keys[key]: n for key, n, _rank in view_before(earlier)}
    tables = possible(earlier, {key for key, n in was.items() if n is not None}, view_before)
    for key in (key for key, n in was.items() if n is None):
        values = {table[key] for table in tables}
        assert max(values) - min(values) >= protection_of(sum(before))
