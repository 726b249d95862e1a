"""The manager's pages of the survey: index, paper, reports, plans; and what everybody may read."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from factories import Desk, TestClock
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.metrics.rules.periods import Period
from mpp.security import COOKIE
from mpp.survey.queries import answer_rows, report_rows
from mpp.survey.queries.answer_rows import Scope
from tests.metrics.morning import signed_in
from tests.survey.skm_world import MONDAY_ANSWERS, a_hall, judged, serve_one

Client = AsyncTestClient[Any]
PAGE = {"Accept": "text/html"}
HEAD = [f"u{n}" for n in range(1, 10)]
FORM = {"service": "ktp-el", "day": "2026-11-20"}


@pytest.fixture
async def hall(client: Client, app_db: Database, clock: TestClock) -> tuple[Mall, Desk]:
    return await a_hall(app_db, clock)


@pytest.fixture
async def leader(app_db: Database, hall: tuple[Mall, Desk]) -> dict[str, str]:
    return PAGE | await signed_in(app_db, hall[0])


async def test_the_page_shows_the_index_its_doubt_and_who_answered(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], leader: dict[str, str]
) -> None:
    await judged(app_db, hall[1], MONDAY_ANSWERS, gender="female")
    for _ in range(8):
        await serve_one(hall[1])
    page = (await client.get("/overview/skm", headers=leader)).text
    assert re.search(r'id="ikm-value">83,33</span>\s+<span\s+class="grade">B', page)
    assert "Triwulan IV tahun 2026" in page
    assert "sasaran Krejcie–Morgan 19" in page
    assert "dari 20 kunjungan terlayani" in page
    assert page.count("termasuk tiga terendah") == 3
    english = (await client.get("/overview/skm?lang=en&weights=0.11", headers=leader)).text
    assert "82.50" in english
    assert "Community Satisfaction Index" in english


async def test_an_interval_across_a_bound_is_said(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], leader: dict[str, str]
) -> None:
    await judged(app_db, hall[1], [(3,) * 9] * 6 + [(4,) * 9] * 5)
    page = (await client.get("/overview/skm", headers=leader)).text
    assert "Tidak dapat dibedakan dari A" in page


async def test_fewer_than_five_are_not_shown(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], leader: dict[str, str]
) -> None:
    await judged(app_db, hall[1], [(1,) * 9] * 4)
    page = (await client.get("/overview/skm", headers=leader)).text
    assert "25,00" not in page.replace("mulai 25,00", "")
    assert "Belum cukup jawaban" in page
    refused = await client.post("/overview/skm/reports", data={}, headers=leader)
    assert refused.status_code == 409
    assert await app_db.read(report_rows.reports, hall[0].id) == []


@pytest.mark.parametrize(
    "query", ["period=2026-13", "period=x", "agency=tidak-ada", "weights=1", "period=2026-q5"]
)
async def test_questions_without_sense_are_refused(
    client: Client, leader: dict[str, str], query: str
) -> None:
    assert (await client.get(f"/overview/skm?{query}", headers=leader)).status_code in {404, 422}


@pytest.mark.parametrize("period", ["2026-11", "2026-q4", "2026-s2", "2026"])
async def test_every_term_leads_to_its_neighbours(
    client: Client, leader: dict[str, str], period: str
) -> None:
    page = await client.get(f"/overview/skm?period={period}", headers=leader)
    assert page.status_code == 200
    links = set(re.findall(r"period=([0-9qs-]+)", page.text))
    assert {"2026-11", "2026-q4", "2026-s2", "2026"} <= links


# -- paper ---------------------------------------------------------------------------------------


def table(*rows: dict[str, str]) -> bytes:
    file = io.StringIO()
    columns = list(dict.fromkeys([*HEAD, *(name for row in rows for name in row)]))
    writer = csv.DictWriter(file, columns, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def row(value: str = "3", **more: str) -> dict[str, str]:
    return dict.fromkeys(HEAD, value) | more


async def send(
    client: Client, leader: dict[str, str], raw: bytes, name: str = "kertas.csv", **form: str
) -> Any:
    """Send a file, look at what it says, and say yes."""
    shown = await client.post(
        "/overview/skm/paper", data=FORM | form, files={"file": (name, raw)}, headers=leader
    )
    if "/overview/skm/paper/" not in str(shown.url):
        return shown
    said = {key: value for key, value in form.items() if key == "_csrf"}
    return await client.post(shown.url.path, data=said, headers=leader)


async def stored(db: Database, mall: Mall) -> int:
    scope = Scope(mall.id, Period(date(2026, 1, 1), date(2026, 12, 31)))
    found = await db.read(answer_rows.patterns, scope)
    return sum(found.whole.values())


async def test_a_paper_table_comes_in_once(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], leader: dict[str, str]
) -> None:
    raw = table(
        row(layanan="kk", tanggal="19/11/2026", usia="34", pendidikan="D3", pekerjaan="PNS"),
        row("", u1="4"),
        *[row("2")] * 4,
    )
    page = await send(client, leader, raw)
    assert (page.status_code, "6 formulir kertas dimasukkan." in page.text) == (200, True)
    again = await send(client, leader, raw, "salinan.csv")
    assert (again.status_code, "sudah pernah dimasukkan" in again.text) == (409, True)
    assert await stored(app_db, hall[0]) == 6
    scope = Scope(hall[0].id, Period(date(2026, 11, 19), date(2026, 11, 19)))
    profile = await app_db.read(answer_rows.profile, scope)
    assert (profile["age"], profile["education"]) == ({"30-39": 1}, {"d1-d4": 1})


async def test_a_workbook_comes_in_too(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], leader: dict[str, str]
) -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [*HEAD, "tanggal"])
    sheet.write_row(2, 0, [4, 4, 4, 4, 4, 4, 4, 4, 4])
    sheet.write_datetime(
        2,
        9,
        __import__("datetime").datetime(2026, 11, 18),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    sheet.write_row(3, 0, [4, 4, 4, 4, 4, 4, 4, 4, 9])
    book.close()
    page = await send(client, leader, file.getvalue(), "kertas.xlsx")
    assert "kertas.xlsx:4: u9: &#39;9&#39; bukan 1, 2, 3, atau 4" in page.text
    assert await stored(app_db, hall[0]) == 0


FAULTS = {
    "kertas.csv:3: layanan: &#39;tidak-ada&#39; tidak ada di mal ini": row(layanan="tidak-ada"),
    "kertas.csv:3: tanggal: &#39;kemarin&#39; bukan": row(tanggal="kemarin"),
    "kertas.csv:3: tanggal: &#39;2027-01-01&#39; di luar": row(tanggal="2027-01-01"),
    "kertas.csv:3: usia: &#39;1990&#39; bukan usia": row(usia="1990"),
    "kertas.csv:3: tidak ada satu pun jawaban": row("", usia="34"),
    "kertas.csv:3: u1: &#39;x&#39; bukan": row("x"),
}


@pytest.mark.parametrize("said", FAULTS)
async def test_one_fault_keeps_the_whole_file_out(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], leader: dict[str, str], said: str
) -> None:
    answer = await send(client, leader, table(row(), FAULTS[said]))
    assert answer.status_code == 422
    assert said in answer.text
    assert await stored(app_db, hall[0]) == 0


@pytest.mark.parametrize(
    "raw", [b"", b"PK\x03\x04 no workbook", b"\xff\xfe\x00", b"a;b\n1;2\n", table()]
)
async def test_what_is_no_table_is_refused(
    client: Client, leader: dict[str, str], raw: bytes
) -> None:
    assert (await send(client, leader, raw)).status_code == 422


async def test_no_file_and_no_service_are_named(client: Client, leader: dict[str, str]) -> None:
    nothing = await client.post("/overview/skm/paper", data=FORM, headers=leader)
    assert (nothing.status_code, "Pilih berkas" in nothing.text) == (422, True)
    without = await send(client, leader, table(row()), service="")
    assert "layanan: kosong" in without.text


async def test_a_form_with_a_file_needs_its_token(
    client: Client, app_db: Database, hall: tuple[Mall, Desk]
) -> None:
    from factories import a_person  # noqa: PLC0415 - only here

    from mpp.security import Role  # noqa: PLC0415

    session = await a_person(app_db, hall[0], Role.MANAGER, "kepala")
    client.cookies.set(COOKIE, session)
    page = (await client.get("/overview/skm", headers=PAGE)).text
    csrf = re.findall(r'name="_csrf" value="([0-9a-f]+)"', page)[0]
    without = await send(client, PAGE, table(row()))
    assert without.status_code == 403
    with_it = await send(client, PAGE, table(row()), _csrf=csrf)
    assert "1 formulir kertas dimasukkan." in with_it.text


# -- reports and plans ---------------------------------------------------------------------------


async def test_a_report_keeps_its_figures_and_its_plan_is_followed(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], leader: dict[str, str]
) -> None:
    await judged(app_db, hall[1], MONDAY_ANSWERS)
    page = await client.post("/overview/skm/reports", data={"period": "2026-11"}, headers=leader)
    assert page.status_code == 200
    (report,) = await app_db.read(report_rows.reports, hall[0].id)
    assert report.result.figures.weakest[:3] == ["facilities", "time", "complaints"]
    await judged(app_db, hall[1], [(1,) * 9] * 30)
    path = f"/overview/skm/reports/{report.id}"
    assert "83,33" in (await client.get(path, headers=leader)).text, "as it was"
    first_option = re.search(
        r'<select class="select" id="unsur".*?<option value="(\w+)"', page.text, re.DOTALL
    )
    assert first_option is not None
    assert first_option.group(1) == "facilities"

    plan = {
        "unsur": "facilities",
        "action": "Tambah kursi",
        "person": "Kabag umum",
        "due": "2026-12-31",
    }
    await client.post(f"{path}/plan", data=plan, headers=leader)
    await client.post(f"{path}/plan", data=plan | {"unsur": "time"}, headers=leader)
    for wrong in ({"action": " "}, {"due": "besok"}, {"person": ""}):
        assert (
            await client.post(f"{path}/plan", data=plan | wrong, headers=leader)
        ).status_code == 422
    first, _ = await app_db.read(report_rows.follow_ups_of, hall[0].id, report.id)
    done = f"/overview/skm/plan/{first.id}/done"
    assert (await client.post(done, data={"evidence": " "}, headers=leader)).status_code == 422
    page = await client.post(done, data={"evidence": "BAST 12/2026"}, headers=leader)
    assert "Terealisasi 50 %" in page.text
    assert "BAST 12/2026" in page.text
    page = await client.post(f"{path}/media", data={"media": ["screen", "website"]}, headers=leader)
    assert page.text.count(" checked>") == 2

    paper = await client.get(f"{path}/report.pdf", headers=leader)
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")

    public = (await client.get("/skm", headers=PAGE)).text
    assert "83,33" in public
    assert "Tambah kursi" in public
    assert "Terealisasi 50 %" in public
    assert "Kabag umum" not in public
    assert "BAST" not in public


async def test_the_public_page_says_when_nothing_is_published(
    client: Client, hall: tuple[Mall, Desk]
) -> None:
    assert "Belum ada hasil" in (await client.get("/skm/mpp-uji", headers=PAGE)).text
    assert (await client.get("/skm/tidak-ada", headers=PAGE)).status_code == 404


async def test_the_workbook_holds_the_tabulation(
    client: Client, app_db: Database, hall: tuple[Mall, Desk], leader: dict[str, str]
) -> None:
    await judged(app_db, hall[1], MONDAY_ANSWERS)
    answer = await client.get("/overview/skm/book.xlsx", headers=leader)
    assert "skm-mpp-uji-2026-q4.xlsx" in answer.headers["content-disposition"]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    summary = {str(r[0]): r[1] for r in book.get_sheet_by_name("Ringkasan").to_python()}
    assert (summary["IKM"], summary["Mutu"], summary["Responden"]) == (83.33, "B", 12)
    unsur = book.get_sheet_by_name("Unsur").to_python()
    assert [r[3] for r in unsur[1:]] == [3.6667, 3.3333, 2.6667, 4, 3.3333, 3.6667, 4, 2.3333, 3]


async def test_words_of_an_agency_come_and_go(client: Client, leader: dict[str, str]) -> None:
    words = {"agency": "dukcapil", "unsur": "cost", "text": "Wajarkah?"}
    options = {f"option{n}": f"pilihan {n}" for n in (1, 2, 3, 4)}
    page = await client.post("/overview/skm/words", data=words | options, headers=leader)
    assert "kata sendiri" in page.text
    twice = await client.post(
        "/overview/skm/words", data=words | options | {"option2": "pilihan 1"}, headers=leader
    )
    assert twice.status_code == 422
    page = await client.post("/overview/skm/words", data=words | {"text": ""}, headers=leader)
    assert "kata sendiri" not in page.text
