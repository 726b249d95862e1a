"""A yearly report is published for citizens, or withdrawn. Nothing published is ever changed."""

from datetime import datetime

import msgspec
from sqlalchemy import insert

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.errors import Conflict, Invalid
from mpp.reports import queries as publication_rows
from mpp.reports.models import year_publications, year_withdrawals
from mpp.reports.rules.yearly import Year
from mpp.texts import Filled, marked

LONGEST_REASON = 300


def publish(tx: Transaction, mall: Mall, found: Year, *, after: int, by: str, now: datetime) -> int:
    """Keep a year's figures as a new edition; answers its id.

    `after`: the newest edition that whoever publishes has seen, so that pressing twice makes one edition
    and nobody publishes over another's head. `Conflict` when there is a newer one, or no figures at all.
    """
    if not found.now.issued:
        raise Conflict(marked("Belum ada angka untuk diterbitkan pada tahun itu."), field="year")
    tx.lock(-mall.id)
    latest = publication_rows.latest_edition(tx, mall.id, found.year)
    if latest != after:
        raise Conflict(
            marked("Edisi lain sudah terbit sejak halaman ini dibuka. Periksa, lalu coba lagi."),
            field="after",
        )
    publication_id = tx.new_id()
    tx.conn.execute(
        insert(year_publications).values(
            mall_id=mall.id,
            id=publication_id,
            year=found.year,
            edition=latest + 1,
            definitions=found.definitions,
            figures=msgspec.to_builtins(found),
            issued_at=now,
            issued_by=by,
        )
    )
    return publication_id


def withdraw(
    tx: Transaction, mall_id: int, publication_id: int, *, reason: str, by: str, now: datetime
) -> int:
    """An edition no longer holds; answers its year. `Conflict` when it was withdrawn before."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        wording = marked("Isi alasan dengan 1 sampai %(longest)s huruf.")
        raise Invalid(Filled(wording, {"longest": LONGEST_REASON}), field="reason")
    tx.lock(-mall_id)
    found = publication_rows.edition(tx, mall_id, publication_id)
    if found.is_withdrawn:
        raise Conflict(marked("Edisi itu sudah ditarik."), field="edition")
    tx.conn.execute(
        insert(year_withdrawals).values(
            mall_id=mall_id,
            publication_id=publication_id,
            reason=said,
            withdrawn_at=now,
            withdrawn_by=by,
        )
    )
    return found.year
