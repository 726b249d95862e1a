"""Evaluations by PEKPPP: begin one, judge it, add users' answers and the evaluator's advice."""

import re
from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from sqlalchemy import insert, select, update

from mpp.db.seam import Transaction
from mpp.errors import Conflict, Invalid, NotFound
from mpp.evaluation.models.evaluations import (
    evaluation_levels,
    evaluation_users,
    evaluations,
    recommendations,
)
from mpp.evaluation.queries.evaluation_rows import (
    evaluation,
)
from mpp.evaluation.rules.evaluation import Evaluation
from mpp.evaluation.rules.instrument import TOP, instrument_of
from mpp.evaluation.rules.score import WithoutUsers, check_answers, check_levels
from mpp.evaluation.rules.standing import Judged
from mpp.texts import Filled, marked

YEARS = (2017, 2100)
LONGEST_UNIT = 120
LONGEST_ADVICE = 500
LONGEST_TEXT = 4000
EFFORTS = (1, 5)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an evaluation begins with. `unit`: the unit evaluated, in its own words."""

    year: int
    unit: str
    instrument: str
    variant: str
    without_users: WithoutUsers = WithoutUsers.ZERO


def create_evaluation(tx: Transaction, mall_id: int, wanted: Start, *, now: datetime) -> int:
    """Begin one; answers its id. `Conflict` when the unit already has one for the year."""
    if not YEARS[0] <= wanted.year <= YEARS[1]:
        ends = {"first": YEARS[0], "last": YEARS[1]}
        raise Invalid(Filled(marked("Tahun harus %(first)s–%(last)s."), ends), field="year")
    unit = read_words(wanted.unit, "unit", LONGEST_UNIT)
    if not unit:
        raise Invalid(marked("Unit yang dievaluasi belum disebut."), field="unit")
    instrument = instrument_of(wanted.instrument)
    instrument.variant_of(wanted.variant)
    tx.lock(mall_id)
    e = evaluations.c
    taken = select(e.id).where(e.mall_id == mall_id, e.year == wanted.year, e.unit == unit)
    if tx.conn.execute(taken).first() is not None:
        raise Conflict(f"Evaluasi {unit} tahun {wanted.year} sudah ada.", field="unit")
    evaluation_id = tx.new_id()
    tx.conn.execute(
        insert(evaluations).values(
            mall_id=mall_id,
            id=evaluation_id,
            year=wanted.year,
            unit=unit,
            instrument=instrument.key,
            variant=wanted.variant,
            without_users=wanted.without_users,
            created_at=now,
        )
    )
    return evaluation_id


def judge(
    tx: Transaction, mall_id: int, evaluation_id: int, indicator: int, judged: Judged
) -> None:
    """Set all that is known of an indicator: own level with evidence, evaluator's with note, effort."""
    found = evaluation(tx, mall_id, evaluation_id)
    for field, level in (("own", judged.own), ("level", judged.level)):
        _check_level(found, indicator, level, field)
    if judged.effort is not None and not EFFORTS[0] <= judged.effort <= EFFORTS[1]:
        raise Invalid(f"Upaya {judged.effort} bukan 1–5.", field="effort")
    _put(
        tx,
        found,
        indicator,
        own_level=judged.own,
        level=judged.level,
        evidence=read_words(judged.evidence, "evidence", LONGEST_TEXT) or None,
        note=read_words(judged.note, "note", LONGEST_TEXT) or None,
        effort=judged.effort,
    )


def take_over(
    tx: Transaction, mall_id: int, evaluation_id: int, indicator: int, level: int, evidence: str
) -> None:
    """Make a level that the system derived the unit's own, with what it stands on as its evidence."""
    found = evaluation(tx, mall_id, evaluation_id)
    _check_level(found, indicator, level, "own")
    words = read_words(evidence, "evidence", LONGEST_TEXT)
    _put(tx, found, indicator, own_level=level, evidence=words or None)


def add_users(
    tx: Transaction,
    mall_id: int,
    evaluation_id: int,
    answers: Sequence[Sequence[int | None]],
    *,
    import_id: int | None = None,
) -> int:
    """Add users' answers to F-03, a row a user; answers how many. Nothing is added if one is wrong.

    `import_id`: the table that they came in, if they did.
    """
    found = evaluation(tx, mall_id, evaluation_id)
    check_answers(found.variant, answers)
    if not answers or not all(any(each is not None for each in row) for row in answers):
        raise Invalid(marked("Belum ada jawaban."), field="answers")
    rows = [
        {
            "mall_id": mall_id,
            "id": tx.new_id(),
            "evaluation_id": evaluation_id,
            "answers": list(row),
            "import_id": import_id,
        }
        for row in answers
    ]
    tx.conn.execute(insert(evaluation_users), rows)
    return len(rows)


def recommend(
    tx: Transaction, mall_id: int, evaluation_id: int, text: str, indicator: int | None = None
) -> int:
    """Write down what the evaluator advised, about one indicator or in general; answers its id."""
    found = evaluation(tx, mall_id, evaluation_id)
    if indicator is not None:
        _check_level(found, indicator, None, "indicator")
    words = read_words(text, "text", LONGEST_ADVICE)
    if not words:
        raise Invalid("Rekomendasinya belum ditulis.", field="text")
    recommendation_id = tx.new_id()
    tx.conn.execute(
        insert(recommendations).values(
            mall_id=mall_id,
            id=recommendation_id,
            evaluation_id=evaluation_id,
            indicator=indicator,
            text=words,
        )
    )
    return recommendation_id


def follow_up(
    tx: Transaction, mall_id: int, recommendation_id: int, words: str, on: date | None
) -> None:
    """Say what came of a recommendation, and when it was done; None: not yet."""
    said = read_words(words, "followed_up", LONGEST_TEXT)
    if on is not None and not said:
        raise Invalid("Tulis apa yang sudah dilakukan.", field="followed_up")
    r = recommendations.c
    done = tx.conn.execute(
        update(recommendations)
        .where(r.mall_id == mall_id, r.id == recommendation_id)
        .values(followed_up=said or None, followed_up_on=on)
    )
    if not done.rowcount:
        raise NotFound("Rekomendasi itu tidak ada di mal ini.", field="recommendation")


def read_words(text: str, field: str, longest: int) -> str:
    """Somebody's words without blanks around; `Invalid` when too long or with unseen characters."""
    words = text.replace("\r\n", "\n").strip()
    if len(words) > longest:
        said = Filled(marked("Paling panjang %(longest)s huruf."), {"longest": longest})
        raise Invalid(said, field=field)
    if _UNSEEN.search(words):
        raise Invalid("Ada karakter yang tidak terlihat di dalamnya.", field=field)
    return words


def _check_level(found: Evaluation, indicator: int, level: int | None, field: str) -> None:
    check_levels(found.variant, {indicator: 0})
    if level is not None and not 0 <= level <= TOP:
        raise Invalid(f"{level} bukan tingkat 0–{TOP}.", field=field)


def _put(tx: Transaction, found: Evaluation, indicator: int, **values: object) -> None:
    tx.lock(found.id)
    row = {"mall_id": found.mall_id, "evaluation_id": found.id, "indicator": indicator}
    chosen = [evaluation_levels.c[name] == value for name, value in row.items()]
    done = tx.conn.execute(update(evaluation_levels).where(*chosen).values(values))
    if not done.rowcount:
        tx.conn.execute(insert(evaluation_levels).values(row | values))
