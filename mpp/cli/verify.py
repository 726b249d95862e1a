"""`mpp verify`: the invariants that the history must keep."""

from datetime import date, datetime

import click

from mpp.cli.devices import one_mall
from mpp.cli.session import on_database, the_mall
from mpp.counters.queries import mall_rows
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Invalid
from mpp.metrics.queries import stored_days
from mpp.queue.queries import clock_rows
from mpp.queue.rules.clock_steps import ClockStep

day = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@one_mall
@click.option("--from", "first", type=day, help="First business day to check.")
@click.option("--to", "last", type=day, help="Last business day to check.")
def verify(*, mall: str | None, first: datetime | None, last: datetime | None) -> None:
    """Check that issued = completed + cancelled + expired + no-show + open, for every day and service.

    Checks the numbering and every ticket's state against its events, too. One line a violation and
    exit status 1; 0 when there is none. Clocks that were set back are noted, and are no violation.
    """
    day_from, day_to = (each.date() if each else None for each in (first, last))
    if day_from and day_to and day_from > day_to:
        raise Invalid("--from sesudah --to.")
    if on_database(lambda db: _verify(db, mall, day_from, day_to)):
        click.get_current_context().exit(1)


async def _verify(db: Database, slug: str | None, first: date | None, last: date | None) -> int:
    """Print what is found, mall by mall; answers how many violations."""
    malls = [slug] if slug else list(await db.read(mall_rows.mall_revisions))
    total = 0
    for each in malls:
        mall = await the_mall(db, each)
        found = await db.read(stored_days.verify, mall.id, day_from=first, day_to=last)
        for violation in found:
            click.echo(f"{mall.slug}: {violation}")
        for step in await db.read(clock_rows.steps, mall, first, last):
            click.echo(f"{mall.slug}: catatan: {_words(step, mall)}")
        verdict = f"{len(found)} pelanggaran" if found else "tidak ada pelanggaran"
        click.echo(f"{mall.slug}: {verdict}", err=bool(found))
        total += len(found)
    return total


def _words(step: ClockStep, mall: Mall) -> str:
    noticed, held = (at.astimezone(mall.time_zone) for at in (step.noticed_at, step.held_at))
    return (
        f"{noticed:%Y-%m-%d %H:%M:%S} jam {step.host} (proses {step.node}) "
        f"mundur {step.behind.total_seconds():.0f} detik; waktu mal ditahan sampai {held:%H:%M:%S}"
    )
