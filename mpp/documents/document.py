"""A paper as data: what an office sends, before any maker has set it.

Every value is kept raw, with its kind; makers write it once, in the document's language. No text in here is
ever read as markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from mpp.documents.chart import Chart

Raw = str | int | float | Decimal | timedelta | date | None
"""None: there is no value; makers write a dash or leave the cell empty."""


class Kind(StrEnum):
    """What a value is, and so how it is written."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    SHARE = "share"
    """0–1, written in per cent."""
    POINTS = "points"
    """A difference of shares, written in percentage points."""
    DURATION = "duration"
    """Seconds, written in minutes."""
    HOURS = "hours"
    """Seconds, written in hours."""
    DATE = "date"


@dataclass(frozen=True)
class Value:
    """A cell whose kind is not its column's. `signed`: a difference, with a plus where it is more."""

    kind: Kind
    value: Raw
    places: int | None = None
    signed: bool = False


Cell = Raw | Value


@dataclass(frozen=True)
class Column:
    """`places`: decimals, else as many as its kind usually has; `weight`: its share of the line's width."""

    title: str
    kind: Kind = Kind.TEXT
    weight: float = 1.0
    places: int | None = None
    signed: bool = False

    def value(self, cell: Cell) -> Value:
        """The cell with its kind."""
        if isinstance(cell, Value):
            return cell
        if isinstance(cell, str):
            return Value(Kind.TEXT, cell)
        return Value(self.kind, cell, self.places, self.signed)


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: Sequence[str]


@dataclass(frozen=True)
class Figure:
    """One named figure. `key`: its stable name in files and tests."""

    key: str
    label: str
    value: Value
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """Figures side by side, large."""

    items: Sequence[Figure]


@dataclass(frozen=True)
class Table:
    """`key`: its stable name, and its sheet's in a workbook. `total`: a last row set apart."""

    key: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None


@dataclass(frozen=True)
class Picture:
    """A chart under its caption. `alt`: what it tells, for whoever cannot see it."""

    key: str
    caption: str
    alt: str
    chart: Chart


@dataclass(frozen=True)
class Note:
    """What the figures above mean; small."""

    text: str


Block = Paragraph | Bullets | Figures | Table | Picture | Note


@dataclass(frozen=True)
class Section:
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Letterhead:
    """`logo`: an SVG or PNG file's content."""

    organisation: str
    address: Sequence[str] = ()
    logo: bytes | None = None


@dataclass(frozen=True)
class Signature:
    """`name` empty: a blank line to sign over."""

    place: str
    office: str
    name: str = ""


@dataclass(frozen=True)
class Definition:
    term: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """`date`: of the paper, and all that its file tells of when it was made.

    `number`: empty leaves a line to write it on. `notice`: a warning above everything and on every page.
    """

    letterhead: Letterhead
    title: str
    subtitle: str
    number: str
    date: date
    language: str
    summary: Sequence[str]
    sections: Sequence[Section]
    notice: str = ""
    footer: str = ""
    with_contents: bool = True
    signature: Signature | None = None
    definitions: Sequence[Definition] = ()

    def tables(self) -> list[Table]:
        """In the order in which they stand."""
        return [block for block in self._blocks() if isinstance(block, Table)]

    def figures(self) -> list[Figure]:
        return [
            each for block in self._blocks() if isinstance(block, Figures) for each in block.items
        ]

    def pictures(self) -> list[Picture]:
        return [block for block in self._blocks() if isinstance(block, Picture)]

    def _blocks(self) -> list[Block]:
        return [block for section in self.sections for block in section.blocks]
