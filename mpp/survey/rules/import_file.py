"""A file of paper surveys, from its bytes to its forms, within bounds. Run it isolated: files are hostile."""

from collections.abc import Iterable
from datetime import date

import msgspec

from mpp.documents.reading.file import sheets_of
from mpp.documents.reading.table import plain
from mpp.errors import Invalid
from mpp.survey.rules.import_rows import WANTED, respondents_of
from mpp.survey.rules.import_table import Assumed, Reading, Services, Unknown, read_questionnaires

MOST_FORMS = 5_000
"""They are stored in one transaction, and numbers are issued meanwhile."""


class PaperFile(msgspec.Struct):
    """What a leader has sent."""

    raw: bytes
    name: str
    services: Services
    assumed: Assumed
    today: date


class Outline(msgspec.Struct):
    """What is shown of a table before anything of it is stored."""

    respondents: int
    first_day: date
    last_day: date
    day_order: str
    services: dict[str, int]
    """By id, as text: JSON knows no other keys."""
    unknown: list[Unknown]
    notes: list[str]


class PaperRead(msgspec.Struct):
    """`forms`: MessagePack of a list of service, day and columns as they are stored, opened there."""

    outline: Outline
    digest: str
    forms: bytes


def read_paper(file: PaperFile) -> PaperRead:
    """Every form of the file. `Invalid` lists every fault as `name:line: what`."""
    people = respondents_of(sheets_of(file.raw, file.name, WANTED.rank), file.name)
    if len(people.rows) > MOST_FORMS:
        raise Invalid(
            f"{file.name}: {len(people.rows)} responden; paling banyak {MOST_FORMS}; bagi berkasnya",
            field="file",
        )
    found = read_questionnaires(
        people, file.name, services=file.services, assumed=file.assumed, today=file.today
    )
    return PaperRead(outline_of(found), found.digest, packed(found))


def outline_of(found: Reading) -> Outline:
    return Outline(
        respondents=len(found.forms),
        first_day=found.first_day,
        last_day=found.last_day,
        day_order=found.day_order,
        services={str(key): count for key, count in found.services.items()},
        unknown=found.unknown[:MOST_SHOWN],
        notes=shortened(found.notes),
    )


MOST_SHOWN = 50


def shortened(notes: list[str]) -> list[str]:
    """As many as somebody reads, and how many more there are."""
    more = len(notes) - MOST_SHOWN
    return notes if more <= 0 else [*notes[:MOST_SHOWN], f"… dan {more} baris lagi"]


def packed(found: Reading) -> bytes:
    return msgspec.msgpack.encode(
        [(form.service_id, form.day, form.sheet.columns) for form in found.forms]
    )


def services_of(known: Iterable[tuple[str, int, Iterable[str]]]) -> Services:
    """`known`: slug, id and names of each service of a mall."""
    services = Services({}, {})
    for slug, id_, names in known:
        services.slugs[slug] = id_
        for name in {plain(each) for each in (slug, *names) if each}:
            services.names.setdefault(name, []).append(id_)
    return services
