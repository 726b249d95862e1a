"""Tables of paper surveys: what can be read is read, and every fault is named by its row and column."""

import pytest

from mpp.errors import Invalid
from mpp.survey.rules import import_rows
from mpp.survey.rules.import_dates import read_day
from mpp.survey.rules.import_rows import read_csv, read_rows
from mpp.survey.rules.unsur import Unsur

HEAD = "u1,u2,u3,u4,u5,u6,u7,u8,u9"


def test_one_respondent_a_row_and_an_empty_cell_is_no_answer() -> None:
    rows = read_csv(f"{HEAD}\n4,3,2,1,4,3,2,1,4\n4,,,,,,,,\n", "a.csv")
    assert [row.number for row in rows] == [2, 3]
    assert rows[0].answers.values[Unsur.COST] == 1
    assert rows[1].answers.values == {Unsur.REQUIREMENTS: 4}


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEAD}\r\n4,3,2,1,4,3,2,1,4\r\n",
        "u1;u2;u3;u4;u5;u6;u7;u8;u9\n4;3;2;1;4;3;2;1;4",
        "U9,u8,u7,u6,u5,u4,u3,u2,U1\n4,1,2,3,4,1,2,3,4\n",
        f"{HEAD}\r4,3,2,1,4,3,2,1,4\r",
        f"no;nama, umur;{HEAD.replace(',', ';')}\n1;{'Sri, ' * 30};4;3;2;1;4;3;2;1;4\n",
        "no\tu1\tu2\tu3\tu4\tu5\tu6\tu7\tu8\tu9\n1\t4\t3\t2\t1\t4\t3\t2\t1\t4\n\n",
        "u1;u2;u3;u4;u5;u6;u7;u8;u9\n 4 ;3,0;2.0;1;4;3;2;1;4",
    ],
)
def test_as_spreadsheets_write_it(text: str) -> None:
    (row,) = read_csv(text, "a.csv")
    assert list(row.answers.values.values()) != []
    assert [row.answers.values[u] for u in Unsur] == [4, 3, 2, 1, 4, 3, 2, 1, 4]


def test_other_columns_are_handed_on() -> None:
    (row,) = read_csv(f"Layanan,{HEAD}\nktp-el,4,3,2,1,4,3,2,1,4\n", "a.csv")
    assert row.rest == {"layanan": "ktp-el"}


def test_every_fault_is_named_by_row_and_column() -> None:
    text = f"{HEAD}\n4,3,2,1,4,3,2,1,4\n5,3,2,1,4,3,2,1,0\n4,3,x,1,4,3,2,1,4,4\n"
    with pytest.raises(Invalid) as refused:
        read_csv(text, "a.csv")
    assert str(refused.value).split("\n") == [
        "a.csv:3: u1: '5' bukan 1, 2, 3, atau 4",
        "a.csv:3: u9: '0' bukan 1, 2, 3, atau 4",
        "a.csv:4: 10 kolom, kepala tabel hanya 9",
        "a.csv:4: u3: 'x' bukan 1, 2, 3, atau 4",
    ]
    assert refused.value.facts["lines"] == [3, 3, 4, 4]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "",
            "a.csv:1: kolom u1, u2, u3, u4, u5, u6, u7, u8, u9 tidak ada; kepala tabel: u1 … u9",
        ),
        (
            "u1,u2,u3,u4,u5,u6,u7\n1,2\n",
            "a.csv:1: kolom u8, u9 tidak ada; kepala tabel: u1 … u9",
        ),
        (f"{HEAD},u1,x,u2,u2\n", "a.csv:1: kolom u1, u2 ada lebih dari satu"),
        (f'{HEAD}\n"4,3', "a.csv:2: bukan CSV: unexpected end of data"),
    ],
)
def test_a_table_that_is_none(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_csv(text, "a.csv")
    assert str(refused.value) == said


def test_rows_may_end_early_or_in_empty_cells_and_a_header_may_stand_lower() -> None:
    rows = read_csv(f"\n\n{HEAD}\n4\n\n4,3,2,1,4,3,2,1,4,,\n", "a.csv")
    assert [(row.number, len(row.answers.values)) for row in rows] == [(4, 1), (6, 9)]
    with pytest.raises(Invalid, match=r"^a\.csv:3: kolom u9 tidak ada"):
        read_csv(f"\n\n{HEAD[:-3]}\n4\n", "a.csv")


def test_of_a_long_cell_twenty_characters_are_said() -> None:
    with pytest.raises(Invalid) as refused:
        read_csv(f"{HEAD}\n{'sangat puas sekali pokoknya'},,,,,,,,", "a.csv")
    assert str(refused.value) == "a.csv:2: u1: 'sangat puas sekali p' bukan 1, 2, 3, atau 4"


@pytest.mark.parametrize("cell", ["3.5", "3,01", "3,X", "33", "3.0.0", "+3", "drei"])
def test_a_value_between_is_none(cell: str) -> None:
    with pytest.raises(Invalid):
        read_csv(HEAD.replace(",", ";") + f"\n{cell}", "a.csv")


def test_what_is_no_csv_is_refused_with_its_file() -> None:
    with pytest.raises(Invalid) as refused:
        read_csv(f'{HEAD}\n"4,3', "a.csv")
    assert refused.value.facts["file"] == "a.csv"


@pytest.mark.parametrize(
    ("faults", "listed", "last"),
    [
        (50, 50, "a.csv:51: u1: '9' bukan 1, 2, 3, atau 4"),
        (51, 50, "a.csv: … dan 1 kesalahan lagi"),
        (200, 50, "a.csv: … dan 150 kesalahan lagi"),
    ],
)
def test_hundreds_of_faults_are_counted_not_listed(faults: int, listed: int, last: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_csv(HEAD + "\n9,1,1,1,1,1,1,1,1" * faults, "a.csv")
    lines = str(refused.value).split("\n")
    assert (len(lines), lines[-1]) == (min(faults, listed + 1), last)


def test_more_respondents_than_a_table_may_have_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_rows, "MOST_ROWS", 2)
    two = f"{HEAD}\n4,,,,,,,,\n3,,,,,,,,\n"
    assert len(read_csv(two, "a.csv")) == 2
    with pytest.raises(Invalid) as refused:
        read_csv(f"{two}2,,,,,,,,\n1,,,,,,,,\n", "a.csv")
    assert str(refused.value) == "a.csv:4: lebih dari 2 responden; bagi berkasnya"


def test_a_sheet_is_read_as_a_file_is() -> None:
    table = [(1, HEAD.split(",")), (2, ["4.0"] * 9)]
    (row,) = read_rows(table, "a.xlsx")
    assert set(row.answers.values.values()) == {4}


def test_dates_as_people_write_them() -> None:
    assert str(read_day("2026-11-23")) == str(read_day("23/11/2026")) == "2026-11-23"
    assert read_day("31/02/2026") is None
    assert read_day("kemarin") is None


def test_only_a_line_of_csv_ends_a_row() -> None:
    """A form feed or a line separator in somebody's words makes nobody answer twice."""
    said = "ok\x0c3\u2028dan\x85lagi\r\nya"
    (row,) = read_csv(f'{HEAD},catatan\r\n4,3,2,1,4,3,2,1,4,"{said}"\r\n', "a.csv")
    assert row.rest["catatan"] == said
