"""The only place that asks what time it is; everything else is told."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""A clock answers the present moment, aware, in UTC."""


def system_clock() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


def wall_milliseconds() -> int:
    """Milliseconds since 1970 by the machine's own clock, for making ids and versions only."""
    return time.time_ns() // 1_000_000


def wall_microseconds() -> int:
    """Microseconds since 1970 by the machine's own clock, for making ids and versions only."""
    return time.time_ns() // 1_000


def business_day(moment: datetime, time_zone: ZoneInfo) -> date:
    """The local date on which a mall's books hold `moment`: numbers start again with it."""
    return moment.astimezone(time_zone).date()
