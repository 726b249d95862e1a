"""The definitions are written down, all of them, under their version."""

from pathlib import Path

import pytest

from mpp.metrics.pages.wire import FiguresOut
from mpp.metrics.rules.definitions import LATEST
from mpp.metrics.rules.disclosure import FEWEST
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.histogram import ERROR
from mpp.metrics.rules.invariants import CLOCK_SLACK
from mpp.metrics.rules.periods import MOST_DAYS
from mpp.metrics.rules.spans import Kind
from mpp.metrics.rules.stored_day import Invariant

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")


def test_the_page_names_its_version() -> None:
    assert PAGE.startswith(f"# What the figures mean: definitions {LATEST}\n")


@pytest.mark.parametrize("word", [*Kind, *By, *Invariant, *FiguresOut.__struct_fields__])
def test_every_word_of_a_report_is_defined(word: str) -> None:
    assert f"`{word}`" in PAGE


def test_limits_are_those_of_the_code() -> None:
    assert f"at most {MOST_DAYS};" in PAGE
    assert f"up to {CLOCK_SLACK.seconds} seconds" in PAGE
    assert f"at most {ERROR * 100:.0f} %" in PAGE
    assert f"fewer than {FEWEST} " in PAGE
