"""Which days a year is told from, and what was not recorded: footnotes of paper and workbook."""

from mpp.number_format import format_long_day
from mpp.reports.pages.paper import LANGUAGE
from mpp.reports.rules.yearly import Year


def said_of_gaps(told: Year) -> list[str]:
    """What is not told, because it was not kept here."""
    said, before = [], told.year - 1
    if told.since is None:
        said.append(f"Tahun {told.year} tidak tercatat di sistem ini.")
    if told.begins_late and told.since is not None:
        since = format_long_day(told.since, LANGUAGE)
        said.append(f"Angka tahun {told.year} baru tercatat sejak {since}.")
    if told.before_since is None:
        said.append(f"Tahun {before} tidak tercatat di sistem ini, jadi tidak ada pembandingnya.")
    elif told.compares_short:
        said.append(
            f"Angka tahun {before} baru tercatat sejak {format_long_day(told.before_since, LANGUAGE)}, jadi "
            "selisihnya belum dapat dijadikan ukuran."
        )
    return said


def said_of_days(told: Year) -> str:
    """Which days are counted, and what they are compared with."""
    before = told.year - 1
    if told.is_over:
        return f"Tahun {told.year} sudah lengkap; dibandingkan dengan seluruh tahun {before}."
    last, first_then, last_then = (
        format_long_day(day, LANGUAGE) for day in (told.last, told.before_first, told.before_last)
    )
    return (
        f"Tahun {told.year} masih berjalan: {told.days_over} dari {told.days_in_year} hari sudah "
        f"lewat, sampai {last}. Dibandingkan dengan hari-hari yang sama tahun lalu, {first_then} sampai "
        f"{last_then}."
    )
