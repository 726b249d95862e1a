"""The API's viewer runs under a policy that names what stands in its page."""

from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser


async def test_the_viewer_draws_the_document_and_nothing_is_refused(open_page: Any) -> None:
    page = await open_page("/health/live", 1366, 900)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    await page.goto("/api/docs")
    await expect(page.locator("#swagger-container")).to_contain_text("IssueTicket")
    assert refused == []
