"""Which pages a browser may be sent from: ours, by the scheme that people come by."""

import pytest
from litestar.testing import RequestFactory

from mpp.errors import Forbidden
from mpp.security import Principal, Security, WaysIn

HTTP, HTTPS = "http://mall.example", "https://mall.example"
PLAIN = WaysIn()
BEHIND = WaysIn(believes_proxies=True)
SECURE = WaysIn(is_https=True)
NAMED = WaysIn(public_url="https://mall.example/antrean")


async def nobody(_hashed: str) -> Principal | None:
    return None


def is_ours(ways_in: WaysIn, origin: str, **headers: str) -> bool:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RequestFactory().post("/", headers={"Host": "mall.example", "Origin": origin} | given)
    try:
        Security("key", nobody, ways_in).refuse_foreign_origin(request)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize(
    ("ways_in", "headers", "ours", "foreign"),
    [
        (PLAIN, {}, {HTTP}, {HTTPS}),
        (PLAIN, {"X_Forwarded_Proto": "https"}, {HTTP}, {HTTPS}),  # nobody who is trusted says so
        (BEHIND, {"X_Forwarded_Proto": "https"}, {HTTPS}, {HTTP}),
        (BEHIND, {"X_Forwarded_Proto": "http, HTTPS"}, {HTTPS}, {HTTP}),
        (BEHIND, {}, {HTTP}, {HTTPS}),
        (SECURE, {}, {HTTPS}, {HTTP}),
        (NAMED, {}, {HTTPS, HTTP}, set()),  # people in the hall come by its own network
        (NAMED, {"Host": "10.0.0.5:8000"}, {HTTPS, "http://10.0.0.5:8000"}, {HTTP}),
    ],
)
def test_the_same_host_by_another_scheme_is_another_site(
    ways_in: WaysIn, headers: dict[str, str], ours: set[str], foreign: set[str]
) -> None:
    nonsense = {"null", "", "mall.example", "://mall.example", "ftp://mall.example", HTTP + ".x"}
    assert {each for each in ours | foreign | nonsense if is_ours(ways_in, each, **headers)} == ours
