"""A period's exact figures, counted straight from its events: what rollups are held against."""

from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database, Transaction
from mpp.metrics.queries import event_rows, name_rows
from mpp.metrics.readers.reports import tally_tables
from mpp.metrics.rules.figures import By, TallyTable
from mpp.metrics.rules.periods import Period
from mpp.metrics.rules.spans import ticket_histories


async def exact(db: Database, mall: Mall, period: Period, *bys: By) -> dict[By, TallyTable]:
    """By each of these groupings, judged by today's standards."""

    def read(tx: Transaction) -> dict[By, TallyTable]:
        known = name_rows.names(tx, mall.id)
        made = tally_tables(mall, known.promises, known.agency_of, bys)
        for day in period.days():
            told = ticket_histories(event_rows.events(tx, mall.id, day, day))
            for table in made.values():
                table.add(told)
        return made

    return await db.read(read)
