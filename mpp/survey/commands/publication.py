"""Reports of surveys, where they were shown, and the plans to mend what they found; an agency's words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.errors import Conflict, Invalid, NotFound
from mpp.survey.models import follow_ups, survey_reports, survey_wordings
from mpp.survey.rules.result import Result
from mpp.survey.rules.unsur import Unsur
from mpp.texts import marked

MEDIA: Mapping[str, str] = {
    "print": marked("Cetak"),
    "screen": marked("Layar atau kios"),
    "social": marked("Media sosial"),
    "website": marked("Situs web"),
    "app": marked("Aplikasi"),
    "billboard": marked("Papan reklame"),
}
"""Media that are counted singly when a unit is evaluated."""

LONGEST = {"action": 300, "person": 100}


def publish(
    tx: Transaction, mall: Mall, result: Result, agency_id: int | None, *, now: datetime
) -> int:
    """Keep a result as it stands; answers the report's id. `Conflict` when there is no index.

    Of a period that still runs the report says that it ends today: it knows nothing of tomorrow.
    """
    result = msgspec.structs.replace(result, last=min(result.last, mall.day(now)))
    if result.figures.ikm is None:
        raise Conflict("Indeks belum dapat dihitung: ada unsur tanpa jawaban.", field="period")
    report_id = tx.new_id()
    tx.conn.execute(
        insert(survey_reports).values(
            mall_id=mall.id,
            id=report_id,
            first_day=result.first,
            last_day=result.last,
            agency_id=agency_id,
            weights=result.figures.weights,
            figures=msgspec.to_builtins(result),
            issued_at=now,
            media=[],
        )
    )
    return report_id


def show_in(tx: Transaction, mall_id: int, report_id: int, media: Sequence[str]) -> None:
    """Note where a report is shown."""
    unknown = set(media) - MEDIA.keys()
    if unknown:
        raise Invalid("Media itu tidak ada.", field="media")
    r = survey_reports.c
    shown = [name for name in MEDIA if name in media]
    _one(
        tx.conn.execute(
            update(survey_reports)
            .where(r.mall_id == mall_id, r.id == report_id)
            .values(media=shown)
        )
    )


def add_follow_up(
    tx: Transaction,
    mall_id: int,
    report_id: int,
    *,
    unsur: Unsur,
    action: str,
    person: str,
    due: date,
    now: datetime,
) -> int:
    """Plan something against what a report found; answers the follow-up's id."""
    r = survey_reports.c
    known = tx.conn.execute(select(r.id).where(r.mall_id == mall_id, r.id == report_id)).first()
    if known is None:
        raise NotFound("Laporan itu tidak ada.", field="report")
    for name, said in (("action", action), ("person", person)):
        if not 0 < len(said.strip()) <= LONGEST[name]:
            raise Invalid(f"Isi {name} dengan 1 sampai {LONGEST[name]} huruf.", field=name)
    follow_up_id = tx.new_id()
    tx.conn.execute(
        insert(follow_ups).values(
            mall_id=mall_id,
            id=follow_up_id,
            report_id=report_id,
            unsur=unsur.value,
            action=action.strip(),
            person=person.strip(),
            due=due,
            created_at=now,
        )
    )
    return follow_up_id


def finish_follow_up(
    tx: Transaction, mall_id: int, follow_up_id: int, *, evidence: str, day: date
) -> int:
    """A follow-up is carried out, and this shows it; answers its report."""
    if not evidence.strip():
        raise Invalid("Tulis buktinya: nomor surat, alamat foto, atau uraian.", field="evidence")
    f = follow_ups.c
    _one(
        tx.conn.execute(
            update(follow_ups)
            .where(f.mall_id == mall_id, f.id == follow_up_id)
            .values(evidence=evidence.strip(), done_on=day)
        )
    )
    found: int = tx.conn.execute(
        select(f.report_id).where(f.mall_id == mall_id, f.id == follow_up_id)
    ).scalar_one()
    return found


def word(
    tx: Transaction,
    mall_id: int,
    agency_id: int,
    unsur: Unsur,
    *,
    text: str,
    options: Sequence[str],
) -> None:
    """An agency's own words for a question; empty: the usual ones. The four values stay as they are."""
    w = survey_wordings.c
    tx.conn.execute(
        delete(survey_wordings).where(
            w.mall_id == mall_id, w.agency_id == agency_id, w.unsur == unsur.value
        )
    )
    said = [option.strip() for option in options]
    if not text.strip() and not any(said):
        return
    if not text.strip() or len(said) != 4 or not all(said) or len(set(said)) != 4:
        raise Invalid(
            "Tulis pertanyaan dan empat pilihan yang berbeda, dari nilai 1 sampai 4.", field="text"
        )
    tx.conn.execute(
        insert(survey_wordings).values(
            mall_id=mall_id,
            agency_id=agency_id,
            unsur=unsur.value,
            text=text.strip(),
            options=said,
        )
    )


def _one(done: Any) -> None:
    if done.rowcount != 1:
        raise NotFound("Itu tidak ada di mal ini.", field="id")
