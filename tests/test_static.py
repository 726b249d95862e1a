"""Static files: kept for ever when their address bears their hash, else only checked again."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from factories import TestClock
from litestar import Litestar
from litestar.testing import AsyncTestClient

from mpp.app import create_app
from mpp.config import Settings
from mpp.errors import Unavailable
from mpp.security import DEVICE_COOKIE
from mpp.web.assets import asset


@pytest.fixture
async def http(server: str):
    async with httpx.AsyncClient(base_url=server) as client:
        yield client


async def test_an_address_with_a_hash_is_kept_for_ever(http: httpx.AsyncClient) -> None:
    answer = await http.get(asset("css/base.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_what_a_browser_has_already_is_not_sent_again(
    http: httpx.AsyncClient, coding: str
) -> None:
    """Modules import each other by plain addresses: asked for on every visit, sent once."""
    headers = {"Accept-Encoding": coding}
    first = await http.get("/static/css/base.css", headers=headers)
    assert first.headers["cache-control"] == "no-cache"
    assert len(first.content) > 1000
    again = await http.get(
        "/static/css/base.css", headers={**headers, "If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    changed = await http.get(
        "/static/css/base.css", headers={**headers, "If-None-Match": '"of yesterday"'}
    )
    assert changed.content == first.content


@pytest.mark.parametrize(
    "path", ["", "%00", "a%00b", "x" * 5000, "../mpp/app.py", "%2e%2e/%2e%2e/pyproject.toml"]
)
async def test_what_is_no_file_is_not_found(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(f"/static/{path}")
    assert answer.status_code == 404


async def test_a_screen_gets_its_scripts_while_the_database_is_away(
    app: Litestar, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the page that waits for the database would come without what makes it wait."""

    async def away(*_: object, **__: object) -> None:
        raise Unavailable("tidak menjawab")

    monkeypatch.setattr(app.state.db, "read", away)
    signed_in = {"Cookie": f"{DEVICE_COOKIE}=a-token-that-must-be-looked-up"}
    paths = ("/static/kiosk/retrying-navigation.js", "/health/live", "/health/ready", "/display")
    found = {path: (await http.get(path, headers=signed_in)).status_code for path in paths}
    assert found == dict(zip(paths, (200, 200, 503, 503), strict=True))


@pytest.mark.parametrize(
    ("asked", "settings_of", "answered"),
    [
        ("gzip, br", {}, "gzip"),
        ("identity", {}, None),
        ("gzip", {"trusted_proxies": 1}, None),  # the proxy in front squeezes as it is set up to
        ("gzip", {"secure_cookies": True}, None),  # inside TLS, sizes would tell of what pages hold
    ],
)
async def test_pages_travel_squeezed_where_nobody_in_front_does_it(
    asked: str, settings_of: dict[str, Any], answered: str | None, settings: Settings
) -> None:
    app = create_app(replace(settings, **settings_of), clock=TestClock())
    async with AsyncTestClient(app) as client:
        answer = await client.get("/sign-in", headers={"accept-encoding": asked})
        page = await client.get("/sign-in", headers={"accept-encoding": "identity"})
    assert answer.headers.get("content-encoding") == answered
    assert answer.text == page.text
    if answered:
        assert "Accept-Encoding" in answer.headers["vary"]
        assert int(answer.headers["content-length"]) < len(page.content) / 2
