"""Set thresholds, all at once, and say what is expected of a day. Each change is kept with who made it.

Overviews that are open are woken: they show at once what is past a threshold now.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import insert

from mpp.counters.commands.shifts import mall_topic
from mpp.dashboard import queries as target_rows
from mpp.dashboard.models import day_plans, target_changes
from mpp.dashboard.rules.targets import Values, known
from mpp.db.seam import Transaction
from mpp.errors import Conflict, Invalid
from mpp.evaluation.commands.evaluations import read_words
from mpp.texts import marked

MOST_EXPECTED = 100_000
LONGEST_NOTE = 300
AHEAD = timedelta(days=366)


def set_targets(
    tx: Transaction, mall_id: int, values: Values, *, seen: int, by: str, now: datetime
) -> bool:
    """Keep all thresholds together; False when none of them is another than before.

    `seen`: the change that whoever sets them had before them; `Conflict` when another came meanwhile.
    """
    tx.lock(-mall_id)
    held = target_rows.present(tx, mall_id)
    wanted = known({str(key): value for key, value in values.items()})
    if wanted == held.targets:
        return False
    if held.id != seen:
        raise Conflict(
            marked(
                "Sasaran ini baru saja diubah orang lain. Periksa lagi isian Anda, lalu simpan."
            ),
            field="seen",
        )
    tx.conn.execute(
        insert(target_changes).values(
            mall_id=mall_id,
            id=tx.new_id(),
            targets={str(key): value for key, value in wanted.items()},
            changed_at=now,
            changed_by=by[:200],
        )
    )
    tx.wake(mall_topic(mall_id))
    return True


def expect_day(
    tx: Transaction,
    mall_id: int,
    day: date,
    expected: int | None,
    note: str,
    *,
    today: date,
    by: str,
    now: datetime,
) -> None:
    """Say how many numbers are expected to be taken on a day and why; None: as usual again."""
    if not today <= day <= today + AHEAD:
        raise Invalid(
            marked("Pilih hari ini atau hari sesudahnya, paling jauh setahun."), field="day"
        )
    if expected is not None and not 1 <= expected <= MOST_EXPECTED:
        raise Invalid(
            marked("Tulis bilangan dari 1 sampai 100000, atau kosongkan."), field="expected"
        )
    words = read_words(note, "note", LONGEST_NOTE)
    tx.conn.execute(
        insert(day_plans).values(
            mall_id=mall_id,
            id=tx.new_id(),
            day=day,
            expected=expected,
            note=words,
            changed_at=now,
            changed_by=by[:200],
        )
    )
    tx.wake(mall_topic(mall_id))
