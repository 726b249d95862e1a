"""The pages of the index of public service: what they show, refuse and leave unchanged."""

import re
from typing import Any

import pytest
from factories import NINE, TestClock, a_mall, mall_file
from litestar.testing import AsyncTestClient

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.evaluation.commands import evaluations as commands
from mpp.evaluation.commands.evaluations import Start
from mpp.evaluation.commands.score_imports import clear_users
from mpp.evaluation.queries import evaluation_rows
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.standing import Judged
from mpp.security import Role
from tests.metrics.morning import a_morning, signed_in

Client = AsyncTestClient[Any]
HOME = "/overview/ipp"


async def an_evaluation(
    db: Database,
    mall: Mall,
    level: int = 3,
    *,
    year: int = 2026,
    judged: bool = True,
    unit: str = "MPP Uji",
    users: int = 1,
) -> int:
    start = Start(year, unit, "pekppp-2023", "A")
    made: int = await db.execute(commands.create_evaluation, mall.id, start, now=NINE)
    for number in range(1, 31):
        known = Judged(level=level) if judged else Judged(own=level)
        await db.execute(commands.judge, mall.id, made, number, known)
    await db.execute(commands.add_users, mall.id, made, [[level] * 14] * users)
    return made


async def read(db: Database, mall: Mall, made: int) -> Evaluation:
    return await db.read(evaluation_rows.evaluation, mall.id, made)


