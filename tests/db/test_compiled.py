"""A compiled statement stores and reads what SQLAlchemy's own execution does, in every type we use.

It relies on private parts of SQLAlchemy; an upgrade that changes them fails here first.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    insert,
    select,
)
from sqlalchemy.dialects.sqlite import dialect

import mpp.schema  # noqa: F401 - every room's tables are known by it
from mpp.db.compiled import CompiledStatement
from mpp.db.schema import Json, Moment, dumps, metadata
from mpp.db.seam import Transaction
from mpp.db.sqlite import engine
from mpp.ids import IdMaker

VALUES: dict[str, tuple[Any, Any]] = {
    "big": (BigInteger, (1 << 53) - 1),
    "small": (SmallInteger, 7),
    "whole": (Integer, -3),
    "text": (String(40), "Perekaman é"),
    "long": (Text, "panjang"),
    "day": (Date, date(2026, 11, 23)),
    "moment": (Moment, datetime(2026, 11, 23, 2, 0, 0, 123456, UTC)),
    "json": (Json, {"a": [1, None, "é"], "b": {"c": 0.5}}),
    "real": (Float, 0.1),
    "yes": (Boolean, True),
    "bytes": (LargeBinary, b"\0\xff"),
}
SAMPLES = Table(
    "samples", MetaData(), *(Column(name, type_) for name, (type_, _) in VALUES.items())
)


def test_every_type_of_ours_is_sampled() -> None:
    used = {type(c.type) for table in metadata.sorted_tables for c in table.columns}
    sampled = {type(c.type) for c in SAMPLES.columns}
    assert used <= sampled


@pytest.mark.parametrize("value", ["given", "null"])
def test_both_ways_store_and_read_the_same(tmp_path: Path, value: str) -> None:
    given = {name: each if value == "given" else None for name, (_, each) in VALUES.items()}
    made = engine(f"sqlite:///{tmp_path / 'samples.sqlite3'}", writes=True)
    with made.begin() as conn:
        SAMPLES.create(conn)
        tx = Transaction(conn, IdMaker())
        assert CompiledStatement(insert(SAMPLES)).run(tx, given) == 1
        conn.execute(insert(SAMPLES), given)
        raw = tx.raw.execute("SELECT * FROM samples").fetchall()
        assert raw[0] == raw[1]  # as the driver stores it, byte for byte
        assert [type(each) for each in raw[0]] == [type(each) for each in raw[1]]
        ours = CompiledStatement(select(SAMPLES)).rows(tx, {})
        assert [tuple(row) for row in ours] == [tuple(row) for row in conn.execute(select(SAMPLES))]
        assert dict(zip(given, ours[0], strict=True)) == given
    made.dispose()


def test_a_moment_without_a_time_zone_is_refused(tmp_path: Path) -> None:
    made = engine(f"sqlite:///{tmp_path / 'samples.sqlite3'}", writes=True)
    with made.begin() as conn:
        SAMPLES.create(conn)
        insertion = CompiledStatement(insert(SAMPLES))
        with pytest.raises(ValueError, match="time zone"):
            insertion.run(Transaction(conn, IdMaker()), {"moment": datetime(2026, 11, 23)})  # noqa: DTZ001
    made.dispose()


def test_the_private_parts_have_the_shape_that_we_rely_on() -> None:
    ours = dialect(paramstyle="qmark")
    assert "_json_serializer" in vars(ours)
    assert "_json_deserializer" in vars(ours)
    ours._json_serializer = dumps  # noqa: SLF001
    bind = SAMPLES.c.json.type._cached_bind_processor(ours)  # noqa: SLF001
    assert bind is not None
    assert bind({"a": 1}) == '{"a":1}'
    compiled = select(SAMPLES.c.day).compile(dialect=ours)
    (column,) = compiled._result_columns  # noqa: SLF001
    assert column[3] is SAMPLES.c.day.type
