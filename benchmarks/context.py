"""What every row of the table is given."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.machine import Cores


@dataclass(frozen=True)
class Bench:
    """The run. `say` shows what is being done now."""

    folder: Path
    """Keeps what later runs can use again."""
    databases: Databases
    cores: Cores
    is_quick: bool
    say: Callable[[str], None]
    times: tuple[float, ...] = ()
    """The nation's row is measured with so many times its load, too."""

    @property
    def rounds(self) -> int:
        """How often both sides are measured, in turn."""
        return 2 if self.is_quick else 5

    @property
    def seconds(self) -> float:
        """How long each time."""
        return 0.5 if self.is_quick else 1.5

    @property
    def warm_up(self) -> float:
        """And how long before, unmeasured."""
        return 0.2 if self.is_quick else 0.5

    @property
    def history(self) -> int:
        """Old tickets in the databases that have a history."""
        return 100_000 if self.is_quick else 1_000_000