async def test_an_evaluation_is_begun_and_leads_to_its_page(
    client: Client, app_db: Database
) -> None:
    mall = await a_mall(app_db)
    headers = await signed_in(app_db, mall)
    form = {
        "year": "2026",
        "unit": "MPP Uji",
        "instrument": "pekppp-2023",
        "variant": "B",
        "without_users": "f02",
    }
    answer = await client.post(HOME, data=form, headers=headers, follow_redirects=False)
    assert answer.status_code == 303
    page = (await client.get(answer.headers["location"], headers=headers)).text
    assert "MPP Uji, 2026" in page
    assert "Daring" in page
    assert "Kecepatan menanggapi pengaduan" in page
    assert "bobot 100 % dari indeks" in page
    again = await client.post(HOME, data=form, headers=headers)
    assert again.status_code == 409
    assert "Evaluasi MPP Uji tahun 2026 sudah ada." in again.text
    assert 'value="MPP Uji"' in again.text, "what was typed is kept"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"year": "dua"}, "bukan bilangan"),
        ({"year": ""}, "Tahun harus"),
        ({"unit": ""}, "belum disebut"),
        ({"variant": "C"}, "Varian"),
        ({"instrument": "x"}, "Instrumen"),
        ({"without_users": ""}, "Pilih perlakuan"),
    ],
)
async def test_a_start_that_cannot_be_is_explained(
    client: Client, app_db: Database, change: dict[str, str], said: str
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    form = {
        "year": "2026",
        "unit": "X",
        "instrument": "pekppp-2023",
        "variant": "A",
        "without_users": "zero",
    }
    answer = await client.post(HOME, data=form | change, headers=headers)
    assert answer.status_code == 422
    assert said in answer.text


async def test_the_evaluation_shows_every_level_and_what_is_missing(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    made = await an_evaluation(app_db, mall, judged=False)
    known = Judged(own=4, evidence="SK 12 <b>", note="baik")
    await app_db.execute(commands.judge, mall.id, made, 6, known)
    await app_db.execute(commands.judge, mall.id, made, 7, Judged())
    headers = await signed_in(app_db, mall)
    page = (await client.get(f"{HOME}/{made}", headers=headers)).text
    assert "perkiraan" in page
    assert "SK 12 &lt;b&gt;" in page
    assert "Belum diisi: indikator 7" in page
    assert page.count('class="panel ipp-indicator"') == 31
    assert page.count("ipp-ladder__rung") - page.count("ipp-ladder__rung--here") == 31 * 6
    assert "Belum ada data: meja pengaduan belum dipakai" in page
    assert "1 dari 1 hari buka" in page, "freshness, from the morning's queue"


async def test_a_level_is_set_and_a_derived_one_taken_over(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_morning(app_db, clock)
    made = await an_evaluation(app_db, mall)
    headers = await signed_in(app_db, mall)
    path = f"{HOME}/{made}/indicator/24"
    form = {"own": "1", "level": "", "evidence": "Log situs", "effort": "4", "following": "25"}
    answer = await client.post(path, data=form, headers=headers, follow_redirects=False)
    assert answer.headers["location"] == f"{HOME}/{made}/indicator/25"
    assert "Ambil alih sebagai tingkat unit" in (await client.get(path, headers=headers)).text
    for _ in range(2):
        await client.post(f"{path}/take", headers=headers)
    judged = (await read(app_db, mall, made)).judged[24]
    assert (judged.own, judged.level, judged.effort) == (4, None, 4)
    assert judged.evidence.startswith("Log situs\nLayar dan ponsel dimutakhirkan pada 1 dari 1")
    assert judged.evidence.count("\n") == 1, "pressed twice, written once"
    none = await client.post(f"{HOME}/{made}/indicator/28/take", headers=headers)
    assert none.status_code == 404


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("indicator/6", {"own": "6"}, 422),
        ("indicator/6", {"level": "baik"}, 422),
        ("indicator/6", {"effort": "9"}, 422),
        ("indicator/99", {"own": "1"}, 422),
        ("indicator/x", {"own": "1"}, 404),
        ("recommendations", {"text": ""}, 422),
        ("recommendations", {"text": "x", "indicator": "77"}, 422),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    client: Client, app_db: Database, path: str, form: dict[str, str], status: int
) -> None:
    mall = await a_mall(app_db)
    made = await an_evaluation(app_db, mall)
    before = await read(app_db, mall, made)
    answer = await client.post(
        f"{HOME}/{made}/{path}", data=form, headers=await signed_in(app_db, mall)
    )
    assert answer.status_code == status
    assert await read(app_db, mall, made) == before


async def test_users_answers_one_by_one_and_pasted(client: Client, app_db: Database) -> None:
    mall = await a_mall(app_db)
    made = await an_evaluation(app_db, mall)
    headers = await signed_in(app_db, mall, Role.SUPERVISOR)
    path = f"{HOME}/f03/{made}"
    one = {f"q{number}": str(number % 6) for number in range(1, 14)}
    assert (await client.post(path, data=one, headers=headers)).status_code == 200
    assert (await read(app_db, mall, made)).users[1] == [*(n % 6 for n in range(1, 14)), None]
    wrong = await client.post(
        f"{path}/paste", data={"answers": "5\t" * 13 + "5\n5\t5"}, headers=headers
    )
    assert wrong.status_code == 422
    assert "Baris 2: 2 kolom, bukan 14." in wrong.text
    for bad in ({}, {"q1": "7"}, {"q1": "x"}):
        assert (await client.post(path, data=bad, headers=headers)).status_code == 422
    table = {"answers": "\n".join(["5\t" * 13 + "5"] * 3)}
    pasted = await client.post(f"{path}/paste", data=table, headers=headers)
    assert "Jawaban 3 pengguna ditambahkan." in pasted.text
    assert len((await read(app_db, mall, made)).users) == 5
    assert (await client.post(f"{path}/clear", headers=headers)).status_code == 403
    manager = await signed_in(app_db, mall)
    assert "Belum ada jawaban." in (await client.post(f"{path}/clear", headers=manager)).text


async def test_the_navigator_leads_up_and_supposes_without_storing(
    client: Client, app_db: Database
) -> None:
    mall = await a_mall(app_db)
    made = await an_evaluation(app_db, mall)
    headers = await signed_in(app_db, mall)
    before = await read(app_db, mall, made)
    page = (await client.get(f"{HOME}/{made}/navigator?l6=5&l14=5", headers=headers)).text
    assert "Menuju B- – Baik (Dengan Catatan)" in page
    # 3 + 2 × 0.0306 + 2 × 0.05625 = 3.1737
    assert "Dengan 2 perubahan: IPP 3,17" in page
    refused = await client.get(f"{HOME}/{made}/navigator?l6=9", headers=headers)
    assert refused.status_code == 422
    assert await read(app_db, mall, made) == before


async def test_the_top_and_what_levels_cannot_reach_are_said(
    client: Client, app_db: Database
) -> None:
    mall = await a_mall(app_db)
    headers = await signed_in(app_db, mall)
    top = await an_evaluation(app_db, mall, 5)
    page = (await client.get(f"{HOME}/{top}/navigator", headers=headers)).text
    assert "Predikat tertinggi sudah tercapai" in page
    await app_db.execute(clear_users, mall.id, top, by="x", now=NINE)
    page = (await client.get(f"{HOME}/{top}/navigator", headers=headers)).text
    assert "Tidak tercapai dengan menaikkan tingkat saja" in page


async def test_recommendations_are_followed_up(client: Client, app_db: Database) -> None:
    mall = await a_mall(app_db)
    made = await an_evaluation(app_db, mall)
    headers = await signed_in(app_db, mall)
    path = f"{HOME}/{made}/recommendations"
    await client.post(path, data={"indicator": "7", "text": "Umumkan hasil"}, headers=headers)
    advice = (await app_db.read(evaluation_rows.recommendations_of, mall.id, made))[0]
    form = {"evaluation": str(made), "followed_up": "Sudah", "followed_up_on": "2026-11-20"}
    followed = f"{HOME}/recommendation/{advice.id}"
    page = (await client.post(followed, data=form, headers=headers)).text
    assert "1 dari 1 rekomendasi selesai" in page
    bad = await client.post(followed, data=form | {"followed_up_on": "kemarin"}, headers=headers)
    assert bad.status_code == 422


async def test_units_and_years_stand_side_by_side_with_their_trend(
    client: Client, app_db: Database
) -> None:
    mall = await a_mall(app_db)
    for year, level in ((2024, 2), (2025, 4), (2026, 3)):
        await an_evaluation(app_db, mall, level, year=year)
    page = (await client.get(HOME, headers=await signed_in(app_db, mall))).text
    assert [page.index(f">{year}<") for year in (2024, 2025, 2026)] == sorted(
        page.index(f">{year}<") for year in (2024, 2025, 2026)
    )
    assert "turun 1,00" in page
    assert "Peringkat mal" not in page
    assert "Mulai evaluasi" in page
    watched = await client.get(HOME, headers=await signed_in(app_db, mall, Role.SUPERVISOR))
    assert "Mulai evaluasi" not in watched.text


async def test_the_ranking_holds_the_own_malls_units_and_ranks_no_noise(
    client: Client, app_db: Database
) -> None:
    mall = await a_mall(app_db)
    other = await a_mall(app_db, mall_file(slug="mpp-lain", name="MPP Lain"))
    await an_evaluation(app_db, other, 5, unit="Milik Lain")
    await an_evaluation(app_db, mall, 4, unit="Baik", users=40)
    await an_evaluation(app_db, mall, 4, unit="Juga baik", users=1)
    await an_evaluation(app_db, mall, 1, unit="Jauh", users=40)
    await an_evaluation(app_db, mall, 5, unit="Belum dinilai", judged=False)
    for role in (Role.ADMIN, Role.MANAGER, Role.SUPERVISOR):
        headers = await signed_in(app_db, mall, role)
        page = (await client.get(f"{HOME}/ranking", headers=headers)).text
        assert "Milik Lain" not in page
        rows = re.findall(
            r'<tr><td class="table__number">(.*?)</td>\n<th scope="row">(.*?)</th>', page
        )
        assert rows == [
            ("1–2", "Baik"),
            ("1–2", "Juga baik"),
            ("3", "Jauh"),
            ("–", "Belum dinilai"),
        ]
    manager = await signed_in(app_db, mall)
    assert "/overview/ipp/ranking" in (await client.get(HOME, headers=manager)).text
    foreign = await signed_in(app_db, other, Role.ADMIN)
    page = (await client.get(f"{HOME}/ranking", headers=foreign)).text
    assert "Milik Lain" in page
    assert "Jauh" not in page


async def test_another_malls_evaluation_is_not_found(client: Client, app_db: Database) -> None:
    mall = await a_mall(app_db)
    other = await a_mall(app_db, mall_file(slug="mpp-lain", name="MPP Lain"))
    made = await an_evaluation(app_db, mall)
    headers = await signed_in(app_db, other)
    for path in (f"/{made}", f"/{made}/indicator/6", f"/{made}/navigator", f"/f03/{made}"):
        assert (await client.get(HOME + path, headers=headers)).status_code == 404
    for path in (f"/{made}/indicator/6", f"/{made}/indicator/31/take", f"/f03/{made}/clear"):
        assert (await client.post(HOME + path, data={}, headers=headers)).status_code == 404


async def test_english_is_spoken_and_no_word_is_left_out(client: Client, app_db: Database) -> None:
    mall = await a_mall(app_db)
    made = await an_evaluation(app_db, mall)
    headers = await signed_in(app_db, mall)
    page = (await client.get(f"{HOME}/{made}/navigator?lang=en", headers=headers)).text
    assert "The way with the least effort" in page
    assert "What if" in page
