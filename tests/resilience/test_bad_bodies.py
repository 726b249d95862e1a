"""Whatever is sent along: a refusal in problem+json that names the field, no fault, nothing stored."""

import json
from typing import Any

import httpx

from mpp.db.seam import Database
from tests.resilience.sweep import NO_TEXT, Sweep, rows


async def test_a_wish_that_cannot_be_is_refused_by_field(sweep: Sweep) -> None:
    sweep.who = "kiosk"
    path = "/api/v1/malls/mpp-uji/tickets"
    good = {"service": "ktp-el"}
    for body, culprit in [
        ({}, "service"),
        ({"service": None}, "service"),
        ({"service": 1}, "service"),
        ({"service": ["ktp-el"]}, "service"),
        ({"service": ""}, "service"),
        ({"service": "KTP-el"}, "service"),
        ({"service": "a" * 65}, "service"),
        ({"service": "a\0b"}, "service"),
        ({"service": "nothing"}, "service"),
        ({**good, "priority": "vip"}, "priority"),
        ({**good, "priority": None}, "priority"),
        ({**good, "priority": 1}, "priority"),
        ({**good, "locale": "fr"}, "locale"),
        ({**good, "locale": ""}, "locale"),
        ({**good, "channel": "pigeon"}, "channel"),
        ({**good, "visit": "no such visit"}, "visit"),
        ({**good, "visit": "nobody"}, "visit"),
        ({**good, "visit": "a" * 44}, "visit"),
        ({**good, "diagnosis": "flu"}, "diagnosis"),
        ({**good, "unrestricted": True}, "unrestricted"),
        ([], None),
        ("ktp-el", None),
        (5, None),
        (None, None),
    ]:
        content = json.dumps(body).encode()
        key = {"Idempotency-Key": "one"}
        await sweep.refused("POST", path, {400, 404, 422}, culprit, headers=key, content=content)
    await unreadable(sweep, path)


async def unreadable(sweep: Sweep, path: str) -> None:
    """Bodies that are no JSON document of ours at all."""
    for content in (
        b"", b"{", b'{"service":', b"\xff\xfe", b'{"service": "\xff"}', b'{"service": "\\ud800"}',
        b"\xef\xbb\xbf{}", b"service=ktp-el", b'{"service": NaN}', b"{}{}", b"[" * 30_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"service": ' + b"9" * 20_000 + b"}",
        b'{"service": 1e999999}', b"<wish/>", b"\0" * 100,
    ):  # fmt: skip
        await sweep.refused("POST", path, {400}, content=content)
    big = json.dumps({"service": "x" * 1_000_000}).encode()
    await sweep.refused("POST", path, {413}, content=big)
    for kind in (
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "nonsense",
        "a/b",
    ):
        body = json.dumps({"service": "ktp-el"}).encode()
        await sweep.refused("POST", path, {415}, content=body, headers={"Content-Type": kind})
    form = {"service": "ktp-el"}
    await sweep.refused("POST", path, {415}, data=form)


async def test_an_action_that_cannot_be_is_refused_by_field(sweep: Sweep) -> None:
    ticket = sweep.world.ticket_id
    texts = [("cancel", {"reason": text}, "reason") for text in NO_TEXT]
    cases: list[tuple[str, Any, str | None]] = [
        *texts,
        ("call", {"reason": 5}, "reason"),
        ("call", {}, "reason"),
        ("call", {"reason": ""}, "reason"),
        ("start", {"reason": "r"}, "reason"),
        ("cancel", {"service": "ktp-el"}, "service"),
        ("cancel", {"nothing": 1}, "nothing"),
        ("transfer", {"service": "KTP"}, "service"),
        ("transfer", {"service": "nothing"}, "service"),
        ("transfer", {"place": "first"}, "place"),
        ("refer", {"service": None, "reason": 1}, "reason"),
        ("complete", {"outcome": "won"}, "outcome"),
        ("call", {"reason": "r", "counter": "1"}, "counter"),
        ("call", {"reason": "r", "counter": 1.5}, "counter"),
        ("call", {"reason": "r", "counter": True}, "counter"),
        ("call", {"reason": "r", "counter": 2**70}, "counter"),
        ("call", {"reason": "r", "counter": -1}, "counter"),
        ("call", {"reason": "r", "counter": 0}, "counter"),
        *(
            ("park", {"reason": "r", "until": moment}, "until")
            for moment in (
                "2026-11-23T10:00:00", "yesterday", "", "2026-13-45T00:00:00Z", "+1",
                "2026-11-23T10:00:00+99:99", "2026-11-23", "10:00", {"a": 1},
            )
        ),
    ]  # fmt: skip
    for action, body, culprit in cases:
        path = f"/api/v1/tickets/{ticket}/{action}"
        await sweep.refused("POST", path, {400, 404, 422}, culprit, json=body)
    for digits in (400, 5000, 50_000):
        huge = b'{"counter": ' + b"9" * digits + b', "reason": "r"}'
        await sweep.refused("POST", f"/api/v1/tickets/{ticket}/call", {400, 404}, content=huge)
        huge = b'{"ticket": ' + b"9" * digits + b"}"
        visit = f"/api/v1/visits/{sweep.world.visit_token}/cancel"
        await sweep.refused("POST", visit, {400, 404}, content=huge)
    for wrong in ("start", "recall", "miss", "return", "requeue", "resume", "complete"):
        await sweep.refused("POST", f"/api/v1/tickets/{ticket}/{wrong}", {409})
    await sweep.refused("POST", f"/api/v1/tickets/{ticket}/park", {409, 422}, json={"reason": "r"})


async def test_absurd_dates_are_refused_where_a_ticket_is_parked(
    sweep: Sweep, http: httpx.AsyncClient, live_db: Database
) -> None:
    """A ticket is being served, so that nothing but the date stands in the way."""
    world, counter = sweep.world, sweep.world.headers("counter")
    called = await http.post(f"/api/v1/counters/{world.counter_id}/call-next", headers=counter)
    ticket = called.json()["id"]
    await http.post(f"/api/v1/tickets/{ticket}/start", headers=counter)
    sweep.before = await live_db.read(rows)
    for moment in (
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59", "2026-11-24T10:00:00Z", "1969-12-31T23:59:59Z",
        "2026-11-23T02:00:00Z", "2026-11-23T17:00:00Z", 5, -1,
    ):  # fmt: skip
        for _ in range(3):
            body = {"reason": "r", "until": moment}
            await sweep.refused("POST", f"/api/v1/tickets/{ticket}/park", {422}, "until", json=body)


async def test_shifts_are_refused_by_field(sweep: Sweep) -> None:
    path = f"/api/v1/counters/{sweep.world.counter_id}"
    for body, culprit in [
        ({"services": []}, "services"),
        ({"services": ["nothing"]}, "service"),
        ({"services": ["paspor"]}, "services"),
        ({"services": "ktp-el"}, "services"),
        ({"services": [1]}, "services"),
        ({"services": ["ktp-el"] * 20_000}, None),
        ({"reason": 1}, "reason"),
        ({"nothing": 1}, "nothing"),
    ]:
        await sweep.refused("POST", f"{path}/open", {400, 404, 413, 422}, culprit, json=body)
    for text in (*NO_TEXT, "", "   ", None, 5):
        await sweep.refused("POST", f"{path}/pause", {400, 422}, "reason", json={"reason": text})
    await sweep.refused("POST", f"{path}/pause", {400})
    for content in (b"{", b"[]", b'"r"', b"null", b"\xff"):
        await sweep.refused("POST", f"{path}/pause", {400, 422}, content=content)
