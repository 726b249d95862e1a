"""Read a mall's file: everything that is wrong with it is named with its line."""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import msgspec

from mpp.counters.rules.file import (
    AgencyPart,
    CounterPart,
    HolidayPart,
    MallFile,
    MallPart,
    OfficerPart,
    Path,
    PeriodPart,
    ServicePart,
    contradictions,
)
from mpp.counters.rules.places import line_of, lines
from mpp.counters.rules.wording import MEANT, SHAPES, TIMES, to_write
from mpp.errors import Invalid

_TOML_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CONVERT_AT = re.compile(r" - at `(?:key in )?(.*?)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[\.\.\.\]")
_MISSING = re.compile(r"missing required field `(.+?)`")
_UNSEEN = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Marks of direction and what has no width: two names with and without them look the same."""
MOST_FAULTS = 200
SHOWN = 60
"""So many letters of a wrong value are shown."""
_UNKNOWN = re.compile(r"unknown field `(.+?)`")


class Read(NamedTuple):
    """A file's content, checked. `hints`: what was read otherwise than it is written."""

    file: MallFile
    hints: list[str]


def read_mall(text: str, name: str) -> MallFile:
    """The file's content, checked and normalised. `Invalid` lists every fault as `name:line: what`.

    Only a fault of TOML's own syntax hides those behind it.
    """
    return read_with_hints(text, name).file


def read_with_hints(text: str, name: str) -> Read:
    """As `read_mall`, with what the writer should know although the file is good."""
    text = text.removeprefix("\ufeff")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _TOML_AT.search(str(error))
        number = int(at[1]) if at and at[1] else max(1, len(text.splitlines()))
        raise _faults([(number, f"TOML: {_TOML_AT.sub('', str(error))}")], name) from error
    places = lines(text)
    document = normal(document)
    hints = _time_by_name(document)
    file, faults = _converted(document)
    found = [(line_of(path, places), said) for path, said in faults]
    if file is not None:
        mended = {path for path, _ in faults}
        found += [
            (line_of(path, places), said)
            for path, said in contradictions(file)
            if path not in mended and not (_names(mended) and path[0] not in _APART)
        ]
    if found or file is None:
        raise _faults(sorted(found), name)
    return Read(file, hints)


_APART = ("mall", "period", "holiday")
"""What refers to nothing else in the file."""


def _names(paths: Iterable[Path]) -> bool:
    """Whether one of them is what others refer to: then nobody can say what they refer to."""
    return any(set(path) & {"slug", "label", "service", "services", "username"} for path in paths)


def normal(value: Any) -> Any:
    """The document with its texts composed (NFC), trimmed and on one line, without marks of direction.

    >>> normal({"label": " 1\\u200e"}), normal(["Dinas\\n Kesehatan"])
    ({'label': '1'}, ['Dinas Kesehatan'])
    """
    if isinstance(value, str):
        return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", value)).split())
    if isinstance(value, list):
        return [normal(each) for each in value]
    if isinstance(value, dict):
        return {key: normal(each) for key, each in value.items()}
    return value


def _time_by_name(document: dict[str, Any]) -> list[str]:
    """WIB, WITA and WIT become zones of the database, and the writer is told."""
    mall = document.get("mall")
    given = mall.get("time_zone") if isinstance(mall, dict) else None
    meant = TIMES.get(given.casefold()) if isinstance(given, str) else None
    if not isinstance(mall, dict) or meant is None:
        return []
    mall["time_zone"] = meant
    return [f'time_zone = "{given}" dibaca sebagai "{meant}"; tulislah time_zone = "{meant}".']


def _converted(document: dict[str, Any]) -> tuple[MallFile | None, list[tuple[Path, str]]]:
    """The file and every fault of a field: each is mended with an example to find the next."""
    faults: list[tuple[Path, str]] = []
    while len(faults) < MOST_FAULTS:
        try:
            return msgspec.convert(document, MallFile), faults
        except msgspec.ValidationError as error:
            path, said = _place(str(error), document)
            if any(path == earlier for earlier, _ in faults):
                break
            faults.append((path, said))
            if not _mend(document, path, str(error)):
                break
    return None, faults


