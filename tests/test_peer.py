"""Who a request comes from, behind proxies that are trusted to say so."""

import pytest
from litestar.testing import RequestFactory

from mpp.web.request_params import peer

LINE = "X-Forwarded-For"


def seen(trusted: int, *lines: str) -> str:
    request = RequestFactory().get("/")
    kept = [each for each in request.scope["headers"] if each[0] != LINE.lower().encode()]
    request.scope["headers"] = [*kept, *((LINE.lower().encode(), each.encode()) for each in lines)]
    return peer(request, trusted)


@pytest.mark.parametrize(
    ("trusted", "lines", "said"),
    [
        (1, ["203.0.113.9"], "203.0.113.9"),
        (1, ["10.9.9.9, 203.0.113.9"], "203.0.113.9"),
        (1, ["10.9.9.9", "203.0.113.9"], "203.0.113.9"),  # the proxy adds a line of its own
        (1, ["10.9.9.9", "10.8.8.8", "203.0.113.9"], "203.0.113.9"),
        (2, ["10.9.9.9", "203.0.113.9, 198.51.100.7"], "203.0.113.9"),
        (2, ["203.0.113.9", "198.51.100.7"], "203.0.113.9"),
    ],
)
def test_what_the_client_says_of_itself_counts_for_nothing(
    trusted: int, lines: list[str], said: str
) -> None:
    assert seen(trusted, *lines) == said


def test_without_a_trusted_proxy_no_line_counts() -> None:
    assert seen(0, "203.0.113.9") == seen(0) == seen(1) == seen(2, "203.0.113.9")
