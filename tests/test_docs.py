"""The documents say what the code does."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar

from mpp.errors import MppError
from mpp.queue.rules import life

DOCS = Path(__file__).parents[1] / "docs"


def test_the_picture_of_a_tickets_life_is_drawn_from_the_table() -> None:
    page = (DOCS / "architecture.md").read_text()
    shown = page.split("<!-- life -->")[1].split("<!-- /life -->")[0]
    assert shown.strip() == f"```mermaid\n{life.diagram()}\n```"


def all_problems(kind: type[MppError] = MppError) -> Iterator[type[MppError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from all_problems(each)


@pytest.mark.parametrize("kind", sorted(set(all_problems()), key=str))
def test_every_problem_type_is_documented(kind: type[MppError]) -> None:
    row = f"| `/problems/{kind.slug}` | {kind.status} |"
    assert row in (DOCS / "api.md").read_text().splitlines()


def test_every_route_of_the_api_is_documented(app: Litestar) -> None:
    page = (DOCS / "api.md").read_text()
    paths = {path for path in app.openapi_schema.to_schema()["paths"] if path.startswith("/api/v1")}
    words = {re.sub(r"\{\w+\}", "", path).removeprefix("/api/v1").split("/")[-1] for path in paths}
    assert [word for word in sorted(words) if word and word not in page] == []


def test_every_decision_is_listed() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text()
    pages = sorted(path.name for path in (DOCS / "decisions").glob("0*.md"))
    assert [name for name in pages if f"({name})" not in listed] == []


PAGES = sorted([*DOCS.rglob("*.md"), *(DOCS.parent / n for n in ("README.md", "CONTRIBUTING.md"))])
NAMED = re.compile(r"(?<![\w/])((?:mpp|tests|benchmarks|setup|docs)/[\w./-]*\w/?)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {path for path in NAMED.findall(text) if not path.startswith("mpp/static/vendor")}
    assert [path for path in sorted(named) if not (DOCS.parent / path).exists()] == []
