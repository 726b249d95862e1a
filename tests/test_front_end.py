"""Styles and pages agree: no rule without a page, no class without a rule, every length by its token."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "mpp"
TOKENS = ROOT / "static/css/tokens.css"
CLASS = re.compile(r"\.(-?[a-z_][\w-]*)")
ATTRIBUTE = re.compile(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LITERAL = re.compile(r"(?<![\w.-])-?\d*\.?\d+(?:rem|px)\b")
WIDTH = re.compile(r"\((?:min|max)-width: ([^)]+)\)")
HOOKS = {"desk-lists", "phone-private"}
"""Classes by which only the tests find a part of a page."""


def own(suffix: str) -> Iterator[tuple[Path, str]]:
    for path in sorted(ROOT.rglob(f"*{suffix}")):
        if "vendor" not in path.parts:
            yield path, path.read_text(encoding="utf-8")


def styles() -> Iterator[tuple[Path, str]]:
    for path, text in own(".css"):
        yield path, re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def styled() -> dict[str, Path]:
    return {
        name: path.relative_to(ROOT)
        for path, text in styles()
        for chosen in re.findall(r"([^{}]+)\{", text)
        if not chosen.strip().startswith("@")
        for name in CLASS.findall(chosen)
    }


def worn() -> tuple[dict[str, Path], set[str], set[str]]:
    """Classes that stand in templates; what computed ones begin with; words that expressions may put in."""
    whole: dict[str, Path] = {}
    begun, words = set(), set()
    for path, text in own(".html"):
        for value in ATTRIBUTE.findall(text):
            for token in EXPRESSION.sub("\0", value).split():
                literal = token.split("\0")[0]
                if "\0" in token and literal.endswith(("-", "__")):
                    begun.add(literal)
                elif literal:
                    whole[literal] = path.relative_to(ROOT)
            for said in EXPRESSION.findall(value):
                for quoted in re.findall(r'"([^"]*)"', said):
                    words.update(quoted.split())
        words.update(
            re.findall(r"[\w]+-[\w-]+", text)
        )  # a name with a hyphen is nothing but a class
        begun.update(re.findall(r"([\w-]+(?:--|__))(?:\{\{|[\"'] ~)", text))
    return whole, begun, words


def scripts() -> set[str]:
    return {word for _, text in own(".js") for word in re.findall(r"[\w-]+", text)}


def test_every_styled_class_is_on_some_page() -> None:
    rules, (whole, begun, words), scripted = styled(), worn(), scripts()
    begun |= {each for _, text in own(".js") for each in re.findall(r"([\w-]+--)\$\{", text)}
    assert len(rules) > 250
    assert {
        f"{path}: .{name}"
        for name, path in rules.items()
        if name not in whole and name not in words | scripted and not name.startswith(tuple(begun))
    } == set()


def test_every_class_on_a_page_has_a_rule_or_a_script() -> None:
    rules, (whole, _, _), scripted = styled(), worn(), scripts()
    assert len(whole) > 200
    assert {
        f"{path}: {name}"
        for name, path in whole.items()
        if name not in rules and name not in scripted | HOOKS
    } == set()


def test_pages_change_their_shape_at_three_widths() -> None:
    widths = {width for _, text in styles() for width in WIDTH.findall(text)}
    assert widths == {"30rem", "40rem", "60rem"}


def test_lengths_go_through_tokens() -> None:
    """Custom properties give lengths their names; a rule that needs one asks for it by its name."""
    literal = set()
    for path, text in styles():
        if path == TOKENS:
            continue
        rules = re.sub(r"@(?:media|container|page)[^{]*\{", "{", text)
        for name, value in re.findall(r"(?<![\w-])([\w-]+):([^;{}]+);", rules):
            if not name.startswith("--") and LITERAL.search(value):
                literal.add(f"{path.relative_to(ROOT)}: {name}:{value}")
    assert literal == set()


def test_every_token_is_asked_for() -> None:
    asked = {name for _, text in styles() for name in re.findall(r"var\((--[\w-]+)", text)}
    named = set(re.findall(r"(?<![\w-])(--[\w-]+):", TOKENS.read_text(encoding="utf-8")))
    assert named - asked == set()


def test_template_lines_can_be_read() -> None:
    """At most 120 characters, but for a sentence: translators get it whole."""
    long = {
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in own(".html")
        for number, line in enumerate(text.splitlines(), 1)
        if len(re.sub(r'_\("[^"]*"', "_", line)) > 120
    }
    assert long == set()
