"""The PEKPPP instrument as data, one file a version under `mpp/evaluation/instruments/`.

Nothing about it is law in this code: aspects, indicators, weights, levels, questions, efforts and predicates
are read from the file, and a new year's instrument is a new file.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import msgspec

from mpp.errors import Invalid

FOLDER = Path(__file__).parents[1] / "instruments"
TOP = 5
"""The highest level of an indicator and the highest answer of a user."""


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`weight`: relative to the others of its aspect. `levels`: what each of 0 … 5 asks for.

    `effort`: how hard one more level is, 1 (a form to fill) to 5 (a year's budget); an estimate of ours,
    to be edited. `derived`: the key of the rule by which the system itself finds the level, if one does.
    """

    number: int
    name: str
    weight: int
    levels: list[str]
    code: str = ""
    effort: int = 3
    derived: str | None = None


class Aspect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    weight: int
    indicator: list[Indicator]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    text: str
    code: str = ""


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A: in person (luring); B: electronic (daring). `extra`: asked for, but outside the index."""

    name: str
    aspect: list[Aspect]
    question: list[Question]
    sure: str
    extra: list[Indicator] = []

    def indicators(self) -> Iterator[tuple[Aspect, Indicator]]:
        return ((aspect, each) for aspect in self.aspect for each in aspect.indicator)


class Predicate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From `lowest` (two decimals) up to the next one."""

    letter: str
    name: str
    lowest: Decimal


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    name: str
    source: str
    from_year: int
    f02_share: Decimal
    f03_share: Decimal
    predicate: list[Predicate]
    variant: dict[str, Variant]

    def variant_of(self, name: str) -> Variant:
        """`Invalid` for any but A and B."""
        try:
            return self.variant[name]
        except KeyError:
            known = ", ".join(self.variant)
            raise Invalid(
                f"Varian {name!r} tidak ada; yang ada: {known}.", field="variant"
            ) from None


@dataclass(frozen=True, slots=True)
class Step:
    """Points of the index that one more level of an indicator is worth."""

    indicator: Indicator
    gain: Fraction


def gains(variant: Variant, share: Fraction) -> Mapping[int, Step]:
    """By the indicator's number: `share` of F-02 in the index × aspect's weight × its weight in it."""
    found = {}
    whole = sum(aspect.weight for aspect in variant.aspect)
    for aspect in variant.aspect:
        within = sum(each.weight for each in aspect.indicator)
        for each in aspect.indicator:
            of_f02 = Fraction(aspect.weight, whole) * Fraction(each.weight, within)
            found[each.number] = Step(each, share * of_f02)
    return found


def read_instrument(text: str) -> Instrument:
    """An instrument's file; `msgspec.ValidationError` or `tomllib.TOMLDecodeError` if it is none."""
    return msgspec.convert(tomllib.loads(text), Instrument, strict=False)


@cache
def instruments() -> Mapping[str, Instrument]:
    """All that are delivered, oldest first, by key."""
    read = [read_instrument(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml")]
    return {each.key: each for each in sorted(read, key=lambda each: each.from_year)}


def instrument_of(wanted: str | int | None) -> Instrument:
    """By its key, or the one in force in a year; the newest for None. `Invalid` if there is none."""
    known = instruments()
    if wanted is None:
        return list(known.values())[-1]
    if wanted in known:
        return known[str(wanted)]
    year = re.search(r"\b(20\d\d)\b", str(wanted))
    in_force = [each for each in known.values() if year and each.from_year <= int(year[1])]
    if not in_force:
        raise Invalid(
            f"Instrumen {wanted!r} tidak ada; yang ada: {', '.join(known)}, atau sebuah tahun.",
            field="instrument",
        )
    return in_force[-1]
