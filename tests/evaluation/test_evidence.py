"""Files that prove a level: what is taken, kept once, given back whole, and removed for good."""

import io
import zipfile
from collections.abc import Callable

import httpx
import pytest
from factories import NINE, a_mall, a_person
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Conflict, Invalid, NotFound
from mpp.evaluation.commands import evaluations, evidence
from mpp.evaluation.commands.evaluations import Start
from mpp.evaluation.queries import evidence_files
from mpp.evaluation.rules.attachment import (
    KINDS,
    LONGEST_NAME,
    MOST_BYTES,
    MOST_FILES,
    Attachment,
    SentFile,
    attachment,
    check_sent,
)
from mpp.security import COOKIE, Role

PDF = b"%PDF-1.7 sk"


async def an_evaluation(db: Database, mall: Mall) -> int:
    start = Start(2026, "Mal uji", "pekppp-2023", "A")
    made: int = await db.execute(evaluations.create_evaluation, mall.id, start, now=NINE)
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_must_be_what_its_name_says(kind: str) -> None:
    content = KINDS[kind].begins[0] + b"more"
    assert attachment(f"SK 12.{kind.upper()}", content) == Attachment(
        f"SK 12.{kind.upper()}", kind, content
    )
    with pytest.raises(Invalid):
        attachment(f"SK 12.{kind}", b"<html><script>alert(1)</script>")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bukti.html", b"<html>"),
        ("bukti.svg", b"<svg>"),
        ("bukti.exe", b"MZ"),
        ("bukti", PDF),
        ("bukti.pdf.js", PDF),
        ("kosong.pdf", b""),
        ("besar.pdf", PDF + bytes(MOST_BYTES)),
    ],
)
def test_other_kinds_empty_and_huge_files_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        attachment(name, content)
    assert refused.value.facts["field"] == "file"


@given(st.text(max_size=300))
def test_a_name_loses_its_folders_and_what_cannot_be_seen(name: str) -> None:
    kept = attachment(f"{name}.pdf", PDF).name
    assert len(kept) <= LONGEST_NAME
    assert kept.isprintable()
    assert not set("/\\") & set(kept)
    assert kept.endswith(".pdf")


async def test_a_file_is_kept_once_and_given_back_whole(db: Database) -> None:
    mall = await a_mall(db)
    made = await an_evaluation(db, mall)
    file = attachment("SK 12.pdf", PDF + bytes(range(256)) * 400)
    first = await db.execute(evidence.attach, mall.id, made, 7, file, now=NINE)
    again = await db.execute(evidence.attach, mall.id, made, 7, file, now=NINE)
    other = await db.execute(evidence.attach, mall.id, made, 8, file, now=NINE)
    assert first == again != other
    found, content = await db.read(evidence_files.file_with_content, mall.id, first)
    assert (found.name, found.size, content) == ("SK 12.pdf", len(file.content), file.content)
    assert await db.read(evidence_files.file_counts, mall.id, made) == {7: 1, 8: 1}
    await db.execute(evidence.detach, mall.id, first)
    assert await db.read(evidence_files.files_of, mall.id, made, 7) == []
    with pytest.raises(NotFound):
        await db.read(evidence_files.file_with_content, mall.id, first)


async def test_an_indicator_takes_only_so_many_and_must_exist(db: Database) -> None:
    mall = await a_mall(db)
    made = await an_evaluation(db, mall)
    for number in range(MOST_FILES):
        file = attachment(f"{number}.pdf", PDF + bytes([number]))
        await db.execute(evidence.attach, mall.id, made, 1, file, now=NINE)
    one_more = attachment("akhir.pdf", PDF)
    with pytest.raises(Conflict):
        await db.execute(evidence.attach, mall.id, made, 1, one_more, now=NINE)
    for evaluation, indicator in ((made, 99), (made + 1, 1)):
        with pytest.raises(NotFound):
            await db.execute(evidence.attach, mall.id, evaluation, indicator, one_more, now=NINE)


async def test_a_manager_attaches_everybody_who_leads_reads_nobody_else(
    app: Litestar, server: str
) -> None:
    db: Database = app.state.db
    mall = await a_mall(db)
    app.state.malls.stale()
    made = await an_evaluation(db, mall)
    page = f"/overview/ipp/{made}/indicator/7"
    async with httpx.AsyncClient(base_url=server) as http:
        http.cookies.set(COOKIE, await a_person(db, mall, Role.MANAGER, "kepala"))
        shown = (await http.get(page)).text
        token = shown.split('name="_csrf" value="')[1].split('"')[0]
        sent = await http.post(
            f"{page}/files", data={"_csrf": token}, files={"file": ("SK 12.pdf", PDF)}
        )
        assert (sent.status_code, sent.headers["location"]) == (303, f"{page}#files")
        shown = (await http.get(page)).text
        assert "SK 12.pdf" in shown
        assert "09.00" in shown.split("SK 12.pdf")[1].split("</small>")[0]  # the mall's time
        address = "/overview/ipp/file/" + shown.split("/overview/ipp/file/")[1].split('"')[0]
        assert f'{page}#files">1 berkas' in (await http.get(f"/overview/ipp/{made}")).text
        kept = await http.get(address)
        assert kept.content == PDF
        assert kept.headers["content-disposition"].startswith("attachment; ")
        assert kept.headers["x-content-type-options"] == "nosniff"
        wrong = await http.post(
            f"{page}/files", data={"_csrf": token}, files={"file": ("a.pdf", b"<html>")}
        )
        assert (wrong.status_code, "tidak sesuai" in wrong.text) == (422, True)

        http.cookies.clear()
        assert (await http.get(address)).status_code in {303, 401}
        http.cookies.set(COOKIE, await a_person(db, mall, Role.OFFICER, "petugas"))
        assert (await http.get(address)).status_code == 403
        http.cookies.set(COOKIE, await a_person(db, mall, Role.SUPERVISOR, "penyelia"))
        assert (await http.get(address)).content == PDF
        shown = (await http.get(page)).text
        assert 'type="file"' not in shown


def packed(*names: str, size: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, bytes(size))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", lambda: packed("word/document.xml"), None),
        ("a.xlsx", lambda: packed("xl/workbook.xml"), None),
        ("a.pdf", lambda: PDF, None),
        ("a.docx", lambda: packed("xl/workbook.xml"), "tidak sesuai"),
        ("a.docx", lambda: packed("word/document.xml")[:60], "tidak sesuai"),
        (
            "a.xlsx",
            lambda: packed("xl/workbook.xml", "xl/b.xml", size=65 << 20),
            "terlalu besar setelah dibuka",
        ),
    ],
)
def test_a_packed_file_is_looked_into(
    name: str, content: Callable[[], bytes], said: str | None
) -> None:
    if said is None:
        assert check_sent(SentFile(name, content())).name == name
        return
    with pytest.raises(Invalid, match=said):
        check_sent(SentFile(name, content()))
