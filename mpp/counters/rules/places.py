"""Where in a TOML file each table and key stands. Pure."""

import re
from collections.abc import Mapping

from mpp.counters.rules.file import Path

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+))*)\s*=")
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+")
_STRINGS = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''", re.DOTALL)


def lines(text: str) -> dict[Path, int]:
    """Where each table and key begins: `("agency", 3, "service", 0, "prefix")` → line, from 1.

    Keys inside an inline table are not listed; `line_of` falls back on what holds them.
    """
    found: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(_without_long_strings(text).split("\n"), start=1):
        header = _HEADER.match(line)
        key = None if header else _KEY.match(line)
        if header is not None:
            here = _opened(_parts(header[2]), counts, is_array=header[1] == "[[")
            found.setdefault(here, number)
        elif key is not None:
            found.setdefault((*here, *_parts(key[1])), number)
    return found


def _without_long_strings(text: str) -> str:
    """Their lines stay, emptied: what they hold is no key."""
    return _STRINGS.sub(lambda match: '""' + "\n" * match[0].count("\n"), text)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _opened(parts: tuple[str, ...], counts: dict[Path, int], *, is_array: bool) -> Path:
    """The path of a header: tables of an array are counted, parents mean their latest."""
    path: Path = ()
    for part in parts[:-1]:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, parts[-1])
    if not is_array:
        return (*path, counts[path]) if path in counts else path
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def line_of(path: Path, places: Mapping[Path, int]) -> int:
    """The line of a path, or of the nearest thing that holds it."""
    while path not in places:
        path = path[:-1]
    return places[path]
