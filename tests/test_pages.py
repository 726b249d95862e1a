"""Each page and its template agree: what it reads is what the page has, no more and no less."""

from collections.abc import Iterator
from dataclasses import fields

import pytest
from jinja2 import Environment, meta, nodes

import mpp.app  # noqa: F401 - so that every page there is is known
from mpp.web.language import LOCALES
from mpp.web.pages import Page, environment


def pages(root: type[Page] = Page) -> Iterator[type[Page]]:
    for page in root.__subclasses__():
        if page.__module__.startswith("mpp."):
            if "template" in vars(page):
                yield page
            yield from pages(page)


PAGES = sorted(set(pages()), key=lambda page: page.__qualname__)


def reads(env: Environment, name: str) -> set[str]:
    """The variables that a template, and what it extends or includes, takes from outside."""
    assert env.loader is not None
    source, _, _ = env.loader.get_source(env, name)
    tree = env.parse(source)
    found = meta.find_undeclared_variables(tree)
    for each in tree.find_all((nodes.Extends, nodes.Include)):
        assert isinstance(each, nodes.Extends | nodes.Include)
        assert isinstance(each.template, nodes.Const), f"{name} computes the name of a template"
        found |= reads(env, each.template.value)
    return found - defined(tree)


def defined(tree: nodes.Template) -> set[str]:
    """What it defines at the top and reads in its blocks, which Jinja looks through by themselves."""
    names = {each.target for each in tree.find_all(nodes.Import)}
    names |= {each.name for each in tree.find_all(nodes.Macro)}
    for setting in tree.find_all((nodes.Assign, nodes.AssignBlock)):
        names |= {each.name for each in setting.find_all(nodes.Name) if each.ctx == "store"}
    return names


def test_there_are_pages() -> None:
    assert len(PAGES) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__qualname__)
def test_a_template_reads_its_pages_fields_and_nothing_else(page: type[Page]) -> None:
    env = environment(LOCALES[0])
    read = reads(env, page.template) - env.globals.keys() - {"frame"}
    assert read == {field.name for field in fields(page)}
