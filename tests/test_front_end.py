"""Styles and pages agree: no rule for what no page has."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "mpp"
USERS = {".html", ".py", ".js"}
CLASS = re.compile(r"\.(-?[a-z_][\w-]*)")
COMPUTED = re.compile(r"([\w-]+(?:--|__|-))(?:\{\{|\$\{|\{|[\"'] ~)")
"""`button--{{ action }}`: a class whose end a template or a script puts in."""


def own(suffixes: set[str]) -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        if path.suffix in suffixes and "vendor" not in path.parts:
            yield path


def selectors(path: Path) -> Iterator[str]:
    bare = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for chosen in re.findall(r"([^{}]+)\{", bare):
        if not chosen.strip().startswith("@"):
            yield chosen


def test_every_styled_class_is_on_some_page() -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in own(USERS))
    words, begun = set(re.findall(r"[\w-]+", pages)), tuple(set(COMPUTED.findall(pages)))
    styled = {
        name: path.relative_to(ROOT)
        for path in own({".css"})
        for chosen in selectors(path)
        for name in CLASS.findall(chosen)
    }
    assert len(styled) > 500
    assert {
        f"{path}: .{name}"
        for name, path in styled.items()
        if name not in words and not name.startswith(begun)
    } == set()
