"""Dates as people and their spreadsheets write them, and whether the day or the month stands first.

Nothing is guessed row by row: what one date of a table shows holds for all of it, and two that show
opposite orders refuse the table. Where none shows it, the day stands first, as written in Indonesia, and
that is said before anything is stored.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from mpp.documents.reading.table import MOST_REMEMBERED, Fault

_PARTS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})")
_NAMED = re.compile(r"(?:[a-z]+,? )?(\d{1,2})[ -]([a-z]+)[ -](\d{4})")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's dates, as they count from March 1900 on."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("januari jan january", "februari feb pebruari february", "maret mar march", "april apr", "mei may",
         "juni jun june", "juli jul july", "agustus agu ags agt aug august", "september sep sept",
         "oktober okt oct october", "november nov nopember", "desember des dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


class Order(StrEnum):
    """What stands first in 03/04/2026."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Dates:
    """How a table's dates are read. `is_shown`: some date of it shows the order, or none needs one.

    `is_mixed`: some are texts that only a day-first reading allows, while every real date would also be one
    with day and month exchanged: what a spreadsheet set to English makes of a column typed in Indonesia.
    """

    order: Order
    is_shown: bool = True
    is_mixed: bool = False


def day_text(cell: str) -> str:
    """The cell without the time of day."""
    text = cell.strip()
    if re.match(r"\d{4}-\d{2}-\d{2}T", text):
        return text[:10]
    return re.split(r"[ ,]+(?=\d{1,2}[:.]\d{2}\b)", text, maxsplit=1)[0].strip()


def dates_of(cells: Iterable[tuple[int, str]], faults: list[Fault]) -> Dates:
    """The order in which the dates of a table stand; a fault where two of them contradict each other."""
    day_first: list[tuple[int, str]] = []
    month_first: list[tuple[int, str]] = []
    undecided, real = 0, []
    for number, cell in cells:
        text = day_text(cell)
        parts = _PARTS.fullmatch(text)
        if parts:
            first, second = int(parts[1]), int(parts[3])
            if first > 12 >= second:
                day_first.append((number, text))
            elif second > 12 >= first:
                month_first.append((number, text))
            else:
                undecided += first != second
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            real.append(int(text[8:]))
    if day_first and month_first:
        at, said = month_first[0]
        other, also = day_first[0]
        faults.append(
            (at, f"tanggal: {said!r} berarti bulan dulu, tetapi {also!r} di baris {other} berarti hari dulu;"
                 " tulis semua sebagai TTTT-BB-HH")
        )  # fmt: skip
    mixed = bool(day_first) and bool(real) and max(real) <= 12
    order = Order.MONTH if month_first else Order.DAY
    return Dates(order, bool(day_first or month_first) or not undecided, mixed)


@lru_cache(MOST_REMEMBERED)
def read_day(cell: str, order: Order = Order.DAY) -> date | None:
    """YYYY-MM-DD or DD/MM/YYYY with any of / . -, 3 November 2026, or a spreadsheet's number of days.

    None for anything else.
    """
    text = day_text(cell).lower()
    try:
        if parts := _PARTS.fullmatch(text):
            first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
            month, day = (first, second) if order is Order.MONTH else (second, first)
            return date(year if year > 99 else 2000 + year, month, day)
        if (named := _NAMED.fullmatch(text)) and named[2] in _MONTHS:
            return date(int(named[3]), _MONTHS[named[2]], int(named[1]))
        if serial := _SERIAL.fullmatch(text):
            return _EPOCH + timedelta(days=int(serial[1]))
        year_first = _YEAR_FIRST.fullmatch(text)
        return date(*(int(part) for part in year_first.group(1, 3, 4))) if year_first else None
    except ValueError:
        return None
