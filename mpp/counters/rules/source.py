"""Read a mall's file: everything that is wrong with it is named with its line."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from mpp.counters.rules.file import MallFile, Path, contradictions
from mpp.errors import Invalid

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+))*)\s*=")
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+")
_STRINGS = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''", re.DOTALL)
_TOML_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CONVERT_AT = re.compile(r" - at `(?:key in )?(.*?)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[\.\.\.\]")
_UNKNOWN = re.compile(r"unknown field `(.+?)`")


def read_mall(text: str, name: str) -> MallFile:
    """The file's content, checked. `Invalid` lists every fault as `name:line: what`.

    A fault of the syntax or of a field's type hides those behind it; contradictions are all listed.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _TOML_AT.search(str(error))
        number = int(at[1]) if at and at[1] else max(1, len(text.splitlines()))
        raise _faults([(number, f"TOML: {_TOML_AT.sub('', str(error))}")], name) from error
    places = lines(text)
    try:
        file = msgspec.convert(document, MallFile)
    except msgspec.ValidationError as error:
        number, said = _place(str(error), document, places)
        raise _faults([(number, said)], name) from error
    found = [(line_of(path, places), said) for path, said in contradictions(file)]
    if found:
        raise _faults(sorted(found), name)
    return file


def _faults(found: list[tuple[int, str]], name: str) -> Invalid:
    return Invalid(
        "\n".join(f"{name}:{number}: {said}" for number, said in found), lines=[n for n, _ in found]
    )


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


def _place(said: str, document: dict[str, Any], places: Mapping[Path, int]) -> tuple[int, str]:
    """Line and wording of what msgspec refused: `Expected … - at `$.agency[3].service[0].prefix``."""
    at = _CONVERT_AT.search(said)
    what = _CONVERT_AT.sub("", said)
    path = _steps(at[1] if at else "$", document, said)
    unknown = _UNKNOWN.search(what)
    if unknown is not None:
        return line_of((*path, unknown[1]), places), f"kunci tidak dikenal: {unknown[1]}"
    where = ".".join(str(step) for step in path if isinstance(step, str))
    return line_of(path, places), f"{where or 'berkas'}: {_in_indonesian(what)}"


def _steps(shown: str, document: dict[str, Any], said: str) -> Path:
    """The steps of msgspec's path; its `[...]` stands for a key that has to be found."""
    path: Path = ()
    here: Any = document
    for step in _STEP.finditer(shown):
        key: str | int | None = int(step[2]) if step[2] is not None else step[1]
        if key is None:
            key = _culprit(here, document, said)
        if key is None:
            break
        here = here.get(key) if isinstance(here, dict) else here[int(key)]
        path = (*path, key)
    return path


def _culprit(table: dict[str, Any], document: dict[str, Any], said: str) -> str | None:
    """The key without which msgspec would not have said this."""
    for key in list(table):
        value = table.pop(key)
        try:
            msgspec.convert(document, MallFile)
        except msgspec.ValidationError as error:
            is_guilty = str(error) != said
        else:
            is_guilty = True
        table[key] = value
        if is_guilty:
            return key
    return None


_WORDS = (
    (r"^Object missing required field `(.+)`$", r"kunci \1 wajib ada"),
    (r"^Expected `(.+)`, got `(.+)`$", r"seharusnya \1, bukan \2"),
    (r"^Expected `(.+?)`", r"seharusnya \1"),
    (r"^Invalid .*$", "nilai tidak sah"),
    (r" matching regex ", " berpola "),
    (r" of length ", " dengan panjang "),
    (r"\bstr\b", "teks"),
    (r"\bint\b", "bilangan bulat"),
    (r"\bfloat\b", "bilangan"),
    (r"\bbool\b", "true atau false"),
    (r"\barray\b", "daftar"),
    (r"\bobject\b", "tabel"),
    (r"\bdate\b", "tanggal"),
)


def _in_indonesian(said: str) -> str:
    for english, indonesian in _WORDS:
        said = re.sub(english, indonesian, said)
    return said
