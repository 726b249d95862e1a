"""A workbook and a CSV hold the values themselves."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from mpp.documents.csv_text import table_csv
from mpp.documents.document import Column, Figure, Figures, Kind, Table, Value
from mpp.documents.xlsx import xlsx
from tests.documents.papers import COLUMNS, ROW, TABLE, a_document

FORMULAS = ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "http://example.org", "0012"]


def sheets(made: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_what_is_read_back_is_what_was_written() -> None:
    found = sheets(xlsx(a_document()))
    head, first, second, total = found["Menurut instansi"]
    assert head == [each.title for each in COLUMNS]
    assert first[:4] == ["Dukcapil", 12345, 3.145, 0.125]
    assert [_seconds(each) for each in first[4:6]] == [750, 27000]
    assert first[6] == ROW[6]
    assert second == ["Imigrasi", "", "", "", "", "", ""]
    assert total[:3] == ["Jumlah", 12345, 3.145]


def _seconds(cell: Any) -> float:
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return float(cell.hour * 3600 + cell.minute * 60 + cell.second)


def test_the_summary_holds_sentences_figures_and_definitions() -> None:
    found = sheets(xlsx(a_document()))["Ringkasan"]
    rows = {row[0]: row[1] for row in found}
    assert rows["Nomor"] in {1234, "065/12/MPP/2026"}
    assert rows["Ditepati"] == 0.876
    assert rows["Tanggal"] == date(2026, 12, 1)
    assert any("sepersepuluh" in str(row[1]) for row in found)


@pytest.mark.parametrize("text", FORMULAS)
def test_texts_are_never_formulas_nor_links(text: str) -> None:
    table = Table("t", text, [Column(text), Column("n", Kind.INTEGER)], [(text, 1)])
    made = xlsx(
        a_document([table, Figures([Figure("f", text, Value(Kind.TEXT, text))])], title=text)
    )
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                content = book.read(name).decode()
                assert "<f>" not in content
                assert "hyperlink" not in content
    assert [text, 1] in list(sheets(made).values())[1]


def test_sheets_of_like_captions_get_names_of_their_own() -> None:
    columns = [Column("a")]
    captions = ["[Loket]: a/b*?" + "x" * 40, "[loket]: a/b*?" + "x" * 40, "", "Ringkasan"]
    made = xlsx(a_document([Table("t", each, columns, [("1",)]) for each in captions]))
    names = list(sheets(made))
    assert len({each.casefold() for each in names}) == 5
    assert all(len(each) <= 31 for each in names)


def test_the_same_document_gives_the_same_workbook() -> None:
    assert xlsx(a_document()) == xlsx(a_document())


def test_csv_is_as_an_indonesian_spreadsheet_opens_it() -> None:
    raw = table_csv(TABLE)
    assert raw.startswith("\ufeff")
    lines = raw.removeprefix("\ufeff").split("\r\n")
    assert lines[0] == "Nama;Banyak;Indeks;Bagian;Tunggu;Buka;Tanggal"
    assert lines[1] == "Dukcapil;12345;3,15;12,5;750;27000;2026-02-03"
    assert lines[2] == "Imigrasi;;;;;;"
    assert lines[3].startswith("Jumlah;12345;")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_csv_holds_no_formula(text: str) -> None:
    table = Table("t", "T", [Column("a")], [(text,)])
    assert f"'{text}" in table_csv(table)
