"""The migrations build exactly the models, on both databases."""

import ast
import contextlib
import sqlite3
from collections.abc import Mapping
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from factories import add_row
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from mpp import schema
from mpp.app import create_app  # noqa: F401 - the application knows all models
from mpp.db import sqlite
from mpp.db.postgres import async_url
from mpp.db.schema import metadata
from mpp.db.seam import Database, Transaction
from mpp.errors import Unavailable


def differences(tx: Transaction) -> list[Any]:
    context = MigrationContext.configure(
        tx.conn, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


async def test_migrations_build_exactly_the_models(db: Database) -> None:
    assert await db.execute(differences) == []


async def test_the_comparison_would_notice_a_difference(db: Database) -> None:
    def after(tx: Transaction) -> list[Any]:
        add_row(tx, "a")  # SQLite counts rows, not tables, to see whether a command has written
        tx.conn.exec_driver_sql("ALTER TABLE visits ADD COLUMN diagnosis TEXT")
        found = differences(tx)
        raise AssertionError(found)  # rolls the change back

    with pytest.raises(AssertionError, match="diagnosis"):
        await db.execute(after)
    assert await db.execute(differences) == []


async def test_migrations_hold_every_rule_that_the_models_hold(db: Database) -> None:
    """Alembic does not compare conditions of indexes nor checks: compare what the database says."""

    def condition(index: Mapping[str, Any]) -> list[Any]:
        options = index.get("dialect_options", {})
        return [value for name, value in options.items() if name.endswith("_where")]

    def rules_of(conn: Connection) -> dict[str, Any]:
        known = inspect(conn)
        return {
            name: (
                sorted(
                    (str(i["name"]), bool(i["unique"]), *map(str, condition(i)))
                    for i in known.get_indexes(name)
                ),
                sorted((str(c["name"]), c["sqltext"]) for c in known.get_check_constraints(name)),
                sorted(str(f["name"]) for f in known.get_foreign_keys(name)),
                sorted(str(u["name"]) for u in known.get_unique_constraints(name)),
            )
            for name in metadata.tables
        }

    def both(tx: Transaction) -> tuple[Any, Any]:
        migrated = rules_of(tx.conn)
        add_row(tx, "a")
        metadata.drop_all(tx.conn)
        metadata.create_all(tx.conn)
        modelled = rules_of(tx.conn)
        raise Both(migrated, modelled)  # rolls everything back

    with pytest.raises(Both) as compared:
        await db.execute(both)
    migrated, modelled = compared.value.args
    assert migrated == modelled
    assert "state IN ('called', 'serving')" in str(migrated["tickets"]) or "ANY" in str(migrated)


class Both(Exception):
    """The rules in a migrated database and in one made from the models."""


def test_every_constraint_has_a_name() -> None:
    """A nameless one could never be changed by a migration."""
    nameless = [
        f"{table.name}: {each!r}"
        for table in metadata.tables.values()
        for each in [*table.constraints, *table.indexes]
        if getattr(each, "name", None) is None
    ]
    assert nameless == []


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    before, after = await schema.migrate(database_url)
    assert before == after
    assert await schema.is_current(database_url)


async def test_an_empty_database_is_not_taken_for_a_current_one(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'mpp.sqlite3'}"
    assert not await schema.is_current(url)
    before, _ = await schema.migrate(url)
    assert before is None
    assert await schema.is_current(url)


def go_back(url: str, revision: str) -> None:
    """Undo every migration after this one."""
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    engine = sqlite.engine(url, writes=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()


async def test_facts_that_were_kept_go_and_rollups_stay(tmp_path) -> None:
    """A database of the release before, with a day's rows: only what reports still read is left."""
    file = tmp_path / "mpp.sqlite3"
    url = f"sqlite:///{file}"
    await schema.migrate(url)
    go_back(url, "0007")
    with contextlib.closing(sqlite3.connect(file)) as before, before:
        before.executemany(
            "INSERT INTO rollups VALUES (1, 'v2', 'day', '2026-11-20', ?, '', x'00')",
            [("facts",), ("mall",), ("standards",)],
        )
    assert (await schema.migrate(url))[0] == "0007"
    with contextlib.closing(sqlite3.connect(file)) as after:
        left = after.execute('SELECT "by" FROM rollups ORDER BY "by"').fetchall()
    assert left == [("mall",), ("standards",)]


# -- the release before serves on while the new one starts ----------------------------------------

BEFORE_ROLLING = 9
"""Migrations up to this one ran while nobody served."""


def contractions(source: str) -> list[str]:
    """What a migration's `upgrade` does that the release before might not bear."""
    (upgrade,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    calls = [each for each in ast.walk(upgrade) if isinstance(each, ast.Call)]
    done = [each for each in calls if ast.unparse(each.func).startswith("op.")]
    new = {
        ast.unparse(each.args[0]) for each in done if ast.unparse(each.func) == "op.create_table"
    }
    found = []
    for each in done:
        name = ast.unparse(each.func).removeprefix("op.")
        if name == "add_column":
            is_bearable = "nullable=True" in ast.unparse(each) or "server_default" in ast.unparse(
                each
            )
        elif name == "create_index":
            table = ast.unparse(each.args[1])
            dropped = [other for other in done if ast.unparse(other.func) == "op.drop_index"]
            is_bearable = (
                table in new
                or "unique=True" not in ast.unparse(each)
                or any(table in ast.unparse(other) for other in dropped)
            )
        else:
            is_bearable = name in {"create_table", "drop_index", "f"}
        if not is_bearable:
            found.append(ast.unparse(each))
    return found


def test_the_release_before_can_serve_on_the_new_schema() -> None:
    """Expand and contract: docs/operations.md promises an upgrade while the old release serves."""
    narrowing = {
        path.name: found
        for path in sorted((schema.SCRIPTS / "versions").glob("[0-9]*.py"))
        if int(path.name[:4]) > BEFORE_ROLLING
        and (found := contractions(path.read_text(encoding="utf-8")))
    }
    assert narrowing == {}


@pytest.mark.parametrize(
    "step",
    [
        'op.drop_column("tickets", "reason")',
        'op.alter_column("tickets", "reason", nullable=False)',
        'op.add_column("tickets", sa.Column("mood", sa.String(9), nullable=False))',
        'op.create_index("uq", "tickets", ["mall_id"], unique=True)',
        'op.create_check_constraint("ck", "tickets", "calls < 9")',
        'op.execute("DELETE FROM tickets")',
    ],
)
def test_a_step_that_the_release_before_might_not_bear_is_found(step: str) -> None:
    assert len(contractions(f"def upgrade():\n    {step}\n")) == 1


@pytest.mark.postgres
async def test_a_migration_gives_up_where_a_long_report_holds_a_table(
    empty_postgres_url: str,
) -> None:
    """Kiosks would wait behind it as long as it waits itself."""
    engine = create_async_engine(async_url(empty_postgres_url), poolclass=NullPool)
    async with engine.begin() as before:
        await before.exec_driver_sql("DROP TABLE clock_steps")
        await before.exec_driver_sql("UPDATE alembic_version SET version_num = '0013'")
    async with engine.begin() as report:
        await report.exec_driver_sql("LOCK TABLE malls IN ROW EXCLUSIVE MODE")
        with pytest.raises(Unavailable, match="tidak ada yang diubah"):
            await schema.migrate(empty_postgres_url, patience_s=0.05)
    assert await schema.migrate(empty_postgres_url) == ("0013", "0014")
    await engine.dispose()
