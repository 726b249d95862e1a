"""Bring the catalogues up to date with the texts in code and templates: `make messages`.

A text stands in one catalogue, `locale/<language>.po` of the lowest room that uses it; what is used outside
the rooms, or in rooms that do not know each other, in `mpp/locale/`. Translations are kept, also when a text
moves to another room; what nothing uses any more is dropped; what has no translation yet is left empty.
"""

import io
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from mpp.web.assets import FEATURES
from mpp.web.language import LOCALES

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "mpp"
SHARED = ""
"""The room of what stands outside the rooms."""
KEYWORDS = {**DEFAULT_KEYWORDS, "marked": None}
SOURCE, *LANGUAGES = LOCALES


@dataclass(frozen=True)
class Settings:
    """What pyproject.toml says: where texts are looked for, and which room stands on which."""

    method_map: list[tuple[str, str]]
    options_map: dict[str, dict[str, Any]]
    heights: dict[str, int]
    """Room → how high it stands; those of one height do not know each other."""


def settings(root: Path = ROOT) -> Settings:
    tool = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    mappings = tool["babel"]["mappings"]
    contracts = tool["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["containers"] == [PACKAGE])
    return Settings(
        method_map=[(each["pattern"], each["method"]) for each in mappings],
        options_map={each["pattern"]: each for each in mappings},
        heights={
            room: -at
            for at, layer in enumerate(layers)
            for room in layer.split(" | ")
            if room in FEATURES
        },
    )


def extracted(found: Settings, package: Path = ROOT / PACKAGE) -> Iterator[tuple[str, Message]]:
    """Every text in code and templates, once, with the room where its translation belongs."""
    texts, users = Catalog(), defaultdict(set)
    for file, _line, text, _comments, context in extract_from_dir(
        package, found.method_map, found.options_map, keywords=KEYWORDS
    ):
        room = Path(file).parts[0]
        message = texts.add(text, context=context)
        users[key(message)].add(room if room in found.heights else SHARED)
    for message in texts:
        if message.id:
            yield home(users[key(message)], found.heights), message


def key(message: Message) -> str:
    """The text, in the singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def home(users: set[str], heights: dict[str, int]) -> str:
    """The room that holds the translation of what these rooms use.

    >>> home({"survey", "dashboard"}, {"survey": 1, "dashboard": 2, "kiosk": 2})
    'survey'
    >>> home({"kiosk", "dashboard"}, {"survey": 1, "dashboard": 2, "kiosk": 2})
    ''
    """
    if SHARED in users:
        return SHARED
    least = min(heights[each] for each in users)
    lowest = [each for each in users if heights[each] == least]
    return lowest[0] if len(lowest) == 1 else SHARED


def path_in(package: Path, room: str, language: str) -> Path:
    return package / room / "locale" / f"{language}.po"


def translated(package: Path, language: str) -> dict[str, Message]:
    """What the catalogues of a language hold now, by text."""
    held = {}
    for room in (SHARED, *FEATURES):
        path = path_in(package, room, language)
        if path.exists():
            with path.open("rb") as file:
                for message in read_po(file, language):
                    if message.id and not message.fuzzy:
                        held[key(message)] = message
    return held


def catalogues(
    language: str, package: Path = ROOT / PACKAGE, found: Settings | None = None
) -> dict[Path, Catalog]:
    """Every catalogue of a language as it should be, by its path."""
    held = translated(package, language)
    rooms: dict[str, Catalog] = defaultdict(lambda: Catalog(language))
    for room, message in extracted(found or settings(), package):
        before = held.get(key(message))
        if before and before.pluralizable == message.pluralizable:
            rooms[room].add(message.id, before.string, user_comments=before.user_comments)
        else:
            rooms[room].add(message.id, message.string)
    return {path_in(package, room, language): each for room, each in rooms.items()}


def is_translated(message: Message) -> bool:
    """Whether it has a translation, in the plural too where it has one."""
    string = message.string or ""
    return bool(string) if isinstance(string, str) else all(string)


def written(catalogue: Catalog) -> str:
    """The catalogue sorted by its texts, with neither lines nor dates: it changes only where texts do."""
    body = io.BytesIO()
    write_po(body, catalogue, no_location=True, omit_header=True, sort_output=True)
    header = [
        "Content-Type: text/plain; charset=UTF-8",
        f"Language: {catalogue.locale}",
        f"Plural-Forms: {catalogue.plural_forms}",
    ]
    lines = "".join(f'"{each}\\n"\n' for each in header)
    return f'msgid ""\nmsgstr ""\n{lines}\n{body.getvalue().decode().strip()}\n'


def main() -> None:
    for language in LANGUAGES:
        wanted = catalogues(language)
        for room in (SHARED, *FEATURES):
            path = path_in(ROOT / PACKAGE, room, language)
            if path not in wanted:
                path.unlink(missing_ok=True)
        for path, catalogue in wanted.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(written(catalogue), encoding="utf-8")
            missing = sum(not is_translated(each) for each in catalogue if each.id)
            print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {missing} to translate")


if __name__ == "__main__":
    main()
