"""What a real server writes down: what happened, and nobody's secret."""

import contextlib
import json
import re
import socket
import sqlite3
from pathlib import Path

import httpx
import pytest
from programs import Run, Start, wait_until_ready
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from mpp.cli.logs import without_secrets
from mpp.security import COOKIE

UNKNOWN = "an-address-of-somebody-who-answers-0123456789"


def test_no_secret_stands_in_the_log(loaded: Run, start: Start, port: int, tmp_path: Path) -> None:
    enrol = ("device", "enrol", "--role", "kiosk", "--name", "kios", "--unrestricted")
    kiosk = loaded(*enrol).out.strip()
    password = loaded("officer", "password", "petugas1").out.split()[-1]
    server = start("serve", "--port", port)
    wait_until_ready(server, port)
    file = tmp_path / "var/mpp.sqlite3"
    base, live = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/live"
    with httpx.Client(base_url=base, headers={"Accept": "text/html"}, timeout=20) as http:
        issued = http.post(
            "/api/v1/malls/mpp-uji/tickets",
            headers={"Authorization": f"Bearer {kiosk}", "Idempotency-Key": "one"},
            json={"service": "ktp-el"},
        ).json()
        visit = issued["visit_token"]
        with connect(f"{live}/visits/{visit}") as phone:
            assert json.loads(phone.recv())["tickets"]
        http.post("/sign-in", data={"username": "petugas1", "password": password + "!"})
        http.post("/sign-in", data={"username": "petugas1", "password": password})
        form = re.search(
            r'name="_csrf" value="(\w+)"', http.get("/desk", follow_redirects=True).text
        )
        assert form is not None
        with socket.create_connection(("127.0.0.1", port)) as garbage:
            garbage.sendall(f"GET /v/{visit} HTTP/9\r\n\0: {kiosk}\r\n\r\n".encode())
            assert b" 400 " in garbage.recv(1000)
        _run(file, "UPDATE tickets SET joined_at = 'x'")
        assert http.get(f"/v/{visit}").status_code == 500
        _run(file, "ALTER TABLE visits RENAME TO lost")
        for path in (f"/v/{visit}", f"/v/{visit}/now", f"/api/v1/visits/{visit}", f"/s/{UNKNOWN}"):
            assert http.get(path).status_code >= 400
        with pytest.raises(WebSocketException), connect(f"{live}/visits/{visit}") as phone:
            phone.recv()
        session = http.cookies[COOKIE]
    _, status, _, err = server.end()
    assert status == 0
    lines = [json.loads(line) for line in err.splitlines()]
    assert {"unhandled error", "database does not answer"} <= {each["event"] for each in lines}
    secret = (tmp_path / "var/secret").read_text().strip()
    for each in (visit, kiosk, password, session, form[1], secret, UNKNOWN):
        assert each not in err, next(line for line in err.splitlines() if each in line)


def _run(file: Path, statement: str) -> None:
    """Damage done beside the server, so that it stumbles."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute(statement)
        database.commit()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (
            '"WebSocket /live/visits/VFxpMp6oyjk-uHVkkBrCTA" [accepted]',
            '"WebSocket /live/visits/…" [accepted]',
        ),
        ("GET /v/VFxpMp6oyjk-uHVkkBrCTA/now", "GET /v/…/now"),
        ("Bearer mpp_kiosk_VFxpMp6oyjk-uHVkkBrCTA.", "Bearer mpp_kiosk_…."),
        ("postgresql://mpp:rahasia@db/mpp", "postgresql://mpp:…@db/mpp"),
        ("http://127.0.0.1:8000/v/short", "http://127.0.0.1:8000/v/short"),
        (
            "GET /kiosk/service/pembuatan-kartu-keluarga-baru",
            "GET /kiosk/service/pembuatan-kartu-keluarga-baru",
        ),
    ],
)
def test_what_libraries_write_is_cut_where_a_secret_begins(line: str, kept: str) -> None:
    assert without_secrets(None, "", line) == kept
