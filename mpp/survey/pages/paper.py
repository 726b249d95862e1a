"""A table of paper surveys before it is stored, and those that were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from mpp.counters.rules.mall import Mall
from mpp.survey.rules.import_file import Outline
from mpp.survey.rules.profile import COLUMNS, NAMES
from mpp.survey.rules.report import Import, Upload
from mpp.web.language import local
from mpp.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class PaperPage(Page):
    """`/overview/skm/paper/{id}`."""

    template: ClassVar[str] = "survey/skm_paper.html"
    upload_id: int
    file_name: str
    outline: Outline
    services: Sequence[tuple[str, int]]
    """A service's name, and how many forms of it."""
    unknown: Sequence[tuple[str, str, int]]
    """A field of the profile, the word, how often."""


@dataclass(frozen=True, kw_only=True)
class ImportView:
    """A table that came in, with the mall's time. `withdrawn_at`: None while it counts."""

    made: Import
    imported_at: datetime
    withdrawn_at: datetime | None


def paper_page(mall: Mall, upload: Upload, locale: str) -> PaperPage:
    named = {str(each.id): each.name.in_(locale) for each in mall.services}
    outline = upload.outline
    return PaperPage(
        upload_id=upload.id,
        file_name=upload.file_name,
        outline=outline,
        services=sorted((named.get(key, "?"), count) for key, count in outline.services.items()),
        unknown=[(NAMES[COLUMNS[each.column]], each.said, each.count) for each in outline.unknown],
    )


def import_views(mall: Mall, found: Sequence[Import]) -> list[ImportView]:
    zone = mall.time_zone
    return [
        ImportView(
            made=each,
            imported_at=local(each.imported_at, zone),
            withdrawn_at=local(each.withdrawn_at, zone) if each.withdrawn_at else None,
        )
        for each in found
    ]
