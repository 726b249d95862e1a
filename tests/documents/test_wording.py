"""Values in words, by kind and language."""

import doctest

import pytest

from mpp.documents import marks, typeface, wording


@pytest.mark.parametrize("module", [wording, marks, typeface])
def test_what_the_docstrings_show_is_so(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("id", ["1.234.567", "−1.234,5", "12,5 %", "+3,1 poin", "1,5 mnt", "2,0 jam"]),
        ("en", ["1,234,567", "−1,234.5", "12.5 %", "+3.1 pts", "1.5 min", "2.0 h"]),
    ],
)
def test_each_kind_in_each_language(language: str, expected: list[str]) -> None:
    assert [
        wording.integer(1234567, language),
        wording.decimal(-1234.5, language),
        wording.share(0.125, language),
        wording.points(0.031, language),
        wording.minutes(90, language),
        wording.hours(7200, language),
    ] == expected


def test_nothing_is_a_dash() -> None:
    kinds = (wording.integer, wording.decimal, wording.share, wording.points, wording.minutes)
    assert {write(None, "id") for write in kinds} == {"–"}
