"""Tables of a web page: what many programs save and call `.xls`."""

from html.parser import HTMLParser

from mpp.documents.reading.sheets import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    Merge,
    Sheet,
    lines_of,
)
from mpp.errors import Invalid


def html_sheets(text: str, name: str) -> list[Sheet]:
    """Every table of the page. `Invalid` when there is none."""
    parser = _Tables(name)
    parser.feed(text)
    parser.close()
    if not parser.sheets:
        raise Invalid(
            f"{name}: ini halaman web tanpa tabel. Buka di Excel, Simpan Sebagai XLSX, lalu kirim lagi.",
            field="file",
        )
    return parser.sheets


class _Tables(HTMLParser):
    """Rows and cells in the order of the text; what spans several cells is kept as a merge."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self._name = name
        self._rows: list[list[str]] = []
        self._merges: list[Merge] = []
        self._taken: set[tuple[int, int]] = set()
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_table()
        elif tag == "tr":
            self._cell = None
            self._rows.append([])
        elif tag in {"td", "th"}:
            self._begin_cell(dict(attrs))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_table()

    def _begin_cell(self, said: dict[str, str | None]) -> None:
        self._end_cell()
        if not self._rows:
            self._rows.append([])
        at, row = len(self._rows), self._rows[-1]
        while (at, len(row)) in self._taken:
            row.append("")
        column, wide, high = len(row), _span(said.get("colspan")), _span(said.get("rowspan"))
        if at > MOST_ROWS or column + wide > MOST_COLUMNS or len(self._taken) > MOST_ROWS:
            raise Invalid(
                f"{self._name}:{at}: paling banyak {MOST_ROWS} baris dan {MOST_COLUMNS} kolom",
                field="file",
            )
        if wide * high > 1:
            self._merges.append(Merge(at, at + high - 1, column, column + wide - 1))
            self._taken |= {
                (at + down, column + right)
                for down in range(high)
                for right in range(wide)
                if down or right
            }
        self._cell = []

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def _end_table(self) -> None:
        self._end_cell()
        if any(self._rows) and len(self.sheets) < MOST_SHEETS:
            lines = lines_of(enumerate(self._rows, start=1))
            self.sheets.append(Sheet(f"tabel {len(self.sheets) + 1}", lines, self._merges))
        self._rows, self._merges, self._taken = [], [], set()


def _span(text: str | None) -> int:
    """How many cells one fills; a span that is no number or beyond reason is one."""
    number = int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 4 else 1
    return number if 1 <= number <= MOST_COLUMNS else 1
