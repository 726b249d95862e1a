"""Tables of users' answers: read whole or refused by row and column, known again, taken back."""

from typing import Any

import pytest
from factories import NINE, a_mall
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Conflict, Invalid
from mpp.evaluation.commands import evaluations as commands
from mpp.evaluation.commands import score_imports
from mpp.evaluation.commands.evaluations import Start
from mpp.evaluation.queries import evaluation_rows
from mpp.evaluation.queries.score_import_rows import score_imports_of
from mpp.evaluation.rules.instrument import Question, instrument_of
from mpp.evaluation.rules.score_table import (
    MOST_PASTED,
    ScoreFile,
    ScoresRead,
    digest_of,
    read_scores,
)
from tests.metrics.morning import signed_in
from tests.survey.office_files import book, rows

FOUR = [Question(number, f"Pertanyaan ke {number}") for number in range(1, 5)]
FOURTEEN = instrument_of(None).variant["A"].question
Rows = list[list[int | None]]


def read(text: str, questions: list[Question] = FOUR) -> ScoresRead:
    return read_scores(ScoreFile(text.encode("utf-8", "replace"), "", questions))


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_table_is_pasted_with_headings_gaps_and_any_separator(mark: str) -> None:
    text = 'no1;no2;no3;no4\n5;4;3;2\n\n"1";"";"0";"5"\n;;;\n---;---;---;---\n3;3;3;\n'
    assert read(text.replace(";", mark)).rows == [[5, 4, 3, 2], [1, None, 0, 5], [3, 3, 3, None]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Tidak ada"),
        (";;;\n", "Tidak ada"),
        ("a;b;c;d", "Baris 1, kolom 1: 'a' bukan jawaban 0–5"),
        ("baik;baik;cukup;baik\n5;4;3;2", "Baris 1, kolom 1: 'baik'"),
        ("6;7;8;9\n5;4;3;2", "Baris 1, kolom 1: '6'"),
        ("q1;q2;q3;saran\n5;4;3;2", "Baris 1, kolom 1: 'q1' .* tulis q1 … q4"),
        ("5;4;3", "Baris 1: 3 kolom, bukan 4"),
        ("5;4;3;2\n5;4;6;2", "Baris 2, kolom 3: '6'"),
        ("5;4;3;2\n5;4;x;2", "Baris 2, kolom 3: 'x'"),
        ("5;4;3;2\n" * 2001, "2000"),
        ("5;4;3;٣", "kolom 4"),
        ("4" * (MOST_PASTED + 1), "100000 huruf"),
    ],
)
def test_a_wrong_table_is_refused_by_row_and_column(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        read(text)
    assert refused.value.facts == {"field": "answers"}


@given(
    st.lists(st.lists(st.sampled_from("0123456x "), min_size=4, max_size=4), min_size=1, max_size=5)
)
def test_no_first_line_is_lost_by_guessing(table: list[list[str]]) -> None:
    """Every row that holds something is a user, or the whole is refused."""
    filled = [row for row in table if any(cell != " " for cell in row)]
    try:
        found = read("\n".join(";".join(row) for row in table)).rows
    except Invalid:
        return
    assert len(found) == len(filled)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text).rows
    except Invalid:
        return
    assert all(len(row) == 4 for row in found)


def test_the_delivered_forms_can_be_pasted_by_number_or_by_their_own_words() -> None:
    for variant in instrument_of(None).variant.values():
        answers = "\t".join("4" * len(variant.question))
        words = "\t".join(f"{each.number}. {each.text}" for each in variant.question)
        for text in (answers, f"{words}\n{answers}"):
            assert read(text, variant.question).rows == [[4] * len(variant.question)]


def test_a_workbook_with_a_title_other_columns_and_means_is_read() -> None:
    def fill(made: Any) -> None:
        made.add_worksheet("Sampul").write(0, 0, "F-03")
        sheet = made.add_worksheet("Isian")
        rows(
            sheet,
            0,
            [["REKAP F-03 TAHUN 2026"], [], ["No", "Saran", *(f"Q{n}" for n in range(1, 15))]],
        )
        rows(sheet, 3, [[at, "Total bagus", *[at] * 14] for at in (3, 4)])
        rows(sheet, 5, [["Rata-rata", "", *[3.5] * 14]])

    found = read_scores(ScoreFile(book(fill), "f03.xlsx", FOURTEEN))
    assert found.rows == [[3] * 14, [4] * 14]
    assert found.notes == ["baris 6: 'Rata-rata' bukan responden, tidak dihitung"]


