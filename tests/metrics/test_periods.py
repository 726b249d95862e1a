"""Which days a report is about, as it is asked for."""

from datetime import date

import pytest

from mpp.errors import Invalid
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.periods import MOST_DAYS, Period, read_by, read_period

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, Period(TODAY, TODAY)),
        ("2026-11-01", None, Period(date(2026, 11, 1), TODAY)),
        (None, "2026-11-20", Period(date(2026, 11, 20), date(2026, 11, 20))),
        ("2026-11-01", "2026-11-30", Period(date(2026, 11, 1), date(2026, 11, 30))),
        ("2024-02-29", "2024-02-29", Period(date(2024, 2, 29), date(2024, 2, 29))),
    ],
)
def test_what_is_left_out_is_today(first: str | None, last: str | None, expected: Period) -> None:
    assert read_period(first, last, TODAY) == expected


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2026-13-01", None, "from"),
        ("2026-02-30", None, "from"),
        ("20261101", None, "from"),
        ("2026-W05-1", None, "from"),
        ("٢٠٢٦-١١-٢٣", None, "from"),
        ("", None, "from"),
        ("kemarin", None, "from"),
        (None, "0001-01-01", "to"),
        (None, "9999-12-31", "to"),
        (None, "2026-11-23T00:00:00Z", "to"),
        ("2026-11-24", None, "to"),
        ("2026-11-23", "2026-11-22", "to"),
        ("2025-01-01", "2026-11-23", "from"),
    ],
)
def test_impossible_days_name_their_field(first: str | None, last: str | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_period(first, last, TODAY)
    assert refused.value.facts["field"] == field


def test_a_period_may_be_so_long_and_no_longer() -> None:
    period = read_period("2025-10-20", "2026-11-23", TODAY)
    assert len(list(period.days())) == MOST_DAYS
    with pytest.raises(Invalid):
        read_period("2025-10-19", "2026-11-23", TODAY)


def test_rows_are_services_unless_asked() -> None:
    assert read_by(None) is By.SERVICE
    assert read_by("hour") is By.HOUR
    with pytest.raises(Invalid) as refused:
        read_by("colour")
    assert refused.value.facts["field"] == "by"
