"""The frame of reports on paper: A4, the mall's name, page numbers, tables, bars that need no colour.

The typeface is Helvetica, which every reader of PDF has: ours is there for browsers only, as WOFF2, and to
unpack that takes Brotli, which nothing here depends on.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

INK, GREY, FILL = (16, 33, 42), (96, 108, 116), (226, 236, 239)
FONT = "helvetica"
WIDTH = 180.0
"""Millimetres between the margins of an A4 sheet."""
LINE = 6.0
BAR = 5.0
_PLAIN = str.maketrans({"–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "’": "'", "…": "...",
                        "≤": "<=", "≥": ">=", "→": "->", "\N{NO-BREAK SPACE}": " "})  # fmt: skip


def plain(text: str) -> str:
    """What the built-in typeface can write: Latin-1, which is all that Indonesian needs."""
    return text.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")


class Paper:
    """A report being written, from top to bottom."""

    def __init__(self, title: str, mall: str, *, made: datetime, is_synthetic: bool) -> None:
        # A tenth of a server's start, needed once a month.
        from fpdf import FPDF, XPos, YPos  # noqa: PLC0415 - see above

        running = plain(f"{mall} · {title}")
        foot = plain(f"Dibuat {made:%d-%m-%Y %H.%M}")

        class Sheets(FPDF):
            def header(self) -> None:
                self.set_font(FONT, size=9)
                self.set_text_color(*GREY)
                self.cell(0, LINE, running, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
                if is_synthetic:
                    self.set_font(FONT, "B", 10)
                    self.set_text_color(*INK)
                    self.set_fill_color(*FILL)
                    self.cell(0, LINE, SYNTHETIC, fill=True, align="C",
                              new_x=XPos.LMARGIN, new_y=YPos.NEXT)  # fmt: skip
                self.ln(2)

            def footer(self) -> None:
                self.set_y(-14)
                self.set_font(FONT, size=8)
                self.set_text_color(*GREY)
                self.cell(0, LINE, f"{foot}   hal. {self.page_no()}/{{nb}}", align="R")

        self._figures = 0
        self._next: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
        self.pdf: FPDF = Sheets(format="A4")
        self.pdf.set_creation_date(made)
        self.pdf.set_title(f"{plain(title)} - {plain(mall)}")
        self.pdf.set_lang("id")
        self.pdf.set_margins(15, 12, 15)
        self.pdf.set_auto_page_break(True, margin=18)
        self.pdf.add_page()
        self._ink(18, bold=True)
        self.pdf.multi_cell(0, 9, plain(title), **self._next)

    def _ink(self, size: float, *, bold: bool = False) -> None:
        self.pdf.set_font(FONT, "B" if bold else "", size)
        self.pdf.set_text_color(*INK)

    def heading(self, text: str) -> None:
        """A chapter; begins a new page rather than stand alone at the foot of one."""
        if self.pdf.will_page_break(40):
            self.pdf.add_page()
        self.pdf.ln(4)
        self._ink(13, bold=True)
        self.pdf.multi_cell(0, 7, plain(text), **self._next)
        self.pdf.ln(1)

    def figure(self, text: str, height: float) -> float:
        """A numbered caption; answers where the picture begins, with `height` millimetres of room below."""
        self._figures += 1
        if self.pdf.will_page_break(height + 2 * LINE):
            self.pdf.add_page()
        self._ink(9, bold=True)
        self.pdf.multi_cell(0, 5, plain(f"Gambar {self._figures}. {text}"), **self._next)
        return float(self.pdf.get_y()) + 1

    def below(self, y: float) -> None:
        """Go on there, under a picture."""
        self.pdf.set_xy(self.pdf.l_margin, y)

    def letter(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 7,
        *,
        align: str = "L",
        bold: bool = False,
        grey: int | None = None,
        on_white: bool = False,
    ) -> None:
        """A word in a picture: its baseline at `y`; `align` L, C or R of `x`; `grey` 0–255 instead of ink."""
        self._ink(size, bold=bold)
        if grey is not None:
            self.pdf.set_text_color(grey)
        written = plain(text)
        width = self.pdf.get_string_width(written)
        begin = x - {"L": 0.0, "C": 0.5, "R": 1.0}[align] * width
        if on_white:
            self.pdf.set_fill_color(255)
            self.pdf.rect(begin - 0.5, y - size * 0.3, width + 1, size * 0.38, style="F")
        self.pdf.text(begin, y, written)

    def cut(self, text: str, width: float, size: float) -> str:
        """As much of the text as fits into so many millimetres."""
        self._ink(size)
        return self._cut(plain(text), width)

    def say(self, text: str) -> None:
        self._ink(10)
        self.pdf.multi_cell(0, 5, plain(text), **self._next)
        self.pdf.ln(1)

    def define(self, text: str) -> None:
        """What the figures above mean."""
        self.pdf.set_font(FONT, "I", 8)
        self.pdf.set_text_color(*GREY)
        self.pdf.multi_cell(0, 4, plain(text), **self._next)

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
    ) -> None:
        """`widths`: shares of the line; the first column is words, the others figures."""
        self._ink(9)
        self.pdf.set_fill_color(255)
        whole = sum(widths)
        with self.pdf.table(
            width=WIDTH,
            col_widths=tuple(WIDTH * each / whole for each in widths),
            text_align=("LEFT", *("RIGHT",) * (len(head) - 1)),
            line_height=5,
            borders_layout="HORIZONTAL_LINES",
            cell_fill_mode="NONE",
        ) as table:
            for cells in (head, *rows):
                row = table.row()
                for cell in cells:
                    row.cell(plain(cell))
        self.pdf.ln(2)

    def bars(self, rows: Sequence[tuple[str, float, str]], *, most: float | None = None) -> None:
        """A bar a row: its name, its length, and the figure written at its end."""
        longest = most or max((value for _, value, _ in rows), default=0.0) or 1.0
        name_width, figure_width = 62.0, 26.0
        room = WIDTH - name_width - figure_width
        for name, value, figure in rows:
            if self.pdf.will_page_break(LINE):
                self.pdf.add_page()
            self._ink(9)
            x, y = self.pdf.get_x(), self.pdf.get_y()
            self.pdf.cell(name_width, LINE, self._cut(plain(name), name_width - 2))
            self.pdf.set_fill_color(*FILL)
            self.pdf.set_draw_color(*INK)
            length = room * min(1.0, value / longest)
            if length > 0:
                self.pdf.rect(x + name_width, y + 0.5, length, BAR, style="DF")
            self.pdf.set_xy(x + name_width + length + 2, y)
            self.pdf.cell(figure_width, LINE, plain(figure), **self._next)
        self.pdf.ln(2)

    def _cut(self, text: str, width: float) -> str:
        """As much of the text as fits."""
        if self.pdf.get_string_width(text) <= width:
            return text
        while text and self.pdf.get_string_width(text + "...") > width:
            text = text[:-1]
        return text.rstrip() + "..."

    def bytes(self) -> bytes:
        """The finished document."""
        return bytes(self.pdf.output())


SYNTHETIC = "DATA SIMULASI - bukan data nyata"