def test_a_workbook_without_headings_must_hold_one_table() -> None:
    def fill(made: Any) -> None:
        for name in ("A", "B"):
            rows(made.add_worksheet(name), 0, [[5] * 14])

    with pytest.raises(Invalid, match="beberapa lembar terisi"):
        read_scores(ScoreFile(book(fill), "f03.xlsx", FOURTEEN))
    one = book(lambda made: rows(made.add_worksheet(), 0, [[5] * 13 + [None], [4] * 14]))
    assert read_scores(ScoreFile(one, "f03.xlsx", FOURTEEN)).rows == [[5] * 13 + [None], [4] * 14]


async def begun(db: Database) -> tuple[Mall, int]:
    mall = await a_mall(db)
    start = Start(2026, "MPP Uji", "pekppp-2023", "A")
    made: int = await db.execute(commands.create_evaluation, mall.id, start, now=NINE)
    return mall, made


def a_read(*values: int) -> ScoresRead:
    made: Rows = [[value] * 14 for value in values]
    return ScoresRead(made, [], digest_of(made))


async def test_a_table_comes_in_once_and_goes_out_whole(db: Database) -> None:
    mall, made = await begun(db)
    take = score_imports.import_scores

    async def users() -> list[int]:
        found = await db.read(evaluation_rows.evaluation, mall.id, made)
        return sorted(row[0] or 0 for row in found.users)

    await db.execute(commands.add_users, mall.id, made, [[1] * 14])
    await db.execute(take, mall.id, made, a_read(3, 4), "a.csv", by="penyelia", now=NINE)
    with pytest.raises(Conflict, match="Jawaban yang sama"):
        await db.execute(take, mall.id, made, a_read(4, 3), "b.xlsx", by="kepala", now=NINE)
    await db.execute(take, mall.id, made, a_read(5, 5), "wrong.csv", by="penyelia", now=NINE)
    assert await users() == [1, 3, 4, 5, 5]
    wrong, right = await db.read(score_imports_of, mall.id, made)
    await db.execute(score_imports.withdraw_scores, mall.id, wrong.id, by="kepala", now=NINE)
    assert await users() == [1, 3, 4]
    wrong, right = await db.read(score_imports_of, mall.id, made)
    assert (wrong.withdrawn_by, wrong.withdrawn_at, wrong.imported_by) == (
        "kepala",
        NINE,
        "penyelia",
    )
    assert (right.withdrawn_at, right.source, right.users) == (None, "a.csv", 2)
    with pytest.raises(Conflict):
        await db.execute(score_imports.withdraw_scores, mall.id, wrong.id, by="x", now=NINE)
    await db.execute(take, mall.id, made, a_read(5, 5), "wrong.csv", by="x", now=NINE)
    assert await db.execute(score_imports.clear_users, mall.id, made, by="x", now=NINE) == 5
    standing = [
        each for each in await db.read(score_imports_of, mall.id, made) if not each.withdrawn_at
    ]
    assert standing == []
    await db.execute(take, mall.id, made, a_read(5, 5), "again.csv", by="x", now=NINE)
    assert await users() == [5, 5]


async def test_a_leader_uploads_and_takes_back(
    client: AsyncTestClient[Any], app_db: Database
) -> None:
    mall, made = await begun(app_db)
    leader = {"Accept": "text/html"} | await signed_in(app_db, mall)
    page = f"/overview/ipp/f03/{made}"
    raw = "\n".join(
        [";".join(["4"] * 14), ";".join(["2"] * 14), "Rata-rata;" + ";".join(["3"] * 13)]
    )
    files = {"file": ("isian.csv", raw.encode("utf-16"))}
    shown = await client.post(f"{page}/file", files=files, headers=leader)
    assert "Jawaban 2 pengguna ditambahkan." in shown.text
    for words in ("isian.csv", "baris 3: &#39;Rata-rata&#39; bukan responden", "Tarik tabel ini"):
        assert words in shown.text, words
    pasted = await client.post(
        f"{page}/paste", data={"answers": raw.replace(";", "\t")}, headers=leader
    )
    assert (pasted.status_code, "sudah pernah dimasukkan" in pasted.text) == (409, True)
    (table,) = await app_db.read(score_imports_of, mall.id, made)
    back = await client.post(f"/overview/ipp/f03/import/{table.id}/withdraw", headers=leader)
    assert "Jawaban 2 pengguna ditarik" in back.text
    nothing = await client.post(f"{page}/file", data={}, headers=leader)
    assert (nothing.status_code, "Pilih berkas" in nothing.text) == (422, True)
    long = await client.post(f"{page}/paste", data={"answers": "4" * 200_000}, headers=leader)
    assert (long.status_code, "100000 huruf" in long.text) == (422, True)
