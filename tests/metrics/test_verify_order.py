"""Two at once, and choices that the rules would not make, are named; on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from factories import NINE, TestClock, a_desk, a_mall, issued
from sqlalchemy import select, update

from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import stored_days
from mpp.metrics.rules.stored_day import Invariant
from mpp.queue.models import ticket_events
from mpp.queue.rules.life import Action
from tests.metrics.planted import E, found_after, invariants, of, said


async def test_two_tickets_in_hand_at_one_counter_are_named(db: Database, served) -> None:
    mall, (first, second, _) = served

    def overlap(tx: Transaction) -> None:
        """The second was called while the first was still being served."""
        during = first.started_at + timedelta(minutes=1)
        tx.conn.execute(
            update(ticket_events).where(E.ticket_id == second.id, E.seq <= 2).values(at=during)
        )

    found = await found_after(db, mall, overlap)
    ((subject, detail),) = said(found, Invariant.IN_HAND)
    assert subject == "loket Loket 1"
    assert detail.startswith("A-001 dan A-002 bersamaan")


async def test_a_visit_in_hand_at_two_counters_is_named(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    one, three = [await a_desk(db, mall, label, clock) for label in ("1", "3")]
    taken = await issued(db, mall, now=clock())
    await issued(db, mall, "paspor", now=clock(), visit=taken.visit_token)
    for desk in (one, three):
        called = await desk.call()
        assert called is not None
        clock.forward(minutes=10)
        await desk.do(called, Action.START)
        await desk.do(called, Action.COMPLETE)
    assert await db.read(stored_days.verify, mall.id) == []
    early = (
        update(ticket_events)
        .where(E.counter_id == three.counter_id, E.action == Action.CALL)
        .values(at=NINE + timedelta(minutes=3))
    )
    found = await found_after(db, mall, lambda tx: tx.conn.execute(early))
    ((subject, detail),) = said(found, Invariant.IN_HAND)
    assert subject == "A-001 dan P-001"
    assert detail.startswith("satu kunjungan di dua loket")


# -- choices -------------------------------------------------------------------------------------


async def _choice_changed(db: Database, served, change: Callable[[dict], object]) -> list[str]:
    """What is said of A-002's call after its stored facts were changed."""
    mall, (_, second, _) = served

    def tamper(tx: Transaction) -> None:
        where = of(second, Action.CALL)
        facts = tx.conn.execute(select(E.data).where(*where)).scalar_one()
        change(facts)
        tx.conn.execute(update(ticket_events).where(*where).values(data=facts))

    found = await found_after(db, mall, tamper)
    assert invariants(found) <= {Invariant.CHOICE, Invariant.STATE}
    assert all(subject == "A-002" for subject, _ in said(found, Invariant.CHOICE))
    return [detail for _, detail in said(found, Invariant.CHOICE)]


async def test_a_choice_that_the_rules_would_not_make_is_named(db: Database, served) -> None:
    def add_somebody_earlier(facts: dict) -> None:
        mine = facts["considered"][0]
        earlier = {"ticket": 1, "label": "A-000", "joined_at": "2026-11-23T01:00:00Z"}
        facts["considered"].append(mine | earlier | {"rank_at": "2026-11-23T01:00:00Z"})

    details = await _choice_changed(db, served, add_somebody_earlier)
    assert details == ["menurut aturan giliran A-000"]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (
            lambda facts: facts.update(rule="longest"),
            "alasan tercatat longest, menurut aturan only",
        ),
        (lambda facts: facts.update(considered=[]), "menurut aturan giliran tidak ada"),
        (
            lambda facts: facts.update(streak=1),
            "tercatat 1 panggilan prioritas berturut-turut, menurut riwayat 0",
        ),
        (
            lambda facts: facts.pop("considered"),
            "pilihan tidak tersimpan lengkap: KeyError('considered')",
        ),
        (
            lambda facts: facts.update(rule="chosen", reason=""),
            "dipanggil di luar giliran tanpa alasan",
        ),
        (lambda facts: facts.update(rule="chosen"), None),
    ],
    ids=["other rule", "nobody", "other streak", "not kept", "chosen silently", "chosen"],
)
async def test_reasons_that_do_not_hold_are_named(
    db: Database, served, change: Callable[[dict], object], detail: str | None
) -> None:
    assert await _choice_changed(db, served, change) == ([detail] if detail else [])
