"""A document as PDF/UA, set by Typst: one fixed template, and everything said as data beside it.

Nothing that a person typed is ever part of the template: it travels as one JSON text, so that no `#`, `$`
or `[` in a name means anything. The template reads no file and no package. Call it in a worker thread.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mpp.documents.charts.draw import draw
from mpp.documents.document import (
    Block,
    Bullets,
    Column,
    Document,
    Figures,
    Note,
    Paragraph,
    Picture,
    Section,
    Table,
)
from mpp.documents.labels import LABELS
from mpp.documents.typeface import FONTS, printable
from mpp.documents.values import is_number, written
from mpp.errors import Conflict
from mpp.number_format import format_long_day

TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"
MOST_CELLS = 8_000
"""A larger document is refused: so many cells take a second and 200 MiB, and setting cannot be stopped."""
LONGEST_TEXT = 2_000_000
_UNIT = re.compile(r"(?<=\d) (?=(?:%|mnt|min|jam|poin|nomor)(?!\w))")
"""Between a figure and its unit no line ends."""
STANDARD: Literal["ua-1"] = "ua-1"


def pdf(document: Document) -> bytes:
    """The paper. The same document gives the same bytes. `Conflict` for one too large to be set."""
    import typst  # noqa: PLC0415 - 30 MB of typesetter, for whoever asks for a paper

    data = json.dumps(told(document), ensure_ascii=False, separators=(",", ":"))
    if len(data) > LONGEST_TEXT:
        raise Conflict("Dokumen terlalu besar untuk dicetak.")
    made: bytes = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": data},
        pdf_standards=[STANDARD],
        timestamp=int(_noon(document.date).timestamp()),
        format="pdf",
    )
    return made


@cache
def _fonts() -> Any:
    """Ours and no other, so that the same paper comes out of every machine."""
    import typst  # noqa: PLC0415 - see `pdf`

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def told(document: Document) -> dict[str, Any]:
    """What the template reads: every value as words, every chart as SVG."""
    cells = sum(len(each.columns) * (len(each.rows) + 2) for each in document.tables())
    if cells > MOST_CELLS:
        raise Conflict(f"Dokumen terlalu besar untuk dicetak: {cells} sel.")
    head, language = document.letterhead, document.language
    signature = document.signature
    found = {
        "language": language,
        "words": LABELS[language],
        "organisation": head.organisation,
        "address": list(head.address),
        "logo": None if head.logo is None else list(head.logo),
        "title": document.title,
        "subtitle": document.subtitle,
        "number": document.number,
        "date": format_long_day(document.date, language),
        "day": [document.date.year, document.date.month, document.date.day],
        "notice": document.notice,
        "footer": document.footer,
        "summary": list(document.summary),
        "contents": document.with_contents,
        "sections": [_section(each, document) for each in document.sections],
        "definitions": [[each.term, each.meaning] for each in document.definitions],
        "signature": None
        if signature is None
        else {"place": signature.place, "office": signature.office, "name": signature.name},
    }
    shown: dict[str, Any] = _printable(found)
    return shown


def _section(section: Section, document: Document) -> dict[str, Any]:
    blocks = [_block(each, document) for each in section.blocks]
    return {"title": section.title, "blocks": blocks}


def _block(block: Block, document: Document) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Note(text):
            return {"kind": "note", "text": text}
        case Bullets(items):
            return {"kind": "bullets", "items": list(items)}
        case Figures():
            return _figures(block, document.language)
        case Table():
            return _table(block, document.language)
        case Picture():
            return _picture(block, document.language)


def _figures(block: Figures, language: str) -> dict[str, Any]:
    items = [[each.label, written(each.value, language), each.note] for each in block.items]
    return {"kind": "figures", "items": items}


def _picture(block: Picture, language: str) -> dict[str, Any]:
    svg = draw(block.chart, key=block.key, title=block.caption, alt=block.alt, language=language)
    return {"kind": "picture", "caption": block.caption, "alt": block.alt, "svg": svg}


def _table(block: Table, language: str) -> dict[str, Any]:
    every = [*block.rows, *([] if block.total is None else [block.total])]
    return {
        "kind": "table",
        "caption": block.caption,
        "weights": [each.weight for each in block.columns],
        "numbers": [_stands_right(each, place, every) for place, each in enumerate(block.columns)],
        "head": [each.title for each in block.columns],
        "rows": [list(_row(row, block.columns, language)) for row in block.rows],
        "total": None if block.total is None else list(_row(block.total, block.columns, language)),
    }


def _stands_right(column: Column, place: int, rows: Sequence[Sequence[Any]]) -> bool:
    """A column of numbers, or one whose cells bring their own kinds."""
    return any(is_number(column.value(row[place])) for row in rows)


def _row(row: Sequence[Any], columns: Sequence[Column], language: str) -> Iterator[str]:
    for cell, column in zip(row, columns, strict=True):
        yield written(column.value(cell), language)


def _printable(found: Any) -> Any:
    """Every text in it, with a sign in the place of letters that the typeface does not have."""
    if isinstance(found, str):
        return printable(_UNIT.sub("\N{NO-BREAK SPACE}", found))
    if isinstance(found, dict):
        return {key: _printable(value) for key, value in found.items()}
    if isinstance(found, list) and found and isinstance(found[0], str | dict | list):
        return [_printable(each) for each in found]
    return found
