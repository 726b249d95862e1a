"""Visits that were served, and the tokens to judge them with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from factories import MONDAY, Desk, TestClock, a_desk, a_mall, issued

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.survey.commands import answering
from mpp.survey.rules import token
from mpp.survey.rules.answer import Questionnaire
from mpp.survey.rules.token import Blind, Payload
from mpp.survey.rules.unsur import Answers, Unsur

SECRET = "only for this test"


@dataclass
class Served:
    """A visit whose service is over."""

    visit_id: int
    visit_token: str
    service_id: int
    day: date


async def serve_one(desk: Desk, service: str = "ktp-el") -> Served:
    taken = await issued(desk.db, desk.mall, service, now=desk.clock())
    assert await desk.serve() is not None
    return Served(
        taken.ticket.visit_id, taken.visit_token, taken.ticket.service_id, taken.ticket.day
    )


async def a_hall(db: Database, clock: TestClock) -> tuple[Mall, Desk]:
    mall: Mall = await a_mall(db)
    return mall, await a_desk(db, mall, "1", clock)


async def blind_of(db: Database, mall: Mall, visit: Served, today: date) -> Blind:
    salt = await db.execute(answering.keep_salt, mall, visit.day, today=today)
    nonce = token.nonce_of(SECRET, salt, visit.visit_token)
    return Blind(Payload(mall.id, visit.service_id, visit.day), nonce)


def sheet_of(*values: int, **profile: str) -> Questionnaire:
    return Questionnaire(Answers(dict(zip(Unsur, values, strict=False))), profile)


MONDAY_ANSWERS = [
    (4, 3, 3, 4, 3, 4, 4, 2, 3),
    (3, 3, 2, 4, 3, 3, 4, 2, 3),
    (4, 4, 3, 4, 4, 4, 4, 3, 3),
] * 4
"""IKM by hand: sums 44, 40, 32, 48, 40, 44, 48, 28, 36 of 12 → 360/12 = 30; 30/9 × 25 = 83.33, B."""


async def judged(db: Database, desk: Desk, sheets: Sequence[tuple[int, ...]], **who: str) -> None:
    """So many people are served and say this."""
    for values in sheets:
        blind = await blind_of(db, desk.mall, await serve_one(desk), MONDAY)
        sheet = sheet_of(*values, **who)
        await db.execute(answering.answer, blind, channel="phone", today=MONDAY, sheet=sheet)
