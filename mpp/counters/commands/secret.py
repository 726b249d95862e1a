"""Which secret this installation's processes share."""

from sqlalchemy import delete, insert, select

from mpp.counters.models import installation
from mpp.db.seam import Transaction
from mpp.errors import Conflict


def must_share(tx: Transaction, fingerprint: str) -> None:
    """The first process settles it; `Conflict` for a process that comes with another secret.

    With two secrets a page of one process would be refused by another, and one visit could answer the
    survey twice, since its token would differ.
    """
    known = tx.conn.scalar(select(installation.c.secret_fingerprint))
    if known is None:
        tx.conn.execute(insert(installation).values(number=1, secret_fingerprint=fingerprint))
    elif known != fingerprint:
        raise Conflict(
            "Basis data ini dipakai dengan rahasia lain. Isi MPP_SECRET_KEY, atau berkas secret di "
            "MPP_DATA_DIR, dengan rahasia yang sama seperti di mesin lain. Bila rahasia lama hilang, "
            "jalankan `mpp secret accept`."
        )


def accept(tx: Transaction, fingerprint: str) -> None:
    """This secret counts from now on, whatever counted before."""
    tx.conn.execute(delete(installation))
    tx.conn.execute(insert(installation).values(number=1, secret_fingerprint=fingerprint))