def _mend(document: dict[str, Any], path: Path, said: str) -> bool:
    """Put an example where the fault is, so that reading goes on. False: it cannot be."""
    if not path:
        return False
    here: Any = document
    for step in path[:-1]:
        here = here[step]
    if _UNKNOWN.search(said):
        value = here.pop(path[-1])
        meant = _meant(path)
        if meant is not None:
            here.setdefault(meant, value)
        return True
    stands_in = _stand_in(path)
    if stands_in is not None:
        here[path[-1]] = stands_in
    return stands_in is not None


def _stand_in(path: Path) -> Any:
    """What is right at a path; None when nothing can stand there alone."""
    key = _key(path)
    if path == ("mall",):
        return {}
    if "hours" in path:
        return {} if key == "hours" and path[0] != "holiday" else []
    if isinstance(path[-1], int):
        return _ITEMS.get(key)
    if key in ("date", "from", "to"):
        return date.fromisoformat(MEANT[key][1])
    if key in MEANT and key not in _TABLES:
        return MEANT[key][1]
    return [] if key in _ITEMS or key in _TABLES else None


def _meant(path: Path) -> str | None:
    """The known key that an unknown one is nearly."""
    part = _PARTS.get(_key(path[:-1]))
    known = part.__struct_encode_fields__ if part else ()
    return next(iter(difflib.get_close_matches(str(path[-1]), known, n=1)), None)


_TABLES = ("agency", "counter", "officer", "period", "holiday", "zone")
_PARTS: dict[str, type[msgspec.Struct]] = {
    "": MallFile,
    "mall": MallPart,
    "agency": AgencyPart,
    "service": ServicePart,
    "counter": CounterPart,
    "officer": OfficerPart,
    "period": PeriodPart,
    "holiday": HolidayPart,
}
_ITEMS: dict[str, Any] = {
    "requirements": {"id": "-"},
    "services": {"service": "x"},
    "keywords": "-",
    "counters": "-",
}
"""What may stand for one thing in a list, so that reading goes on."""


def _key(path: Path) -> str:
    """The last name of a path."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _faults(found: list[tuple[int, str]], name: str) -> Invalid:
    return Invalid(
        "\n".join(f"{name}:{number}: {said}" for number, said in found), lines=[n for n, _ in found]
    )


def _place(said: str, document: dict[str, Any]) -> tuple[Path, str]:
    """Place and wording of what msgspec refused: `Expected … - at `$.agency[3].service[0].prefix``."""
    at = _CONVERT_AT.search(said)
    what = _CONVERT_AT.sub("", said)
    path = _steps(at[1] if at else "$", document, said)
    unknown = _UNKNOWN.search(what)
    if unknown is not None:
        meant = _meant((*path, unknown[1]))
        hint = f"; maksudnya {meant}?" if meant else ""
        return (*path, unknown[1]), f"kunci tidak dikenal: {unknown[1]}{hint}"
    missing = _MISSING.search(what)
    if missing is not None:
        where, key = _where(path), missing[1]
        held = to_write(key, holds_others=not path or key == "hours")
        return (*path, key), f"{where}: kunci {key} wajib ada" + (f"; {held}" if held else "")
    return path, f"{_where(path)}: {_refused(path, what, document)}"


def _where(path: Path) -> str:
    return ".".join(step for step in path if isinstance(step, str)) or "berkas"


def _refused(path: Path, what: str, document: dict[str, Any]) -> str:
    """What stands there, and what to write instead."""
    value: Any = document
    for step in path:
        value = value[step]
    key = _key(path)
    in_week = len(path) > 1 and path[-2] == "hours"
    key = "hours" if in_week else key
    wants_table = "`object" in what or ("`array" in what and key in SHAPES)
    if isinstance(value, str) and not value:
        shown = "tidak boleh kosong"
    elif isinstance(value, dict | list):
        shown = "bentuknya lain"
    else:
        shown = f"{_short(value)} tidak dapat dipakai"
    if in_week:
        return f'{shown}; tulis jam dalam daftar, misalnya {path[-1]} = ["08:00-15:30"]'
    held = to_write(key, holds_others=wants_table)
    return f"{shown}; {held}" if held else shown


def _short(value: Any) -> str:
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"


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
