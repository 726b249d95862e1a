"""What every paper of a mall has: its letterhead, its date, and whether its figures are made up."""

from collections.abc import Sequence
from datetime import datetime

from mpp.documents.document import Definition, Document, Letterhead, Section, Signature
from mpp.documents.marks import MADE_UP_TEXT
from mpp.number_format import format_long_day, format_time

LANGUAGE = "id"
"""Papers go to Indonesian offices."""
DEFINITIONS = "/overview/definitions"
"""Where every figure's meaning is written in full."""


def mall_paper(
    mall_name: str,
    title: str,
    subtitle: str,
    *,
    made: datetime,
    is_synthetic: bool,
    summary: Sequence[str],
    sections: Sequence[Section],
    definitions: Sequence[Definition] = (),
) -> Document:
    """`made`: in the mall's local time. Number and place are left to be written by whoever signs."""
    return Document(
        letterhead=Letterhead(mall_name),
        title=title,
        subtitle=subtitle,
        number="",
        date=made.date(),
        language=LANGUAGE,
        summary=summary,
        sections=[each for each in sections if each.blocks],
        notice=MADE_UP_TEXT if is_synthetic else "",
        footer=f"Dibuat {format_long_day(made, LANGUAGE)} {format_time(made, LANGUAGE)}",
        signature=Signature("", f"Kepala {mall_name}"),
        definitions=definitions,
    )
