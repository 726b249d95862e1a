"""The malls of an installation, as somebody looks for theirs."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from mpp.counters.rules.mall import Mall

FEW = 3
"""So many malls are shown whole, one below the other; of more there is a list."""
A_PAGE = 24
LONGEST_WORDS = 80


@dataclass(frozen=True)
class Directory:
    """One page of the malls that were looked for."""

    wanted: str
    found: int
    """How many malls there are of that name, on all pages."""
    number: int
    """Of this page, from 1."""
    pages: int
    malls: Sequence[Mall]


def look_up(malls: Sequence[Mall], wanted: str, number: int) -> Directory:
    """The malls whose name or slug has every wanted word in it, by name.

    `number`: the page from 1; one that is not there is the nearest.
    """
    words = _folded(wanted).split()
    found = [
        mall for mall in malls if all(word in _folded(f"{mall.name} {mall.slug}") for word in words)
    ]
    found.sort(key=lambda mall: (_folded(mall.name), mall.slug))
    pages = max(1, -(-len(found) // A_PAGE))
    number = min(max(number, 1), pages)
    shown = found[(number - 1) * A_PAGE : number * A_PAGE]
    return Directory(wanted.strip(), len(found), number, pages, shown)


def _folded(text: str) -> str:
    """Without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    )
