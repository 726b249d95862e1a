"""Find what a visitor types: in either language, in any spelling, with a letter wrong or missing.

Every word of the query counts by how rare it is among the services (the logarithm of inverse document
frequency, as in Robertson & Spärck Jones 1976), times how well it is met, times where: a name or a
keyword says more than what has to be brought. A word counts once: as itself or as what it may mean, alone
or in a phrase, whichever fits the service better. What is done with a thing (renew, replace, collect) counts
less than the thing. Long names and their abbreviations are one.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mpp.kiosk.rules.everyday_words import (
    FILLER,
    LETTERS,
    LIGHT,
    LONG_NAMES,
    SPELLINGS,
    SYNONYMS,
)

EXACT, ROOT, BEGINS, HOLDS, NEARLY = 1.0, 0.9, 0.75, 0.4, 0.6
"""How well a word is met: itself, the same root, its beginning, a part of it, but for a letter."""
AS_SYNONYM = 0.8
AS_LIGHT = 0.4
"""What a word counts that many services share: what is done, or "card", "letter", "name"."""
AS_LONG_NAME = 0.5
"""What the words of a long name count where the catalogue says its abbreviation."""
NAME, PRODUCT, AGENCY, NEED = 1.0, 0.6, 0.5, 0.25
"""What a word counts where it stands."""
WORTH_SHOWING = 0.4
"""What scores less than this share of the best is left out."""

_NUMBERED = re.compile(r"\b([a-z]{1,3})[-\s]([0-9])\b")
_HYPHEN = re.compile(r"\b(p)-(?=irt)|\be-(?=ktp)|(?<=ktp)-el\b")
_AFFIXES = (
    (re.compile(r"^ke(?=.+an$)|(?:nya|kan|an|in)$"), 4),
    (re.compile(r"^(?:memper|pember|penge|peng|peny|pen|pem|per|pe)"), 4),
    (re.compile(r"^(?:meng|meny|men|mem|me|ber|ter|di|nge|ng|ny)"), 4),
    (re.compile(r"i$"), 5),
)
"""What is taken off a word, and how many letters must be left."""
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


def folded(typed: Sequence[str]) -> list[str]:
    """The words with every long name as its abbreviation; filler between its words is no matter.

    >>> folded(words("nomor pokok wajib pajak pribadi"))
    ['nomor', 'npwp', 'pribadi']
    """
    kept = _joined(typed)
    for abbreviation, name in _NAMES:
        at = [place for place, word in enumerate(kept) if word not in FILLER]
        for first in range(len(at) - len(name), -1, -1):
            places = at[first : first + len(name)]
            if [kept[place] for place in places] == name:
                kept[places[0] : places[-1] + 1] = [abbreviation]
                break
    return kept


def _joined(typed: Sequence[str]) -> list[str]:
    """The words with abbreviations that are written as they are spoken, in one or letter by letter."""
    kept = list(typed)
    for spoken, abbreviation in _SPOKEN.items():
        for first in range(len(kept) - len(abbreviation), -1, -1):
            if "".join(kept[first : first + len(abbreviation)]) == spoken:
                kept[first : first + len(abbreviation)] = [abbreviation]
    return [_SPOKEN.get(word, word) for word in kept]


@lru_cache(maxsize=16384)
def root(word: str) -> str:
    """The word without what Indonesian puts before and after it, as far as four letters stay.

    >>> root("perpanjangan"), root("memperpanjang"), root("kehilangan"), root("ktp")
    ('panjang', 'panjang', 'hilang', 'ktp')
    """
    for affix, least in _AFFIXES:
        bare = affix.sub("", word)
        if bare != word and len(bare) >= least:
            return root(bare)
    return word


_NAMES = [
    (abbreviation, [word for word in words(name) if word not in FILLER])
    for abbreviation, name in LONG_NAMES.items()
]
_LONG = dict(_NAMES)
_SPOKEN = {
    "".join(LETTERS[letter] for letter in abbreviation): abbreviation for abbreviation in LONG_NAMES
}
_PHRASES = [(said.split(), words(meant)) for said, meant in SYNONYMS.items()]
_LIGHT = frozenset(root(word) for word in LIGHT)


@dataclass(frozen=True)
class Reading:
    """What the words of a query from one place up to another may mean.

    `met`: for each word that is meant, the catalogue's words that meet it, and how much that is worth.
    """

    start: int
    end: int
    weight: float
    met: Sequence[dict[str, float]]

    def worth(self, fields: Iterable[tuple[float, set[str]]]) -> float:
        """How well a service with these fields fits."""
        return (
            self.weight * sum(_best(fields, each) for each in self.met) / math.sqrt(len(self.met))
        )


class Index:
    """The words of a catalogue, made ready once a revision."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._fields = [
            (entry.id, [field for at, said in _weighed(entry) for field in _both_ways(at, said)])
            for entry in entries
        ]
        self._common = Counter(
            word
            for _, fields in self._fields
            for word in {word for at, said in fields if at > NEED for word in said}
        )
        self._vocabulary = sorted({word for _, f in self._fields for _, said in f for word in said})

        self._kept: dict[str, dict[str, float]] = {}
        said = {word for phrase, _ in _PHRASES for word in phrase}
        self._known = {*self._vocabulary, *said, *FILLER, *LIGHT}
        self._roots = {root(word) for word in self._known}

    def find(self, query: str) -> list[int]:
        """The ids of what fits the query, best first; order breaks ties."""
        typed = folded([self._as_known(word) for word in words(query)])
        readings = self._readings(typed)
        total = {which: _worth(len(typed), readings, fields) for which, fields in self._fields}
        least = max(total.values(), default=0.0) * WORTH_SHOWING
        found = [which for which, score in total.items() if score > 0 and score >= least]
        return sorted(found, key=lambda which: -total[which])

    def _as_known(self, word: str) -> str:
        """A word that nobody knows as the one it must be, if one alone is a letter away."""
        if len(word) <= SHORTEST_ROOT or word in self._known or root(word) in self._roots:
            return word
        near = [known for known in self._known if differs_by_one(word, known)]
        return near[0] if len(near) == 1 else word

    def _readings(self, typed: Sequence[str]) -> list[Reading]:
        """Each word as itself, and each word or phrase as what it may mean."""
        telling = [word for word in typed if word not in FILLER] or typed
        itself = [
            Reading(i, i + 1, _weight([word]), [self._met(word)])
            for i, word in enumerate(typed)
            if word in telling
        ]
        return itself + [
            Reading(
                i, i + len(said), AS_SYNONYM * _weight(said), [self._meant(one) for one in meant]
            )
            for said, meant in _PHRASES
            for i in range(len(typed) - len(said) + 1)
            if all(map(_is_same, typed[i : i + len(said)], said))
        ]

    def _meant(self, word: str) -> dict[str, float]:
        """The same, kept: there are few words that others may mean."""
        if word not in self._kept:
            self._kept[word] = self._met(word)
        return self._kept[word]

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


def _both_ways(at: float, said: str) -> list[tuple[float, set[str]]]:
    """A field with the abbreviations of its long names, and the long names of its abbreviations."""
    held = words(said)
    with_short = set(held) | set(folded(held))
    long = {word for each in with_short for word in _LONG.get(each, ())}
    return [(at, with_short), (at * AS_LONG_NAME, long - with_short)]


def _is_same(typed: str, said: str) -> bool:
    return typed == said or (len(said) >= SHORTEST_ROOT and root(typed) == root(said))


def _weight(said: Sequence[str]) -> float:
    return AS_LIGHT if all(root(word) in _LIGHT for word in said) else 1.0


def _worth(
    length: int, readings: Iterable[Reading], fields: Iterable[tuple[float, set[str]]]
) -> float:
    """The best way to read the whole query, each word at most once."""
    best = [0.0] * (length + 1)
    for end in range(1, length + 1):
        ways = [best[each.start] + each.worth(fields) for each in readings if each.end == end]
        best[end] = max(best[end - 1], *ways, 0.0)
    return best[length]


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
