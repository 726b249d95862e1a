"""Whatever is typed into the survey's addresses and forms: no fault, nothing run, nothing of it stored."""

import io
import zipfile
from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from factories import NINE, TestClock, a_mall
from litestar.testing import AsyncTestClient
from sqlalchemy import func, select

from mpp.db.schema import metadata
from mpp.db.seam import Database, Transaction
from mpp.metrics.rules.periods import Period
from mpp.security import Role
from mpp.survey.commands import publication
from mpp.survey.readers.results import result
from tests.metrics.morning import signed_in
from tests.survey.skm_world import MONDAY_ANSWERS, a_hall, judged, serve_one

Client = AsyncTestClient[Any]
PAGE = {"Accept": "text/html"}
HOSTILE = ["", "\0", "a\0b", "\x1b[2J", "\u202e", "💥", "' OR 1=1 --", "<script>alert(1)</script>",
           "{{7*7}}", "%(label)s", "../../etc/passwd", "x" * 5000, "-1", "9" * 400, "\r\nX: y"]  # fmt: skip


def rows(tx: Transaction) -> dict[str, int]:
    tables = [name for name in metadata.tables if name.startswith(("survey", "quick", "follow"))]
    count = select(func.count())
    return {
        name: tx.conn.execute(count.select_from(metadata.tables[name])).scalar_one()
        for name in tables
    }


def is_wrong(answer: Any) -> bool:
    page = "html" in answer.headers["content-type"]
    return (
        answer.status_code >= 500
        or "Traceback" in answer.text
        or (page and "<script>alert" in answer.text)
        or "X" in answer.headers
    )


async def test_nothing_typed_does_harm(client: Client, app_db: Database, clock: TestClock) -> None:
    mall, desk = await a_hall(app_db, clock)
    leader = PAGE | await signed_in(app_db, mall)
    tablet = PAGE | await signed_in(app_db, mall, Role.COUNTER)
    await judged(app_db, desk, MONDAY_ANSWERS)
    found = await result(app_db, mall, Period(mall.day(NINE), mall.day(NINE)))
    report = await app_db.execute(publication.publish, mall, found, None, now=NINE)
    visit = await serve_one(desk)
    begun = await client.post(
        "/survey", data={"visit": visit.visit_token}, headers=PAGE, follow_redirects=False
    )
    survey = begun.headers["location"]
    before = await app_db.read(rows)
    wrong: list[Any] = []

    for text in HOSTILE:
        spelt = quote(text, safe="")
        for address, who in (
            (f"/s/{spelt}", PAGE), (f"{survey}?done={spelt}", PAGE), (f"/skm/{spelt}", PAGE),
            (f"/survey/tablet/{spelt}", tablet), (f"/overview/skm?period={spelt}", leader),
            (f"/overview/skm?agency={spelt}", leader), (f"/overview/skm?weights={spelt}", leader),
            (f"/overview/skm?imported={spelt}", leader), (f"/overview/skm/book.xlsx?period={spelt}", leader),
            (f"/overview/skm/words?agency={spelt}", leader), (f"/overview/skm/reports/{spelt}", leader),
            (f"/overview/skm/reports/{spelt}/report.pdf", leader),
        ):  # fmt: skip
            answer = await client.get(address, headers=who)
            wrong += [(address[:60], text[:20], answer.status_code)] if is_wrong(answer) else []
    plan = {"unsur": "time", "action": "", "person": "x", "due": "2026-12-31"}
    words = {"agency": "dukcapil", "unsur": "cost", "text": "Wajar?"} | {
        f"option{n}": "x" for n in range(1, 5)
    }
    forms: list[tuple[str, dict[str, str], dict[str, str]]] = [
        ("/survey", {"visit": ""}, PAGE),
        (survey, dict.fromkeys(["quick", "u1", "gender", "time_band"], ""), PAGE),
        ("/overview/skm/reports", dict.fromkeys(["period", "agency", "weights"], "x"), leader),
        (f"/overview/skm/reports/{report}/media", {"media": ""}, leader),
        (f"/overview/skm/reports/{report}/plan", plan, leader),
        ("/overview/skm/plan/1/done", {"evidence": ""}, leader),
        ("/overview/skm/words", words, leader),
        ("/overview/skm/paper", {"service": "x", "day": "x"}, leader),
    ]
    for (address, form, who), text in product(forms, HOSTILE):
        for name in form:
            answer = await client.post(address, data=form | {name: text}, headers=who)
            wrong += (
                [(address[:60], name, text[:20], answer.status_code)] if is_wrong(answer) else []
            )
    for text in HOSTILE:
        files = {"file": (text.replace("\0", "") or "x", f"u1;{text}\n1;{text}\n".encode())}
        answer = await client.post("/overview/skm/paper", data={}, files=files, headers=leader)
        wrong += [("file", text[:20], answer.status_code)] if is_wrong(answer) else []
    assert wrong == []
    after = await app_db.read(rows)
    after.pop("follow_ups")  # what a leader plans is in their own words, however odd
    before.pop("follow_ups")
    assert after == before


def a_workbook(cells: str, *, extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook as small as it can be, with these cells in its only sheet."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships {relations}><Relationship Id="rId1" Type="{kinds}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{kinds}"><sheets><sheet name="A" sheetId="1"'
        ' r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {relations}><Relationship Id="rId1"'
        f' Type="{kinds}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{cells}</sheetData></worksheet>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
        for name, raw in (extra or {}).items():
            packed.writestr(name, raw)
    return file.getvalue()


ONE = '<row r="{row}"><c r="{column}{row}"><v>4</v></c></row>'


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: a_workbook(ONE.format(column="XFD", row=1048576)), "ada isi di sel XFD1048576"),
        (lambda: a_workbook(ONE.format(column="GS", row=2)), "ada isi di sel GS2"),
        (lambda: a_workbook(ONE.format(column="A", row=200_002)), "ada isi di sel A200002"),
        (lambda: a_workbook(ONE.format(column="GR", row=200_001)), "40000200 sel; paling banyak 4000000"),
        (lambda: a_workbook('<row r="1"><c r="A1"><v>4</v></c></row>' + " " * (130 << 20)), "terlalu besar"),
        (lambda: a_workbook("", extra={"xl/sharedStrings.xml": b" " * (130 << 20)}), "terlalu besar"),
        (lambda: a_workbook("") [:300], "bukan XLSX yang terbaca"),
    ],
    ids=["last cell", "column 201", "row 200,002", "all between", "unpacked", "texts", "half"],
)  # fmt: skip
async def test_a_file_that_would_need_all_memory_is_refused_and_says_where(
    client: Client, app_db: Database, made: Callable[[], bytes], said: str
) -> None:
    mall = await a_mall(app_db)
    headers = await signed_in(app_db, mall)
    answer = await client.post(
        "/overview/skm/paper",
        data={"service": "ktp-el", "day": "2026-11-20"},
        files={"file": ("isian.xlsx", made())},
        headers=headers,
    )
    assert answer.status_code == 422
    assert said in answer.text
