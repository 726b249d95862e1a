"""What scripts find on a page: of the kind they ask for, or an error that names it (static/js/dom.js)."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser

FIND = """async ([selector, kind]) => {
  const { find } = await import("/static/js/dom.js");
  try { return find(document, selector, globalThis[kind]).id; } catch (error) { return error.message; }
}"""
ALL = """async ([selector, kind]) => {
  const { all } = await import("/static/js/dom.js");
  return all(document, selector, globalThis[kind]).map((element) => element.localName);
}"""
DATA = """async (name) => {
  const { dataOf } = await import("/static/js/dom.js");
  document.body.dataset.place = "lantai 2";
  try { return dataOf(document.body, name); } catch (error) { return error.message; }
}"""


async def test_a_script_finds_what_it_takes_an_element_for(open_page: Any) -> None:
    page = await open_page("/sign-in", 800, 600)
    assert await page.evaluate(FIND, ["main", "HTMLElement"]) == "content"
    assert await page.evaluate(FIND, ["#none", "HTMLElement"]) == "no HTMLElement matches #none"
    assert (
        await page.evaluate(FIND, ["main", "HTMLDialogElement"])
        == "no HTMLDialogElement matches main"
    )
    assert await page.evaluate(ALL, ["head title, main", "HTMLElement"]) == ["title", "main"]
    assert await page.evaluate(ALL, ["head title, main", "HTMLTitleElement"]) == ["title"]


async def test_a_script_reads_what_an_element_bears(open_page: Any) -> None:
    page = await open_page("/sign-in", 800, 600)
    assert await page.evaluate(DATA, "place") == "lantai 2"
    assert await page.evaluate(DATA, "none") == 'no data "none" on <body>'
