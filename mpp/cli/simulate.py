"""`mpp simulate`: give a mall a made-up past, by the commands that serve a real one."""

import asyncio
from datetime import date, datetime, timedelta

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mpp.cli.devices import one_mall
from mpp.cli.session import on_database, the_mall
from mpp.clock import system_clock
from mpp.db.seam import Database
from mpp.demo.past.plan import Model
from mpp.demo.past.year import Lived, live_through
from mpp.demo.world import typical
from mpp.metrics.readers.rollup_job import past, recompute

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@one_mall
@click.option(
    "--days",
    type=click.IntRange(1, 4000),
    default=365,
    show_default=True,
    help="How many days, up to --until.",
)
@click.option("--until", type=DAY, help="The last of them; yesterday unless given.")
@click.option(
    "--visitors",
    type=click.FloatRange(1, 5000),
    default=420.0,
    show_default=True,
    help="On an ordinary day.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed makes the same days."
)
def simulate(
    *, mall: str | None, days: int, until: datetime | None, visitors: float, seed: int
) -> None:
    """Live through the past: tickets, calls, services and surveys of so many days.

    The mall is marked as made up, and says so on every page and report. A mall with a real past is
    refused. Days on which somebody was there already stay as they are.
    """
    last = until.date() if until else None
    lived = on_database(lambda db: run(db, mall, days, last, visitors, seed))
    click.echo(
        f"{len(lived)} hari, {sum(each.tickets for each in lived)} nomor, "
        f"{sum(each.answers for each in lived)} jawaban survei – data simulasi"
    )


async def run(
    db: Database, slug: str | None, days: int, last: date | None, visitors: float, seed: int
) -> list[Lived]:
    """The days up to `last`, at most up to yesterday."""
    mall = await the_mall(db, slug)
    yesterday = mall.day(system_clock()) - timedelta(days=1)
    if last is not None and last > yesterday:
        last = yesterday
    model = Model(mall, await asyncio.to_thread(typical), visitors)
    return await with_a_bar(db, model, last or yesterday, days, seed)


async def with_a_bar(db: Database, model: Model, last: date, days: int, seed: int) -> list[Lived]:
    """Live through the days and show how far it is."""
    lived: list[Lived] = []
    bar = Progress(
        TextColumn("Simulasi"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[day]}"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=days, day="")
        async for each in live_through(db, model, last, days, seed=seed):
            lived.append(each)
            bar.update(task, advance=1, day=str(each.day))
        task = bar.add_task("", total=None, day="menjumlahkan")
        mall, today = model.mall, last + timedelta(days=1)
        async for day in recompute(db, mall, past(today), today, only_due=True):
            bar.update(task, day=f"menjumlahkan {day}")
    return lived
