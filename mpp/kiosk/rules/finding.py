"""Find what a visitor types: in either language, in any spelling, with a letter wrong or missing.

Every word of the query counts by how rare it is among the services (the logarithm of inverse document
frequency, as in Robertson & Spärck Jones 1976), times how well it is met, times where: a name or a
keyword says more than what has to be brought.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mpp.kiosk.rules.everyday_words import FILLER, SPELLINGS, SYNONYMS

EXACT, ROOT, BEGINS, HOLDS, NEARLY = 1.0, 0.9, 0.75, 0.4, 0.6
"""How well a word is met: itself, the same root, its beginning, a part of it, but for a letter."""
AS_SYNONYM = 0.8
NAME, PRODUCT, AGENCY, NEED = 1.0, 0.6, 0.5, 0.25
"""What a word counts where it stands."""
WORTH_SHOWING = 0.4
"""What scores less than this share of the best is left out."""

_NUMBERED = re.compile(r"\b([a-z]{1,3})[-\s]([0-9])\b")
_HYPHEN = re.compile(r"\b(p)-(?=irt)|\be-(?=ktp)|(?<=ktp)-el\b")
_BEFORE = re.compile(
    r"^(?:memper|pember|penge|peng|peny|pen|pem|per|pe|meng|meny|men|mem|me|ber|ter|di|nge|ng|ny)"
)
_AFTER = re.compile(r"(?:nya|kan|an|in|i)$")
SHORTEST_ROOT = 4


@dataclass(frozen=True)
class Entry:
    """What can be found of one thing. `id` is what `find` answers with."""

    id: int
    name: str
    """Its names in both languages and its keywords."""
    product: str = ""
    agency: str = ""
    needs: str = ""


def words(text: str) -> list[str]:
    """The words of a text, folded: no case, no accents, one spelling.

    >>> words("E-KTP & Akte (AK-1)")
    ['ktp', 'akta', 'ak1']
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = _NUMBERED.sub(r"\1\2", _HYPHEN.sub(r"\1", plain))
    return [SPELLINGS.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]


def wanted(query: str) -> list[str]:
    """What of a query tells services apart; all of it when nothing does."""
    typed = words(query)
    return [word for word in typed if word not in FILLER] or typed


@lru_cache(maxsize=16384)
def root(word: str) -> str:
    """The word without what Indonesian puts before and after it, as far as four letters stay.

    >>> root("perpanjangan"), root("memperpanjang"), root("ktp")
    ('panjang', 'panjang', 'ktp')
    """
    for affix in (_AFTER, _BEFORE):
        bare = affix.sub("", word)
        if len(bare) >= SHORTEST_ROOT:
            word = bare
    return word


class Index:
    """The words of a catalogue, made ready once a revision."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._fields = [
            (entry.id, [(at, set(words(said))) for at, said in _weighed(entry)])
            for entry in entries
        ]
        self._common = Counter(
            word
            for _, fields in self._fields
            for word in {word for at, said in fields if at > NEED for word in said}
        )
        self._vocabulary = sorted({word for _, f in self._fields for _, said in f for word in said})

    def find(self, query: str) -> list[int]:
        """The ids of what fits the query, best first; order breaks ties."""
        typed = words(query)
        phrases = [(1.0, [word]) for word in wanted(query)]
        phrases += [
            (AS_SYNONYM, words(meant)) for said, meant in SYNONYMS.items() if _in(said, typed)
        ]
        met = [(weight, [self._met(word) for word in group]) for weight, group in phrases]
        total = {
            which: sum(
                weight * sum(_best(fields, likely) for likely in group) / len(group) ** 0.5
                for weight, group in met
            )
            for which, fields in self._fields
        }
        least = max(total.values(), default=0.0) * WORTH_SHOWING
        found = [which for which, score in total.items() if score > 0 and score >= least]
        return sorted(found, key=lambda which: -total[which])

    def _met(self, asked: str) -> dict[str, float]:
        """Word of the catalogue → how well it meets the one asked for, times how rare it is."""
        likely = {word: _likeness(asked, word) for word in self._vocabulary}
        best = max(likely.values(), default=0.0)
        floor = 0.7 if best == EXACT else 0.0  # met as it stands: nobody mistyped it
        return {word: like * self._rarity(word) for word, like in likely.items() if like > floor}

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._fields) / max(1, self._common[word]))


def _weighed(entry: Entry) -> tuple[tuple[float, str], ...]:
    return (
        (NAME, entry.name),
        (PRODUCT, entry.product),
        (AGENCY, entry.agency),
        (NEED, entry.needs),
    )


def _best(fields: Iterable[tuple[float, set[str]]], met: dict[str, float]) -> float:
    return max((at * met[word] for at, said in fields for word in said & met.keys()), default=0.0)


def _in(phrase: str, typed: Sequence[str]) -> bool:
    return f" {phrase} " in f" {' '.join(typed)} "


@lru_cache(maxsize=64)
def index(entries: tuple[Entry, ...]) -> Index:
    """The index of these entries, kept: a mall's catalogue changes once a month."""
    return Index(entries)


def find(query: str, entries: tuple[Entry, ...]) -> list[int]:
    """The ids of the entries that fit a query, best first."""
    return index(entries).find(query)


def _likeness(asked: str, word: str) -> float:
    if asked == word:
        return EXACT
    if min(len(asked), len(word)) >= SHORTEST_ROOT and root(asked) == root(word):
        return ROOT
    if word.startswith(asked):
        return BEGINS if len(asked) > 1 else 0.3
    if len(asked) < SHORTEST_ROOT:
        return 0.0
    if asked in word:
        return HOLDS
    return NEARLY if differs_by_one(asked, word) else 0.0


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
