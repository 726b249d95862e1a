"""The tabulation of the survey: one row a respondent, nobody to be recognised, sums to be followed."""

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
import python_calamine
from factories import TestClock
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import AsyncTestClient

from mpp.db.seam import Database
from mpp.reports.pages.skm_workbook import NOT_YET, TABULATION, respondents, workbook
from mpp.survey.rules.index import Weights, index_of
from mpp.survey.rules.result import Response, Result, figures_of, index_of_patterns, nothing_of
from mpp.survey.rules.unsur import Answers, Unsur
from tests.metrics.morning import signed_in
from tests.survey.skm_world import MONDAY_ANSWERS, a_hall, judged

VALUES = st.tuples(*[st.integers(0, 4)] * 9).filter(any)
PATTERNS = st.dictionaries(VALUES, st.integers(1, 4), min_size=1, max_size=12)
Client = AsyncTestClient[Any]


def a_result(patterns: dict[tuple[int, ...], int], weights: Weights) -> Result:
    n = sum(patterns.values())
    return Result(
        first=date(2026, 10, 1),
        last=date(2026, 12, 31),
        agency=None,
        figures=figures_of(patterns, weights) if n >= 5 else nothing_of(n, weights),
        response=Response(served=n, answered=n, paper=0, target=n),
        quick=[0, 0, 0, 0],
        agencies=[],
        services=[],
        channels=[],
        profile={},
    )


def a_book(patterns: dict[tuple[int, ...], int], weights: Weights = Weights.EXACT) -> bytes:
    return workbook("Mal Uji", a_result(patterns, weights), patterns, is_synthetic=False)


def rows_of(raw: bytes) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return book.get_sheet_by_name(TABULATION).to_python()


def formulas_of(raw: bytes) -> dict[str, str]:
    """Cell → formula of the tabulation, which is the last sheet."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        last = max(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        sheet = book.read(last).decode()
    return dict(re.findall(r'<c r="([A-Z]+[0-9]+)"[^>]*><f>(.*?)</f>', sheet))


def reckoned(formula: str, cells: dict[str, Any]) -> Any:
    """What a spreadsheet makes of one of our formulas."""

    def held(found: re.Match[str]) -> str:
        (first, top), (last, bottom) = (
            re.fullmatch(r"([A-Z])([0-9]+)", end).groups()  # type: ignore[union-attr]
            for end in found.group().split(":")
        )
        letters = [chr(code) for code in range(ord(first), ord(last) + 1)]
        names = [f"{a}{n}" for a in letters for n in range(int(top), int(bottom) + 1)]
        return str([cells[each] for each in names if cells.get(each, "") != ""])

    text = re.sub(r"[A-Z][0-9]+:[A-Z][0-9]+", held, formula.replace("&quot;", '"'))
    text = re.sub(r"\b[A-J][0-9]+\b", lambda found: repr(cells[found.group()]), text)
    text = re.sub(r"=0,", "==0,", text)
    known = {
        "IF": lambda test, yes, no: yes if test else no(),
        "SUM": sum,
        "COUNT": len,
        "MIN": min,
        "ROUND": lambda value, places: round(value + 1e-9, places),
    }
    text = re.sub(r'^IF\((.*?),"",(.*)\)$', r'IF(\1,"",lambda: \2)', text)
    return eval(text, {"__builtins__": {}} | known)


def cells_of(rows: list[list[Any]]) -> dict[str, Any]:
    return {
        f"{chr(ord('A') + column)}{number}": value
        for number, row in enumerate(rows, 1)
        for column, value in enumerate(row)
    }


@given(PATTERNS, st.sampled_from(list(Weights)))
def test_an_auditor_can_follow_every_sum(
    patterns: dict[tuple[int, ...], int], weights: Weights
) -> None:
    raw = a_book(patterns, weights)
    rows = rows_of(raw)
    n = sum(patterns.values())
    if n < 5:
        assert len(rows) == 2
        assert formulas_of(raw) == {}
        return
    cells = cells_of(rows)
    for name, formula in formulas_of(raw).items():
        assert reckoned(formula, cells) == pytest.approx(cells[name], abs=2e-5), (name, formula)
    said = {str(row[0]): row[1:10] for row in rows[n + 1 :]}
    assert said["NRR per unsur"] == said["NRR per unsur, dihitung program"]
    ikm = index_of_patterns(patterns, weights).ikm
    assert said["IKM, dihitung program"][0] == ("" if ikm is None else float(ikm))


@given(PATTERNS)
def test_rows_are_the_answers_and_their_order_tells_nothing(
    patterns: dict[tuple[int, ...], int],
) -> None:
    found = respondents(patterns)
    assert found == respondents(dict(reversed(patterns.items())))
    assert found == sorted(found)
    if found:
        people = [
            Answers({u: v for u, v in zip(Unsur, values, strict=True) if v}) for values in found
        ]
        assert index_of(people).ikm == index_of_patterns(patterns).ikm
    else:
        assert sum(patterns.values()) < 5


async def test_the_book_of_a_term_holds_one_row_a_respondent(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall, desk = await a_hall(app_db, clock)
    leader = {"Accept": "text/html"} | await signed_in(app_db, mall)
    await judged(app_db, desk, MONDAY_ANSWERS, gender="female")
    book = "/overview/skm/book.xlsx?period=2026-11"
    for days in (0, 10):  # the term goes on; it is over, but its last visits may be judged still
        clock.forward(days=days)
        assert rows_of((await client.get(book, headers=leader)).content)[1][0] == NOT_YET
    clock.forward(days=1)
    head, *rows = rows_of((await client.get(book, headers=leader)).content)
    assert head == ["No.", *(f"U{n}" for n in range(1, 10))], "and nothing of who or when"
    assert [row[0] for row in rows[:12]] == list(range(1, 13))
    assert [tuple(row[1:]) for row in rows[:12]] == sorted(MONDAY_ANSWERS)
    assert 83.33 in [row[1] for row in rows[12:]]
    theirs = await client.get(f"{book}&agency=dukcapil", headers=leader)
    assert rows_of(theirs.content)[1][0] == NOT_YET


async def test_four_are_too_few_to_be_listed(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall, desk = await a_hall(app_db, clock)
    leader = {"Accept": "text/html"} | await signed_in(app_db, mall)
    await judged(app_db, desk, MONDAY_ANSWERS[:4])
    raw = (await client.get("/overview/skm/book.xlsx", headers=leader)).content
    assert len(rows_of(raw)) == 2
