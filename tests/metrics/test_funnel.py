"""Comparisons: hard services punish nobody, noise is not ranked, small cells are not shown."""

import random

import pytest

from mpp.metrics.rules.figures import Key
from mpp.metrics.rules.funnel import Cell, Cells, Funnel, Verdict, _chances, funnel

EASY, HARD, OWN = "easy", "hard", "own"


def cells_of(counts: dict[str, dict[str, tuple[int, int]]]) -> Cells:
    return {
        unit: {service: Cell(*cell) for service, cell in services.items()}
        for unit, services in counts.items()
    }


def drawn(
    rng: random.Random, shares: dict[str, float], *, units: int, n: int, day: float = 0.0
) -> Cells:
    """Units that are all alike, with different mixes; `day`: how far luck is shared by ten in a row."""
    cells: dict[Key, dict[Key, Cell]] = {}
    for unit in range(units):
        services: dict[Key, Cell] = {}
        for service, share in shares.items():
            judged = rng.randint(n // 2, 2 * n)
            kept = 0
            for block in range(0, judged, 10):
                luck = min(1.0, max(0.0, share + rng.uniform(-day, day)))
                kept += sum(rng.random() < luck for _ in range(min(10, judged - block)))
            services[service] = Cell(judged, kept)
        cells[unit] = services
    return cells


def place(found: Funnel, unit: str):
    return next(each for each in found.places if each.unit == unit)


def test_a_hard_service_is_not_held_against_whoever_gives_it() -> None:
    """Both keep 90 % of the easy and 50 % of the hard service; one does mostly hard ones."""
    found = funnel(
        cells_of(
            {
                "1": {EASY: (400, 360), HARD: (40, 20)},
                "2": {EASY: (40, 36), HARD: (400, 200)},
            }
        )
    )
    one, two = place(found, "1"), place(found, "2")
    assert one.share == pytest.approx(380 / 440)
    assert two.share == pytest.approx(236 / 440)
    assert one.adjusted == pytest.approx(two.adjusted) == pytest.approx(found.share)
    assert (one.verdict, two.verdict) == (Verdict.USUAL, Verdict.USUAL)


def test_who_is_far_from_the_others_is_found() -> None:
    alike = {str(n): {EASY: (200, 160)} for n in range(8)}
    found = funnel(cells_of(alike | {"slow": {EASY: (200, 110)}}))
    assert place(found, "slow").verdict is Verdict.FAR
    assert {place(found, unit).verdict for unit in alike} <= {Verdict.USUAL, Verdict.NOTABLE}


@pytest.mark.parametrize("bad", [0.5, 0.97])
def test_one_unit_unlike_six_makes_none_of_the_innocent_stand_out(bad: float) -> None:
    """Compared with a mall that holds the other one, more than one in ten of them would."""
    rng, outside = random.Random(11), []
    for _ in range(120):
        cells = drawn(rng, {EASY: 0.8}, units=5, n=150)
        kept = sum(rng.random() < bad for _ in range(200))
        found = funnel({**cells, "bad": {EASY: Cell(200, kept)}})
        assert place(found, "bad").verdict is Verdict.FAR
        outside += [
            each.verdict is not Verdict.USUAL for each in found.places if each.unit != "bad"
        ]
    assert sum(outside) / len(outside) <= 0.065


def test_what_is_expected_of_a_unit_is_without_the_one_that_is_far() -> None:
    cells = cells_of({str(n): {EASY: (200, 160)} for n in range(5)} | {"bad": {EASY: (200, 60)}})
    found = funnel(cells)
    assert place(found, "1").expected == pytest.approx(0.8)
    assert place(found, "bad").expected == pytest.approx((5 * 160 + 60) / 1200)
    assert found.share == pytest.approx((5 * 160 + 60) / 1200)


def test_of_two_units_neither_is_set_apart_nor_one_that_shares_a_service_with_it_alone() -> None:
    two = funnel(cells_of({"1": {EASY: (200, 190)}, "2": {EASY: (200, 60)}}))
    assert {each.verdict for each in two.places} == {Verdict.FAR}
    alike = {str(n): {EASY: (200, 160)} for n in range(4)}
    found = funnel(
        cells_of(alike | {"mate": {OWN: (200, 160)}, "bad": {EASY: (200, 40), OWN: (9, 7)}})
    )
    mate = place(found, "mate")
    assert mate.verdict is Verdict.USUAL
    assert mate.expected == pytest.approx(167 / 209)


def test_who_kept_everything_where_nearly_all_do_is_as_usual() -> None:
    found = funnel(cells_of({"1": {EASY: (283, 283)}, "2": {EASY: (800, 798)}}))
    assert {each.verdict for each in found.places} == {Verdict.USUAL}
    one = place(found, "1")
    assert one.outer is not None
    assert one.adjusted <= one.outer.high, "what can happen by chance is drawn inside the limits"


def test_who_gives_a_service_alone_has_nobody_to_be_compared_with() -> None:
    found = funnel(cells_of({"1": {OWN: (50, 10)}, "2": {EASY: (50, 40)}, "3": {EASY: (50, 44)}}))
    alone = place(found, "1")
    assert (alone.verdict, alone.expected, alone.inner) == (Verdict.ALONE, 0.2, None)
    assert place(found, "2").verdict is Verdict.USUAL


def test_where_all_keep_everything_all_are_as_usual() -> None:
    found = funnel(cells_of({"1": {EASY: (50, 50), OWN: (9, 3)}, "2": {EASY: (60, 60)}}))
    assert [each.verdict for each in found.places] == [Verdict.USUAL, Verdict.USUAL]


def test_small_cells_are_not_shown() -> None:
    found = funnel(cells_of({"1": {EASY: (4, 1)}, "2": {EASY: (500, 450)}, "3": {EASY: (0, 0)}}))
    small = place(found, "1")
    assert (small.verdict, small.share, small.adjusted) == (Verdict.SMALL, None, None)
    assert [each.unit for each in found.places] == ["2", "1"]


def test_nothing_judged_is_nothing_to_show() -> None:
    assert funnel({}) == Funnel([], None, 1.0)
    assert funnel(cells_of({"1": {EASY: (0, 0)}})).share is None


def test_chances_are_those_of_drawing_without_putting_back() -> None:
    chances = _chances(
        [(10, 4, 3)]
    )  # of ten four kept, three of them drawn: C(4,k)·C(6,3−k)/C(10,3)
    assert chances.tolist() == pytest.approx([20 / 120, 60 / 120, 36 / 120, 4 / 120])
    sure = _chances([(5, 5, 2), (3, 0, 2)])
    assert sure.tolist() == pytest.approx([0, 0, 1])


@pytest.mark.parametrize(
    ("n", "units"),
    [(15, 40), (60, 40), (600, 12), (60, 8)],
    ids=["few spans", "some", "many", "few units"],
)
def test_chance_alone_puts_one_in_twenty_outside(n: int, units: int) -> None:
    rng = random.Random(n + units)
    shown = [
        each
        for _ in range(1200 // units)
        for each in funnel(drawn(rng, {EASY: 0.9, HARD: 0.6}, units=units, n=n)).places
    ]
    outside = sum(each.verdict in {Verdict.NOTABLE, Verdict.FAR} for each in shown) / len(shown)
    far = sum(each.verdict is Verdict.FAR for each in shown) / len(shown)
    assert 0.03 <= outside <= 0.07
    assert far <= 0.006


@pytest.mark.parametrize("share", [0.97, 0.995, 0.02])
def test_near_the_ends_chance_alone_puts_hardly_more_outside(share: float) -> None:
    rng = random.Random(5)
    shown = [
        each
        for _ in range(30)
        for each in funnel(drawn(rng, {EASY: share, HARD: share}, units=40, n=40)).places
    ]
    outside = sum(each.verdict in {Verdict.NOTABLE, Verdict.FAR} for each in shown) / len(shown)
    assert outside <= 0.07
    assert sum(each.verdict is Verdict.FAR for each in shown) / len(shown) <= 0.006


def test_shared_luck_widens_the_limits() -> None:
    """Waits of one queue are alike: chance alone would put far more outside."""
    rng = random.Random(7)
    outside, dispersion = [], []
    for _ in range(20):
        found = funnel(drawn(rng, {EASY: 0.7, HARD: 0.5}, units=40, n=150, day=0.6))
        dispersion.append(found.dispersion)
        outside += [each.verdict in {Verdict.NOTABLE, Verdict.FAR} for each in found.places]
    assert min(dispersion) > 1.2
    assert sum(outside) / len(outside) <= 0.1
