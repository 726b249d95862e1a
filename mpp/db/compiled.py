"""Compiled statements: written in SQLAlchemy Core, run close to the driver on SQLite.

A Core statement costs 60–70 µs a run, most of it finding its compiled form and wrapping its rows; the
embedded database's own part is 5–10 µs, and there is one writer. A `CompiledStatement` is compiled once
per set of parameters and then handed to the driver with the same conversions of values that
SQLAlchemy would apply. On PostgreSQL it runs as any other: the round trip dominates there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Dialect, Executable
from sqlalchemy.dialects.postgresql import dialect as postgresql_dialect
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

from mpp.db.schema import Moment, dumps, loads, sqlite_moment
from mpp.db.seam import Transaction

_DIALECT = sqlite_dialect(paramstyle="qmark")
_DIALECT._json_serializer = dumps  # noqa: SLF001 - what create_engine(json_serializer=) sets
_DIALECT._json_deserializer = loads  # noqa: SLF001
_POSTGRES: Dialect = postgresql_dialect()  # type: ignore[no-untyped-call]

Converter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    binders: tuple[tuple[int, Converter], ...]
    """By place, for the values that the driver does not take as they are."""
    readers: tuple[Converter | None, ...]


class CompiledStatement:
    """A statement for `rows`, `one` and `run`. Parameters are given by name, all of them each time."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def rows(self, tx: Transaction, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """All rows, as tuples in the order of the statement's columns."""
        if tx.is_postgres:
            return list(tx.conn.execute(self._statement, dict(values)))
        compiled, cursor = self._execute(tx, values)
        fetched = cursor.fetchall()
        if not any(compiled.readers):
            return fetched  # type: ignore[no-any-return]
        return [
            tuple(
                value if read is None else read(value)
                for read, value in zip(compiled.readers, row, strict=True)
            )
            for row in fetched
        ]

    def one(self, tx: Transaction, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """The first row, or None."""
        found = self.rows(tx, values)
        return found[0] if found else None

    def run(self, tx: Transaction, values: Mapping[str, Any]) -> int:
        """Execute; answers how many rows were touched."""
        if tx.is_postgres:
            return tx.conn.execute(self._statement, dict(values)).rowcount
        return self._execute(tx, values)[1].rowcount  # type: ignore[no-any-return]

    def _execute(self, tx: Transaction, values: Mapping[str, Any]) -> tuple[_Compiled, Any]:
        names = tuple(values)
        compiled = self._compiled.get(names)
        if compiled is None:
            compiled = self._compiled[names] = _compile(self._statement, names)
        if compiled.constants:
            values = {**compiled.constants, **values}
        given = [values[name] for name in compiled.names]
        for place, bind in compiled.binders:
            given[place] = bind(given[place])
        return compiled, tx.raw.execute(compiled.sql, given)


def as_text(element: ClauseElement) -> str:
    """PostgreSQL's text of a piece without parameters of its own, to be put into a longer one."""
    compiled = element.compile(dialect=_POSTGRES)
    if compiled.params:
        raise TypeError(f"left open: {sorted(compiled.params)}")
    return str(compiled)


@lru_cache(maxsize=16)
def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _binder(type_: TypeEngine[Any]) -> Converter | None:
    """What SQLAlchemy would apply to a value, without its layers for what an issue has some nine times."""
    if isinstance(type_, Moment):
        return sqlite_moment
    if isinstance(type_, Date):
        return _day
    return type_._cached_bind_processor(_DIALECT)  # noqa: SLF001


def _compile(statement: Executable, names: Sequence[str]) -> _Compiled:
    assert isinstance(statement, ClauseElement)  # noqa: S101 - all our statements are
    compiled = statement.compile(dialect=_DIALECT, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - not DDL
    order = tuple(compiled.positiontup or ())
    binds = compiled.binds
    constants = {
        name: binds[name].value for name in order if not binds[name].required and name not in names
    }
    if set(names) | set(constants) != set(order):
        raise TypeError(f"parameters given {names}, wanted {order}")
    return _Compiled(
        sql=str(compiled),
        names=order,
        constants=constants,
        binders=tuple(
            (place, bind)
            for place, name in enumerate(order)
            if (bind := _binder(binds[name].type)) is not None
        ),
        readers=tuple(
            column[3].dialect_impl(_DIALECT).result_processor(_DIALECT, None)
            for column in compiled._result_columns  # noqa: SLF001
        ),
    )
