"""Whatever is asked for: a refusal in problem+json that names the culprit, no fault, nothing stored."""

from itertools import product
from typing import Any
from urllib.parse import quote

from tests.resilience.sweep import NO_ID, NO_SLUG, NO_TOKEN, Sweep
from tests.resilience.wire import Wire


async def test_what_is_no_id_is_not_found(sweep: Sweep) -> None:
    for text in NO_ID:
        wrong = quote(text, safe="")
        for act in ("open", "close", "call-next", "pause"):
            path = f"/api/v1/counters/{wrong}/{act}"
            await sweep.refused(
                "POST", path, {404}, None, json={"reason": "r"} if act == "pause" else None
            )
        for method, path in (
            ("GET", f"/api/v1/tickets/{wrong}"),
            ("GET", f"/api/v1/tickets/{wrong}/events"),
            ("POST", f"/api/v1/tickets/{wrong}/start"),
        ):
            await sweep.refused(method, path, {404})
    sweep.who = "counter"  # a counter's device learns nothing about others
    for text in NO_ID[:8]:
        await sweep.refused("POST", f"/api/v1/counters/{quote(text, safe='')}/open", {404, 403})


async def test_what_names_nothing_is_not_found(sweep: Sweep) -> None:
    world = sweep.world
    for text in NO_TOKEN:
        for method, end in (("GET", ""), ("POST", "/cancel")):
            path = f"/api/v1/visits/{quote(text, safe='')}{end}"
            await sweep.refused(method, path, {404, 405})
    for text in NO_SLUG:
        slug = quote(text, safe="")
        for path in ("", "/board", "/metrics", "/metrics.csv"):
            await sweep.refused("GET", f"/api/v1/malls/{slug}{path}", {404}, "mall")
        wish = {"service": "ktp-el"}
        await sweep.refused("POST", f"/api/v1/malls/{slug}/tickets", {404}, "mall", json=wish)
    for action in ("explode", "close_day", "issue", "START", "start ", "%00", "a" * 5000):
        path = f"/api/v1/tickets/{world.ticket_id}/{quote(action)}"
        await sweep.refused("POST", path, {404}, "action")
    for path in (
        "/api/v1",
        "/api/v1/nothing",
        "/api/v1/malls/",
        "/api/v2/malls/mpp-uji",
        "/api/v1/\0",
    ):
        await sweep.refused("GET", quote(path), {404, 405})


async def test_keys_and_headers_that_cannot_be_are_refused(sweep: Sweep, wire: Wire) -> None:
    sweep.who = "kiosk"
    path = "/api/v1/malls/mpp-uji/tickets"
    wish: dict[str, Any] = {"json": {"service": "ktp-el"}}
    for key in (b"", b"k" * 201, b"k" * 20_000, b"\xfc", b"a\tb"):
        headers = [(b"Idempotency-Key", key)]
        await sweep.refused("POST", path, {422}, "Idempotency-Key", headers=headers, **wish)
    for sweep.who in ("manager", "kiosk"):  # without one, a lost reply would make two numbers
        await sweep.refused("POST", path, {400}, "Idempotency-Key", **wish)
    two = [(b"Idempotency-Key", b"one"), (b"Idempotency-Key", b"two")]
    await sweep.refused("POST", path, {400, 422}, "Idempotency-Key", headers=two, **wish)
    for method, wrong in product(
        ("PUT", "DELETE", "PATCH", "GET"), (path, "/api/v1/counters/1/open")
    ):
        await sweep.refused(method, wrong, {405})
    sweep.who = "nobody"
    for who in ("Bearer", "Bearer x", "Basic eDp4", "x" * 9000, "Bearer \u00fc"):
        given = [(b"Authorization", who.encode("latin-1"))]
        await sweep.refused("POST", path, {401}, headers=given, **wish)
    token = sweep.world.headers("kiosk")["Authorization"]
    for hosts in ("[", "a b", "", "[::1", "x" * 3000, "evil.example:99999999", "ünï", "a,b"):
        raw = wire.request(
            "GET",
            f"/api/v1/tickets/{sweep.world.ticket_id}",
            None,
            {"Host": hosts, "Authorization": token},
        )
        answer = await wire.ask(raw)
        assert answer.status < 500, (hosts, answer)


async def test_queries_that_cannot_be_are_refused(sweep: Sweep) -> None:
    metrics = "/api/v1/malls/mpp-uji/metrics"
    absurd = [
        "",
        "x",
        "2026-13-01",
        "2026-02-30",
        "20261123",
        "2026-W48-1",
        "-1",
        "9" * 50,
        "\0",
        "２０２６-11-23",
    ]
    for end, name, text in product(("", ".csv"), ("from", "to"), absurd):
        await sweep.refused("GET", f"{metrics}{end}?{name}={quote(text)}", {400, 422}, name)
    for query in ("from=2026-11-23&to=2026-11-22", "from=0001-01-01", "from=0001-01-01&to=9999-12-31",
                  "by=nothing", "by="):  # fmt: skip
        await sweep.refused("GET", f"{metrics}?{query}", {400, 422})
    for zone in ("nothing", "A", "\0", "a" * 5000, "💥"):
        query = zone if "&" in zone else quote(zone)
        await sweep.refused(
            "GET", f"/api/v1/malls/mpp-uji/board?zone={query}", {400, 404, 422}, "zone"
        )
