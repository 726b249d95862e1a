"""Find what a visitor types: in either language, in any spelling, with a letter wrong or missing."""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

SPELLINGS = {
    "antrian": "antrean",
    "akte": "akta",
    "ektp": "ktp",
    "ijin": "izin",
    "sertipikat": "sertifikat",
    "pasport": "paspor",
    "passport": "paspor",
    "legalisir": "legalisasi",
    "difabel": "disabilitas",
    "meninggal": "kematian",
    "motor": "kendaraan",
    "mobil": "kendaraan",
    "hp": "ponsel",
    "handphone": "ponsel",
}
"""What people type → what the catalogue says. Used on both, so either spelling finds either."""

FILLER = frozenset(
    {"antrean", "nomor", "ambil", "layanan", "buat", "bikin", "urus", "mengurus", "mau", "ingin"}
    | {"saya", "cara", "untuk", "dan", "di", "ke", "yang", "the", "for", "get", "my", "and", "of"}
)
"""Words that say nothing about which service is meant."""

EXACT, BEGINS, HOLDS, NEARLY = 8, 6, 3, 2
IN_TITLE = 3
"""A word found in the title counts so many times one found elsewhere."""


def words(text: str) -> list[str]:
    """The words of a text, folded: no case, no accents, one spelling.

    >>> words("E-KTP & Akte (baru)")
    ['ktp', 'akta', 'baru']
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    found = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return [SPELLINGS.get(word, word) for word in found if word != "e"]


def wanted(query: str) -> list[str]:
    """What of a query tells services apart; all of it when nothing does."""
    typed = words(query)
    return [word for word in typed if word not in FILLER] or typed


def find(query: str, entries: Iterable[tuple[T, str, str]]) -> list[T]:
    """The things that fit a query best, best first. `entries`: thing, its title, its other words.

    What matches most of the words wins; among those, by how well. Order breaks ties.
    """
    tokens = wanted(query)
    scored = []
    for thing, title, other in entries:
        scores = [_score(token, words(title), words(other)) for token in tokens]
        matched = sum(score > 0 for score in scores)
        if matched:
            scored.append((matched, sum(scores), thing))
    most = max((matched for matched, _, _ in scored), default=0)
    fitting = [each for each in scored if each[0] == most]
    return [thing for _, _, thing in sorted(fitting, key=lambda each: -each[1])]


def _score(token: str, title: list[str], other: list[str]) -> int:
    in_title = max((_likeness(token, word) for word in title), default=0)
    elsewhere = max((_likeness(token, word) for word in other), default=0)
    return max(in_title * IN_TITLE, elsewhere)


def _likeness(token: str, word: str) -> int:
    if token == word:
        return EXACT
    if word.startswith(token):
        return BEGINS
    if len(token) < 4:
        return 0
    if token in word:
        return HOLDS
    return NEARLY if differs_by_one(token, word) else 0


def differs_by_one(one: str, other: str) -> bool:
    """Whether one letter added, left out, exchanged or swapped with its neighbour makes them equal."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    short, long = sorted((one, other), key=len)
    same = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    rest, longer = short[same:], long[same:]
    if len(short) < len(long):
        return rest == longer[1:]
    return rest[1:] == longer[1:] or (rest[:2] == longer[1::-1] and rest[2:] == longer[2:])
