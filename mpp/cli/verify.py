"""`mpp verify`: the invariants that the history must keep."""

from datetime import date, datetime

import click

from mpp.cli.devices import one_mall
from mpp.cli.session import on_database, the_mall
from mpp.counters.queries import mall_rows
from mpp.db.seam import Database
from mpp.errors import Invalid
from mpp.metrics.queries import stored_days

day = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@one_mall
@click.option("--from", "first", type=day, help="First business day to check.")
@click.option("--to", "last", type=day, help="Last business day to check.")
def verify(*, mall: str | None, first: datetime | None, last: datetime | None) -> None:
    """Check that issued = completed + cancelled + expired + no-show + open, for every day and service.

    Checks the numbering and every ticket's state against its events, too. One line a violation and
    exit status 1; 0 when there is none.
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
        verdict = f"{len(found)} pelanggaran" if found else "tidak ada pelanggaran"
        click.echo(f"{mall.slug}: {verdict}", err=bool(found))
        total += len(found)
    return total
