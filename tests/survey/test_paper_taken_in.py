"""A table of paper is looked at before it is stored, comes in once, and goes out again whole."""

from datetime import date, timedelta
from typing import Any

import pytest
from factories import NINE, TestClock
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Conflict, NotFound
from mpp.metrics.rules.periods import Period
from mpp.survey.commands import questionnaire_import
from mpp.survey.queries import answer_rows, import_rows
from mpp.survey.queries.answer_rows import Patterns, Scope
from mpp.survey.rules.answer import Questionnaire
from mpp.survey.rules.import_file import PaperRead, outline_of, packed
from mpp.survey.rules.import_table import ImportedAnswer, Reading, digest_of
from mpp.survey.rules.unsur import Answers, Unsur
from tests.metrics.morning import signed_in
from tests.survey.office_files import CODES, OFFICE_FILES, THREE
from tests.survey.skm_world import MONDAY_ANSWERS, a_hall, judged

Client = AsyncTestClient[Any]
PAGE = {"Accept": "text/html"}
DAY = date(2026, 11, 20)


def a_reading(mall: Mall, *people: tuple[int, ...], day: date = DAY) -> PaperRead:
    service = mall.services[0].id
    forms = [
        ImportedAnswer(Questionnaire(Answers(dict(zip(Unsur, each, strict=True)))), service, day)
        for each in people
    ]
    found = Reading(forms, day, day, "day", {service: len(forms)}, [], [], digest_of(forms))
    return PaperRead(outline_of(found), found.digest, packed(found))


async def whole(db: Database, mall: Mall) -> Patterns:
    scope = Scope(mall.id, Period(date(2026, 1, 1), date(2026, 12, 31)))
    found: Patterns = (await db.read(answer_rows.patterns, scope)).whole
    return found


async def came_in(
    db: Database, mall: Mall, raw: bytes, read: PaperRead, by: str = "penyelia"
) -> int:
    waits = await db.execute(
        questionnaire_import.keep_upload, mall, raw, "a.csv", read, by=by, now=NINE
    )
    await db.execute(questionnaire_import.take_in, mall, waits, by=by, now=NINE)
    made: int = (await db.read(import_rows.imports, mall.id))[0].id
    return made


async def test_what_waits_is_not_counted_and_comes_in_once(db: Database, clock: TestClock) -> None:
    mall, _ = await a_hall(db, clock)
    read = a_reading(mall, *THREE)
    keep, take = questionnaire_import.keep_upload, questionnaire_import.take_in
    waits = await db.execute(keep, mall, b"1", "a.csv", read, by="penyelia", now=NINE)
    assert await whole(db, mall) == {}
    assert (await db.read(import_rows.upload, mall.id, waits)).outline.respondents == 3
    assert await db.execute(take, mall, waits, by="kepala", now=NINE) == 3
    assert sum((await whole(db, mall)).values()) == 3
    with pytest.raises(NotFound):
        await db.execute(take, mall, waits, by="kepala", now=NINE)
    (made,) = await db.read(import_rows.imports, mall.id)
    assert (made.imported_by, made.imported_at, made.first, made.last) == ("kepala", NINE, DAY, DAY)


async def test_the_same_answers_are_known_in_whatever_form(db: Database, clock: TestClock) -> None:
    mall, _ = await a_hall(db, clock)
    await came_in(db, mall, b"as CSV", a_reading(mall, *THREE))
    keep = questionnaire_import.keep_upload
    for raw, read, said in (
        (b"as XLSX", a_reading(mall, *THREE[::-1]), "Jawaban yang sama sudah .* sebagai 'a.csv'"),
        (b"as CSV", a_reading(mall, THREE[0]), "Berkas ini sudah pernah"),
    ):  # fmt: skip
        with pytest.raises(Conflict, match=said):
            await db.execute(keep, mall, raw, "b.xlsx", read, by="x", now=NINE)
    other = a_reading(mall, *THREE, day=DAY - timedelta(days=1))
    await db.execute(keep, mall, b"another day", "b.xlsx", other, by="x", now=NINE)


async def test_two_who_send_the_same_at_once_bring_it_in_once(
    db: Database, clock: TestClock
) -> None:
    mall, _ = await a_hall(db, clock)
    read = a_reading(mall, *THREE)
    waits = [
        await db.execute(questionnaire_import.keep_upload, mall, raw, "a", read, by=by, now=NINE)
        for raw, by in ((b"1", "satu"), (b"2", "dua"))
    ]
    await db.execute(questionnaire_import.take_in, mall, waits[0], by="satu", now=NINE)
    with pytest.raises(Conflict):
        await db.execute(questionnaire_import.take_in, mall, waits[1], by="dua", now=NINE)
    assert sum((await whole(db, mall)).values()) == 3


