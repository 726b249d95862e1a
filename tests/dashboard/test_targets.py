"""Thresholds: what may be set, what is kept of it, and the page where leaders set them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from factories import MONDAY, TestClock, a_desk, a_mall, a_person, a_ticket
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import AsyncTestClient
from sqlalchemy import func, select

from mpp.dashboard import queries as target_rows
from mpp.dashboard.commands import set_targets
from mpp.dashboard.models import day_plans, target_changes
from mpp.dashboard.rules.targets import DEFAULTS, TARGETS, Key, Target, known, read_values
from mpp.db.seam import Database, Transaction
from mpp.errors import Conflict
from mpp.number_format import format_setting
from mpp.security import COOKIE, Role
from mpp.web.language import translations
from tests.metrics.morning import signed_in

Client = AsyncTestClient[Any]
PAGE = "/overview/targets"
USUAL = {str(key): format_setting(value, "id") for key, value in DEFAULTS.items()}
"""The form as it stands when nobody has changed anything."""


def stored(tx: Transaction) -> tuple[int, int]:
    """How many saves, how many plans of days."""
    return tuple(tx.conn.scalar(select(func.count()).select_from(each)) or 0
                 for each in (target_changes, day_plans))  # type: ignore[return-value]  # fmt: skip


# -- what may be set -----------------------------------------------------------------------------


def test_every_default_may_be_set() -> None:
    for each in TARGETS.values():
        assert each.default is None or each.least <= each.default <= each.most
    assert read_values(USUAL) == (DEFAULTS, [])


@st.composite
def settings(draw: st.DrawFn) -> dict[Key, float | None]:
    def value(target: Target) -> st.SearchStrategy[float | None]:
        scale = 10**target.decimals
        whole = st.integers(int(target.least * scale), int(target.most * scale))
        return st.none() | whole.map(lambda found: found / scale)

    return {key: draw(value(target)) for key, target in TARGETS.items()}


@given(settings(), st.sampled_from(["id", "en"]))
def test_what_is_shown_is_read_back_as_it_was(values: dict[Key, float | None], locale: str) -> None:
    form = {str(key): format_setting(value, locale) for key, value in values.items()}
    assert read_values(form) == (values, [])


@given(st.dictionaries(st.sampled_from(list(Key)), st.text(max_size=12)))
def test_whatever_is_typed_is_taken_within_its_bounds_or_named(form: dict[Key, str]) -> None:
    values, faults = read_values({str(key): text for key, text in form.items()})
    assert values.keys() | {each.field for each in faults} == set(Key)
    assert not values.keys() & {each.field for each in faults}
    for key, value in values.items():
        assert value is None or TARGETS[key].least <= value <= TARGETS[key].most


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        (Key.P90_WAIT, "satu jam", "bukan bilangan"),
        (Key.P90_WAIT, "-5", "bukan bilangan"),
        (Key.P90_WAIT, "4,5", "bilangan bulat"),
        (Key.P90_WAIT, "481", "antara"),
        (Key.IKM, "76,612", "dua angka desimal"),
        (Key.IKM, "24.99", "antara"),
        (Key.LEFT, "1e2", "bukan bilangan"),
    ],
)
def test_a_fault_says_what_is_wrong_in_both_languages(key: Key, typed: str, said: str) -> None:
    _, faults = read_values({**USUAL, key: typed})
    assert [each.field for each in faults] == [key]
    assert said in faults[0].words
    english = translations("en").gettext(faults[0].words)
    assert english != faults[0].words
    assert english % faults[0].facts


def test_words_of_thresholds_are_spoken_in_english_too() -> None:
    spoken = translations("en").gettext
    for each in TARGETS.values():
        assert spoken(each.words) != each.words
        assert spoken(each.note) != each.note


def test_a_threshold_that_a_later_release_brings_has_its_default() -> None:
    assert known({"left": None}) == {**DEFAULTS, Key.LEFT: None}


# -- what is kept --------------------------------------------------------------------------------


async def test_the_latest_save_holds_and_earlier_ones_are_kept(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    assert (await db.read(target_rows.present, mall.id)).targets == DEFAULTS
    first = {**DEFAULTS, Key.P90_WAIT: 45.0}
    second = {**first, Key.LEFT: None}
    for values, by in ((first, "manajer"), (second, "penyelia")):
        seen = (await db.read(target_rows.present, mall.id)).id
        clock.forward(minutes=1)
        assert await db.execute(set_targets, mall.id, values, seen=seen, by=by, now=clock())
    saves = await db.read(target_rows.changes, mall.id)
    assert [(each.by, each.targets) for each in saves] == [("penyelia", second), ("manajer", first)]
    assert saves[0].at == clock()


async def test_saving_the_same_again_is_no_change(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    assert not await db.execute(set_targets, mall.id, DEFAULTS, seen=0, by="a", now=clock())
    assert await db.read(stored) == (0, 0)


async def test_two_who_change_at_once_do_not_overwrite_each_other_unawares(
    db: Database, clock: TestClock
) -> None:
    mall = await a_mall(db)
    mine, yours = {**DEFAULTS, Key.LATE: 2.0}, {**DEFAULTS, Key.LATE: 3.0}
    await db.execute(set_targets, mall.id, mine, seen=0, by="a", now=clock())
    with pytest.raises(Conflict):
        await db.execute(set_targets, mall.id, yours, seen=0, by="b", now=clock())
    assert (await db.read(target_rows.present, mall.id)).targets == mine


# -- the page ------------------------------------------------------------------------------------


async def test_a_leader_sets_thresholds_and_sees_who_did(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    page = (await client.get(PAGE, headers=headers)).text
    assert "Belum pernah diubah" in page
    assert 'value="76,61"' in page
    form = {**USUAL, "p90_wait": "45", "ikm": "80,5", "left": "", "seen": "0"}
    answer = await client.post(PAGE, data=form, headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?saved=1")
    page = (await client.get(f"{PAGE}?saved=1", headers=headers)).text
    assert "Sasaran disimpan" in page
    assert re.search(r"Terakhir diubah 23 Nov 2026 09\.00 oleh manager", page)
    assert 'value="80,5"' in page or 'value="80,50"' in page
    assert "P90 waktu tunggu hari ini lebih dari: 60 → 45" in page
    assert "Bagian yang batal hari ini lebih dari: 10 → mati" in page
    english = (await client.get(f"{PAGE}?lang=en", headers=headers)).text
    assert "P90 wait today longer than: 60 → 45" in english
    assert "10 → off" in english


async def test_a_form_with_faults_saves_nothing_and_loses_nothing(
    client: Client, app_db: Database
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    form = {**USUAL, "p90_wait": "<b>satu jam", "late": "7", "left": "101", "seen": "0"}
    answer = await client.post(PAGE, data=form, headers=headers)
    assert answer.status_code == 422
    page = answer.text
    assert 'value="&lt;b&gt;satu jam"' in page
    assert 'value="7"' in page
    assert 'href="#p90_wait"' in page
    assert 'href="#left"' in page
    assert "Harus antara 0 dan 100, atau kosong." in page
    assert page.count('aria-invalid="true"') == 2
    assert await app_db.read(stored) == (0, 0)
    english = (await client.post(f"{PAGE}?lang=en", data=form, headers=headers)).text
    assert "Must be between 0 and 100, or empty." in english


async def test_somebody_who_was_slower_is_told_and_may_save_again(
    client: Client, app_db: Database
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    await client.post(PAGE, data={**USUAL, "late": "2", "seen": "0"}, headers=headers)
    slow = await client.post(PAGE, data={**USUAL, "late": "3", "seen": "0"}, headers=headers)
    assert slow.status_code == 409
    assert "baru saja diubah orang lain" in slow.text
    assert 'name="late" type="text" value="3"' in slow.text
    found = re.search(r'name="seen" id="seen" value="(\d+)"', slow.text)
    assert found is not None
    form = {**USUAL, "late": "3", "seen": found.group(1)}
    again = await client.post(PAGE, data=form, headers=headers, follow_redirects=False)
    assert again.status_code == 303
    assert await app_db.read(stored) == (2, 0)


async def test_a_person_needs_the_form_token(client: Client, app_db: Database) -> None:
    mall = await a_mall(app_db)
    session = await a_person(app_db, mall, Role.SUPERVISOR, "penyelia")
    client.cookies.set(COOKIE, session)
    page = (await client.get(PAGE)).text
    token = re.search(r'name="_csrf" value="([0-9a-f]+)"', page)
    assert token is not None
    form = {**USUAL, "late": "2", "seen": "0"}
    assert (await client.post(PAGE, data=form)).status_code == 403
    answer = await client.post(PAGE, data={**form, "_csrf": token.group(1)}, follow_redirects=False)
    assert answer.status_code == 303
    assert (await app_db.read(target_rows.present, mall.id)).by == "penyelia"


async def test_a_days_plan_is_written_listed_and_withdrawn(
    client: Client, app_db: Database
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    form = {"day": "2026-11-24", "expected": "1.250", "note": "Pelayanan keliling"}
    answer = await client.post(f"{PAGE}/plan", data=form, headers=headers, follow_redirects=False)
    assert answer.headers["location"] == f"{PAGE}?planned=2026-11-24#plan"
    page = (await client.get(f"{PAGE}?planned=2026-11-24", headers=headers)).text
    assert "Rencana untuk Selasa, 24 November 2026 disimpan." in page
    assert "1.250" in page
    assert "Pelayanan keliling" in page
    await client.post(f"{PAGE}/plan", data={**form, "expected": ""}, headers=headers)
    assert "seperti biasa" in (await client.get(PAGE, headers=headers)).text
    assert await app_db.read(stored) == (0, 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "2026-11-22"}, "day"),
        ({"day": "besok"}, "day"),
        ({"day": ""}, "day"),
        ({"day": "2028-01-01"}, "day"),
        ({"expected": "0"}, "expected"),
        ({"expected": "banyak"}, "expected"),
        ({"expected": "100001"}, "expected"),
        ({"note": "x" * 301}, "note"),
        ({"note": "a\x00b"}, "note"),
    ],
)
async def test_a_plan_that_cannot_be_is_refused_and_keeps_what_was_typed(
    client: Client, app_db: Database, wrong: dict[str, str], field: str
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    form = {"day": "2026-11-24", "expected": "321", "note": "Alasan"} | wrong
    answer = await client.post(f"{PAGE}/plan", data=form, headers=headers)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    kept = "Alasan" if field != "note" else "321"
    assert kept in answer.text
    assert await app_db.read(stored) == (0, 0)


async def test_why_a_note_is_refused_is_said_in_english_with_its_number(
    client: Client, app_db: Database
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    form = {"day": "2026-11-24", "expected": "321", "note": "x" * 301}
    answer = await client.post(f"{PAGE}/plan?lang=en", data=form, headers=headers)
    assert "At most 300 characters." in answer.text


HOSTILE = [
    "\0",
    "\u202e",
    "💥",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "%(text)s",
    "9" * 400,
    "١٢",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_is_typed_nothing_of_it_is_stored_or_run(
    client: Client, app_db: Database, text: str
) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    for field in ("p90_wait", "ikm"):
        answer = await client.post(PAGE, data={**USUAL, field: text, "seen": "0"}, headers=headers)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
    changed = {**USUAL, "late": "2", "seen": text}
    assert (await client.post(PAGE, data=changed, headers=headers)).status_code == 409
    for field in ("day", "expected"):
        form = {"day": "2026-11-24", "expected": "5", "note": "", field: text}
        answer = await client.post(f"{PAGE}/plan", data=form, headers=headers)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
    assert await app_db.read(stored) == (0, 0)


async def test_addresses_that_say_nonsense_do_no_harm(client: Client, app_db: Database) -> None:
    headers = await signed_in(app_db, await a_mall(app_db))
    for query in ("planned=besok", "planned=%00", "saved=%3Cscript%3E"):
        answer = await client.get(f"{PAGE}?{query}", headers=headers)
        assert answer.status_code == 200
        assert "<script>" not in answer.text


async def test_a_threshold_that_was_set_decides_what_the_overview_tells(
    client: Client, app_db: Database, clock: TestClock
) -> None:
    mall = await a_mall(app_db)
    await a_desk(app_db, mall, "1", clock)
    await a_ticket(app_db, mall, now=clock())
    clock.now += timedelta(minutes=31)
    headers = await signed_in(app_db, mall)
    told = "1 orang menunggu melewati janji 30 menit"
    assert told in (await client.get("/overview", headers=headers)).text
    await client.post(PAGE, data={**USUAL, "late": "2", "seen": "0"}, headers=headers)
    page = (await client.get("/overview", headers=headers)).text
    assert told not in page
    assert "Tidak ada yang melewati sasaran." in page
    assert mall.day(clock()) == MONDAY
