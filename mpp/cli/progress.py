"""What takes longer than a moment says so: a moving line on a terminal, plain lines elsewhere."""

import contextlib
import time
from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.markup import escape

from mpp.number_format import format_decimal


class Progress:
    """Tells people what is going on, on standard output."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show `name` while the block runs, and how long it took when it is done."""
        began = time.perf_counter()
        with self._console.status(escape(name) + " …"):
            yield
        self._console.print(f"[green]✓[/] {escape(name)} [dim]({self._since(began)} dtk)[/]")

    @staticmethod
    def _since(began: float) -> str:
        return format_decimal(time.perf_counter() - began)

    def say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)

    def show(self, what: RenderableType) -> None:
        self._console.print(what)