async def test_what_is_taken_back_is_gone_and_nothing_else(db: Database, clock: TestClock) -> None:
    mall, desk = await a_hall(db, clock)
    await judged(db, desk, MONDAY_ANSWERS)
    right = await came_in(db, mall, b"right", a_reading(mall, (4,) * 9, (3,) * 9))
    before = await whole(db, mall)
    wrong = await came_in(db, mall, b"wrong", a_reading(mall, (1,) * 9, (4,) * 9))
    assert await whole(db, mall) != before
    later = NINE + timedelta(hours=2)
    withdraw = questionnaire_import.withdraw
    assert (await db.execute(withdraw, mall, wrong, by="kepala", now=later)).respondents == 2
    assert await whole(db, mall) == before
    last, first = await db.read(import_rows.imports, mall.id)
    assert (last.withdrawn_by, last.withdrawn_at, last.imported_by) == ("kepala", later, "penyelia")
    assert (first.id, first.withdrawn_at) == (right, None)
    with pytest.raises(Conflict):
        await db.execute(withdraw, mall, wrong, by="kepala", now=later)
    with pytest.raises(NotFound):
        await db.execute(withdraw, mall, 1, by="kepala", now=later)
    again = await came_in(db, mall, b"wrong", a_reading(mall, (1,) * 9, (4,) * 9))
    assert again != wrong


async def test_what_nobody_says_yes_to_is_forgotten(db: Database, clock: TestClock) -> None:
    mall, _ = await a_hall(db, clock)
    keep = questionnaire_import.keep_upload
    first = await db.execute(keep, mall, b"1", "a", a_reading(mall, THREE[0]), by="satu", now=NINE)
    mine = await db.execute(keep, mall, b"2", "a", a_reading(mall, THREE[1]), by="dua", now=NINE)
    soon, late = NINE + timedelta(hours=1), NINE + timedelta(hours=26)
    second = await db.execute(keep, mall, b"3", "a", a_reading(mall, THREE[2]), by="dua", now=soon)
    with pytest.raises(NotFound):
        await db.read(import_rows.upload, mall.id, mine)
    await db.read(import_rows.upload, mall.id, first)
    await db.execute(keep, mall, b"4", "a", a_reading(mall, *THREE), by="tiga", now=late)
    for gone in (first, second):
        with pytest.raises(NotFound):
            await db.read(import_rows.upload, mall.id, gone)


async def test_a_leader_looks_says_yes_and_takes_back(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall, _ = await a_hall(app_db, clock)
    leader = PAGE | await signed_in(app_db, mall)
    files = {"file": ("formulir.csv", OFFICE_FILES["profil.csv"])}
    form = {"service": "ktp-el", "day": "2026-11-18"}
    shown = await client.post("/overview/skm/paper", data=form, files=files, headers=leader)
    for words in ("belum ada yang disimpan", "18 November 2026", "Pesantren", "Dukun",
                  "baris 9: &#39;Jumlah&#39;", "Perekaman KTP-el", "Masukkan 3 formulir"):  # fmt: skip
        assert words in shown.text, words
    assert await whole(app_db, mall) == {}
    taken = await client.post(shown.url.path, headers=leader)
    assert "3 formulir kertas dimasukkan" in taken.text
    assert "Tarik berkas ini" in taken.text
    (made,) = await app_db.read(import_rows.imports, mall.id)
    back = await client.post(f"/overview/skm/imports/{made.id}/withdraw", headers=leader)
    assert "3 formulir kertas ditarik" in back.text
    assert await whole(app_db, mall) == {}
    again = await client.post(f"/overview/skm/imports/{made.id}/withdraw", headers=leader)
    assert (again.status_code, "sudah ditarik" in again.text) == (409, True)
    shown = await client.post("/overview/skm/paper", data=form, files=files, headers=leader)
    await client.post(f"{shown.url.path}/drop", headers=leader)
    assert (await client.get(shown.url.path, headers=leader)).status_code == 404


async def test_dates_with_the_month_first_are_shown_as_such(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall, _ = await a_hall(app_db, clock)
    leader = PAGE | await signed_in(app_db, mall)
    text = "\n".join(
        ["Tanggal," + ",".join(CODES), *(f"11/{at}/2026," + ",".join("4" * 9) for at in (3, 19))]
    )
    shown = await client.post(
        "/overview/skm/paper",
        data={"service": "ktp-el"},
        files={"file": ("daring.csv", text.encode())},
        headers=leader,
    )
    for words in (
        "Tanggal di berkas ini ditulis bulan dulu",
        "3 November 2026",
        "19 November 2026",
    ):
        assert words in shown.text, words


async def test_a_file_beyond_the_bound_says_what_to_do(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall, _ = await a_hall(app_db, clock)
    leader = PAGE | await signed_in(app_db, mall)
    files = {"file": ("besar.csv", bytes(9 << 20))}
    answer = await client.post("/overview/skm/paper", files=files, headers=leader)
    assert answer.status_code == 413
    assert "Kecilkan atau bagi, lalu kirim lagi." in answer.text
