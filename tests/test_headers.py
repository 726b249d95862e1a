"""Headers of every answer: of every route, whoever asks, refusals and unknown addresses too."""

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar
from worlds import World, a_world

from tests.test_security import BODIES, MAY

ANYWHERE = [
    ("GET", "/api/v1/nothing"),
    ("GET", "/nothing"),
    ("PUT", "/api/v1/malls/mpp-uji/tickets"),
    ("OPTIONS", "/api/v1/malls/mpp-uji/tickets"),
    ("GET", "/static/nothing.css"),
    ("GET", "/static/css/base.css"),
]


@pytest.fixture
async def http(server: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server, timeout=30) as client:
        yield client


@pytest.fixture
async def world(app: Litestar, http: httpx.AsyncClient) -> World:
    return await a_world(app, http)


def lacks(answer: httpx.Response, path: str) -> list[str]:
    """What is wrong with an answer's headers."""
    said = answer.headers
    wrong = [] if said.get_list("x-content-type-options") == ["nosniff"] else ["nosniff"]
    kept = said.get_list("cache-control")
    # The catalogue may be kept by who asks each time whether it is still so.
    may_keep = "etag" in said and kept == ["no-cache"]
    if len(kept) != 1 or not (path.startswith("/static/") or kept == ["no-store"] or may_keep):
        wrong.append(f"cache-control {kept}")
    if said.get("content-type", "").startswith("text/html"):
        policy = said.get("content-security-policy", "")
        is_slip = path.startswith("/kiosk/slip/") and answer.is_success  # its own page prints it
        framed = "'self'" if is_slip else "'none'"
        rules = ("default-src 'self'", f"frame-ancestors {framed}", "object-src 'none'")
        wrong += [rule for rule in rules if rule not in policy]
        wrong += ["unsafe"] if "unsafe" in policy else []
    return wrong


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("who", ["nobody", "manager", "kiosk"])
async def test_every_answer_says_what_it_is_and_is_kept_by_nobody(
    world: World, http: httpx.AsyncClient, who: str, accept: str
) -> None:
    headers = world.headers(who) | {"Accept": accept}
    wrong, kinds = {}, set()
    asked = [(m, world.path(p), p) for m, p in MAY if m != "WS"] + [(m, p, p) for m, p in ANYWHERE]
    for method, path, template in asked:
        body = BODIES.get(template.rpartition("/")[2]) if method == "POST" else None
        answer = await http.request(method, path, headers=headers, json=body)
        kinds.add(answer.headers.get("content-type", "").partition(";")[0])
        if faults := lacks(answer, path):
            wrong[f"{method} {template} {answer.status_code}"] = faults
    assert wrong == {}
    if who == "manager":
        assert {"application/pdf", "text/csv", "application/json", "text/html"} <= kinds
