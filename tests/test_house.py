"""The limits of the house, each a test that bites from the first commit."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FETCHED = "mpp/static/vendor/"
CODE = {".py", ".js", ".css", ".html", ".sh"}
LONGEST = 320  # "about 300"
LONGER_WITH_REASON: dict[str, str] = {
    "mpp/static/css/layout.css": "the frame of pages and of screens",
    "mpp/static/css/ui.css": "the components' own list stands at its head",
    "tests/display/test_browser.py": "one world, set up once",
}
"""Path → why it is one file all the same."""
UNCHANGING = (
    "mpp/migrations/versions/"  # each is one list of statements, never edited once released
)

TEXT = {
    *CODE,
    ".md",
    ".toml",
    ".json",
    ".lock",
    ".po",
    ".mako",
    ".svg",
    ".txt",
    ".yml",
    ".yaml",
    ".ini",
    "",
}

# Written in pieces, so that this file does not hold what it forbids.
FOREIGN = re.compile(
    r"(?<![\w.-])/(?:wo" r"rk|tm" r"p/mpp|ro" r"ot)/"
    r"|registry\.np" r"mjs|(?:files\.python" r"hosted|py" r"pi)\.org|deb\.deb" r"ian\.org",
)  # fmt: skip

INLINE = {
    "script": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", re.IGNORECASE),
    "style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(
        r"\s(?:on[a-z]+|hx-on[:\w.-]*)\s*=\s*[\"'{]|javascript:", re.IGNORECASE
    ),
    "foreign address": re.compile(r"\b(?:src|href|action)=\"(?:https?:)?//", re.IGNORECASE),
}


def own_files() -> list[str]:
    """Every file that is or would be committed; in an unpacked archive, all but what set-up makes."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    made = {
        ".venv",
        "node_modules",
        "dist",
        "var",
        ".mypy_cache",
        ".ruff_cache",
        ".import_linter_cache",
    }
    if listed.returncode == 0:
        names = listed.stdout.splitlines()
    else:
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
    return sorted(
        name
        for name in names
        if not made & set(Path(name).parts)
        and not name.startswith(FETCHED)
        and (ROOT / name).is_file()
    )


OWN = own_files()
TEMPLATES = [name for name in OWN if name.startswith("mpp/") and name.endswith((".html", ".svg"))]


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def hits(pattern: re.Pattern[str], names: list[str]) -> Iterator[str]:
    """`path:line: text` for every match; tags that span lines are found where they begin."""
    for name in names:
        text = (ROOT / name).read_text(encoding="utf-8")
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {match.group()}"


def test_no_file_is_longer_than_it_may_be() -> None:
    code = [name for name in OWN if Path(name).suffix in CODE and not name.startswith(UNCHANGING)]
    longer = {name: len(lines(name)) for name in code if len(lines(name)) > LONGEST}
    assert longer.keys() == LONGER_WITH_REASON.keys(), longer


def test_imports_go_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("what", INLINE)
def test_templates_hold_nothing_inline_or_foreign(what: str) -> None:
    assert list(hits(INLINE[what], TEMPLATES)) == []


def test_the_patterns_find_what_they_forbid() -> None:
    planted = {
        "script": "<script>alert(1)</script>",
        "style": '<p style="color: red">',
        "event handler": "<button onclick='go()'>",
        "foreign address": '<img src="https://example.org/logo.png">',
    }
    assert {what for what, text in planted.items() if INLINE[what].search(text)} == set(INLINE)


def test_nothing_names_one_machine_or_its_registry() -> None:
    text = [name for name in OWN if Path(name).suffix in TEXT]
    assert list(hits(FOREIGN, text)) == []


def test_packages_begin_with_one_docstring_and_nothing_else() -> None:
    wordy = []
    for name in OWN:
        if re.fullmatch(r"mpp/(?:.*/)?__init__\.py", name):
            body = ast.parse((ROOT / name).read_text(encoding="utf-8")).body
            if (
                len(body) != 1
                or not isinstance(body[0], ast.Expr)
                or not ast.get_docstring(ast.Module(body, []))
            ):
                wordy.append(name)
    assert wordy == []


def test_tests_are_no_packages() -> None:
    assert [name for name in OWN if re.fullmatch(r"tests/(?:.*/)?__init__\.py", name)] == []


def test_locks_name_no_download_address() -> None:
    address = re.compile(r"\"resolved\"|--(?:extra-)?index-url|--find-links|@ (?:https?|file):")
    assert list(hits(address, ["requirements.lock", "package-lock.json"])) == []


def test_templates_and_styles_look_down_only() -> None:
    """What a room's pages are put together from lies in the room itself, below it, or is shared."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(each for each in contracts["contracts"] if each["containers"] == ["mpp"])
    height = {room: -at for at, layer in enumerate(layers["layers"]) for room in layer.split(" | ")}
    named = re.compile(r"\"(\w+)/[\w.-]+\.(?:html|css|js)\"")
    above = [
        f"{name}: {there}"
        for name in TEMPLATES
        if (room := Path(name).parts[1]) in height
        for there in named.findall((ROOT / name).read_text(encoding="utf-8"))
        if there in height and there != room and height[there] >= height[room]
    ]
    assert above == []


def test_no_private_name_crosses_a_module() -> None:
    crossing = []
    for name in OWN:
        if name.startswith("mpp/") and name.endswith(".py"):
            tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
            crossing += [
                f"{name}:{node.lineno}: {each.name}"
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mpp")
                for each in node.names
                if each.name.startswith("_")
            ]
    assert crossing == []
