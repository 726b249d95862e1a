"""What the month's paper says of months that were not recorded, or in part, or of other days."""

from datetime import date, timedelta

from factories import NINE, TestClock, a_mall

from mpp.db.seam import Database
from mpp.documents.document import Paragraph
from mpp.documents.pdf import pdf
from mpp.metrics.readers.past import Present
from mpp.metrics.readers.today import Days
from mpp.metrics.rules.periods import month_of
from mpp.reports.pages.monthly import monthly_document
from mpp.reports.readers.monthly import monthly
from tests.documents.reading import words
from tests.reports.document_parts import raw_cells, table
from tests.reports.month_world import CAME, steps_of, three_months
from tests.reports.year_world import a_history

NOVEMBER = month_of(date(2026, 11, 1))
OVER = NINE + timedelta(days=10)


async def test_months_that_were_not_recorded_are_lines_with_a_footnote(db: Database) -> None:
    """Recorded from 12 October on: October is no measure of November, and last year is not told."""
    late = {day: came for day, came in CAME.items() if day >= date(2026, 10, 12)}
    mall = await a_history(db, late, steps_of=steps_of)
    paper = monthly_document(await monthly(db, mall, NOVEMBER, Present(OVER, Days())), now=OVER)
    rows = raw_cells(table(paper, "compared"))
    assert rows["Nomor diterbitkan"] == [55, 16, None, None]
    assert {row[2] for row in rows.values()} == {None}
    assert {row[3] for row in rows.values()} == {None}
    notes = [
        "Bulan lalu baru tercatat sejak 12 Oktober 2026 (1 hari layanan), jadi tidak menjadi "
        "pembanding.",
        "Bulan yang sama tahun lalu tidak tercatat di sistem ini (–).",
    ]
    (section,) = [each for each in paper.sections if each.title == "Angka utama"]
    assert [b.text for b in section.blocks if isinstance(b, Paragraph)] == notes
    said = " ".join(paper.summary)
    assert all(note in said for note in notes)
    assert "daripada bulan lalu" not in said
    assert "dari bulan lalu" not in said


async def test_months_of_unequal_numbers_of_days_say_so(db: Database) -> None:
    mall = await three_months(db)
    paper = monthly_document(await monthly(db, mall, NOVEMBER, Present(OVER, Days())), now=OVER)
    said = "Bulan lalu 2 hari layanan, bulan ini 3: bandingkan nomor per hari layanan."
    assert said in paper.summary


async def test_a_month_without_anything_is_told_in_words(db: Database, clock: TestClock) -> None:
    mall = await a_mall(db)
    found = await monthly(db, mall, NOVEMBER, Present(clock(), Days()))
    paper = monthly_document(found, now=OVER)
    assert paper.summary[0] == "Bulan ini tidak tercatat di sistem ini (–)."
    assert not paper.pictures()
    assert "Gambar" not in words(pdf(paper))
