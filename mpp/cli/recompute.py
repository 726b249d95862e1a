"""`mpp recompute`: what is kept of past days, made again from their events, or compared with them."""

from datetime import date, datetime

import click

from mpp.cli.devices import one_mall
from mpp.cli.progress import Progress
from mpp.cli.session import on_database, the_mall
from mpp.clock import system_clock
from mpp.counters.queries import mall_rows
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Invalid
from mpp.metrics.queries import name_rows
from mpp.metrics.queries.rollup_rows import DAY
from mpp.metrics.readers import rollup_job
from mpp.metrics.rules.aggregation import Heading
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.names import Names
from mpp.metrics.rules.periods import Period

day = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@one_mall
@click.option("--from", "first", type=day, help="First business day.")
@click.option("--to", "last", type=day, help="Last business day; never later than yesterday.")
@click.option("--check", is_flag=True, help="Change nothing: tell what differs, exit status 1.")
@click.option("--due", is_flag=True, help="Only days with events that were not rolled up yet.")
def recompute(
    *, mall: str | None, first: datetime | None, last: datetime | None, check: bool, due: bool
) -> None:
    """Roll up past days anew from their events, and add up their months.

    A running server rolls up every day by itself once it is over. This does all at once, e.g. after a
    restore or an import. With --check, every kept day is compared with a full recompute.
    """
    day_from, day_to = (each.date() if each else None for each in (first, last))
    period = Period(day_from or date.min, day_to or date.max)
    if period.first > period.last:
        raise Invalid("--from sesudah --to.")
    if check and due:
        raise Invalid("--check dan --due tidak dapat bersama-sama.")
    if on_database(lambda db: _each(db, mall, period, check=check, due=due)):
        click.get_current_context().exit(1)


async def _each(db: Database, slug: str | None, period: Period, *, check: bool, due: bool) -> int:
    """Mall by mall; answers how many differences were found."""
    found = 0
    for each in [slug] if slug else list(await db.read(mall_rows.mall_revisions)):
        mall = await the_mall(db, each)
        if check:
            found += await _check(db, mall, period)
        else:
            await _aggregate(db, mall, period, only_due=due)
    return found


async def _aggregate(db: Database, mall: Mall, period: Period, *, only_due: bool) -> None:
    progress, count = Progress(), 0
    today = mall.day(system_clock())
    with progress.step(f"{mall.slug}: melipat hari-hari yang lalu"):
        async for _day in rollup_job.recompute(db, mall, period, today, only_due=only_due):
            count += 1
    progress.say(f"{mall.slug}: {count} hari dilipat")


async def _check(db: Database, mall: Mall, period: Period) -> int:
    known = await db.read(name_rows.names, mall.id)
    count = 0
    async for span, first, heading in rollup_job.differences(
        db, mall, period, mall.day(system_clock())
    ):
        when = f"{first}" if span == DAY else f"{first:%Y-%m}"
        click.echo(f"{mall.slug}: {when} {_told(heading, known)}: tersimpan ≠ dihitung ulang")
        count += 1
    verdict = f"{count} perbedaan" if count else "tersimpan = dihitung ulang"
    click.echo(f"{mall.slug}: {verdict}", err=bool(count))
    return count


def _told(heading: Heading, known: Names) -> str:
    """A heading with the key that people know instead of an id."""
    by, key = heading
    lists = {By.SERVICE: known.services, By.AGENCY: known.agencies, By.COUNTER: known.counters}
    named = lists.get(By(by), known.officers) if by in [*lists, By.OFFICER] else {}
    found = named.get(int(key)) if key.isdecimal() else None
    return f"{by} {found.key if found else key or '–'}"
