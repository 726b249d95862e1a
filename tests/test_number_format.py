"""How numbers are written: the same everywhere, rounded as the module says, in both languages."""

import doctest
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp import number_format
from mpp.number_format import (
    format_datetime,
    format_decimal,
    format_duration,
    format_number,
    format_rupiah,
    format_share,
    format_signed,
)

HERE = Path(number_format.__file__).parent


def test_examples_hold() -> None:
    assert doctest.testmod(number_format).failed == 0
    assert doctest.testmod(number_format).attempted >= 10


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("76.605"), 2, "76,61"),  # half up, where the nearest even would be 76,60
        (Fraction(1, 8), 2, "0,13"),
        (Fraction(-1, 8), 2, "-0,13"),
        (0.35, 1, "0,3"),  # in binary a little less
        (0.25, 1, "0,2"),
        (1234.5, 1, "1234,5"),  # no thousands apart: columns of decimals are narrow
        (2, 2, "2,00"),
        (None, 2, "–"),
    ],
)
def test_decimals_are_fixed_and_exact_values_rounded_half_up(value, places, text) -> None:
    assert format_decimal(value, places) == text


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_a_fraction_and_its_decimal_are_written_alike(thousandths: int, places: int) -> None:
    exact = format_decimal(Fraction(thousandths, 1000), places, "en")
    assert exact == format_decimal(Decimal(thousandths).scaleb(-3), places, "en") or (
        Decimal(exact) == 0  # a decimal keeps the sign of what was rounded away
    )


def test_each_language_has_its_own_marks() -> None:
    moment = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    assert (format_datetime(moment), format_datetime(moment, "en")) == (
        "23 Nov 2026 09.05",
        "23 Nov 2026 09:05",
    )
    assert (format_number(1234.5), format_number(1234.5, "en")) == ("1.234,5", "1,234.5")
    assert (format_share(0.5), format_share(0.5, language="en")) == ("50,0 %", "50.0 %")
    assert (format_signed(-0.5, plus=""), format_signed(0.5)) == ("−0,5", "+0,5")
    assert format_rupiah(12000, "en") == "Rp12.000"
    assert [format_duration(s, "en") for s in (1, 61, 3660, None)] == [
        "1 second", "1 minute", "1 h 1 min", "–",
    ]  # fmt: skip
    assert number_format.format_day(date(2026, 11, 23)) == "23 Nov 2026"


def test_nobody_else_turns_points_into_commas() -> None:
    files = [
        path
        for room in ("metrics", "survey", "evaluation", "reports", "dashboard", "cli", "web")
        for ending in ("*.py", "*.html")
        for path in (HERE / room).rglob(ending)
    ]
    assert len(files) > 100
    own = [str(path) for path in files if 'replace(".", ","' in path.read_text(encoding="utf-8")]
    assert own == []
