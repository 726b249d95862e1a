"""`mpp serve` as a program: what it refuses, and how it ends."""

import collections
import json
import resource
import signal
import socket
import sqlite3
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from programs import Run, Start, wait_until_ready
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.sync.client import connect

from mpp.cli.serving import leads_home, listen


def test_connections_are_as_they_must_be() -> None:
    """No answer waits for another, and a screen that was unplugged does not stay for hours."""
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        listening.setblocking(True)
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000


def events(stderr: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stderr.splitlines()]


def test_the_first_start_makes_the_database_and_the_secret(
    start: Start, port: int, tmp_path: Path
) -> None:
    server = start("serve", "--port", port)
    wait_until_ready(server, port)
    assert (tmp_path / "var/secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var/mpp.sqlite3").stat().st_mode & 0o777 == 0o600
    _, status, out, err = server.end(signal.SIGTERM)
    assert (status, out) == (0, "")
    assert {"database created", "listening"} <= {each["event"] for each in events(err)}
    (warned,) = [each for each in events(err) if "MPP_PUBLIC_URL" in each["event"]]
    assert (warned["level"], warned["tickets_may_lead_to"]) == (
        "warning",
        f"http://127.0.0.1:{port}",
    )
    assert all({"event", "level", "timestamp"} <= each.keys() for each in events(err))


@pytest.mark.parametrize(
    ("url", "is_home"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("https://antrean.example.go.id", False),
        ("http://10.0.0.5:8000", False),
    ],
)
def test_an_address_of_this_machine_only_is_known(url: str, is_home: bool) -> None:
    assert leads_home(url) is is_home


def test_an_old_schema_is_refused_with_the_command_to_run(
    loaded: Run, mpp: Run, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "var/mpp.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    refused = mpp("serve", "--port", 0)
    assert refused.status == 2
    assert "mpp migrate" in refused.err


def test_a_machine_with_another_secret_is_refused_until_somebody_accepts_it(
    loaded: Run, mpp: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With two secrets, forms of one process are refused by the other and surveys count twice."""
    assert mpp("secret", "accept").status == 0
    monkeypatch.setenv("MPP_SECRET_KEY", "another")
    refused = mpp("serve", "--port", 0)
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "mpp secret accept" in refused.err
    assert mpp("secret", "accept").status == 0
    monkeypatch.delenv("MPP_SECRET_KEY")
    assert mpp("serve", "--port", 0).status == 2


def test_it_says_that_it_is_going_serves_on_and_finishes_what_is_under_way(
    loaded: Run, start: Start, port: int
) -> None:
    """A balancer in front has time to send nobody here any more, and nobody's request is cut off."""
    server = start("serve", "--port", port, MPP_DRAIN_SECONDS="1")
    wait_until_ready(server, port)
    body = b'{"service": "paspor"}'
    with socket.create_connection(("127.0.0.1", port), timeout=10) as asking:
        asking.sendall(
            b"POST /api/v1/malls/mpp-uji/tickets HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        server.process.send_signal(signal.SIGTERM)
        base = f"http://127.0.0.1:{port}"
        while httpx.get(f"{base}/health/ready").is_success:
            time.sleep(0.01)
        assert httpx.get(f"{base}/health/ready").status_code == 503
        assert httpx.get(f"{base}/health/live").is_success
        while server.process.poll() is None:
            try:
                httpx.get(f"{base}/health/live")
            except httpx.TransportError:
                break  # nobody is let in any more
        asking.sendall(body)
        assert asking.recv(100).startswith(b"HTTP/1.1 401")
    server.process.communicate(timeout=20)
    assert server.process.returncode == 0


def test_several_workers_on_sqlite_are_refused(mpp: Run) -> None:
    refused = mpp("serve", "--workers", 2)
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "PostgreSQL" in refused.err


def test_a_port_in_use_is_one_line(mpp: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = mpp("serve", "--port", taken.getsockname()[1])
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "--port" in refused.err


def test_one_file_serves_one_process(
    loaded: Run, mpp: Run, start: Start, port: int, tmp_path: Path
) -> None:
    loaded("backup", tmp_path / "copy")
    server = start("serve", "--port", port)
    wait_until_ready(server, port)
    second = mpp("serve", "--port", 0)
    assert (second.status, second.err.count("\n")) == (2, 1)
    assert "PostgreSQL" in second.err
    assert mpp("restore", tmp_path / "copy").status == 2
    assert (
        mpp("device", "enrol", "--role", "kiosk", "--name", "kios").status == 0
    )  # may go beside it
    assert mpp("backup", tmp_path / "another").status == 0
    assert server.end()[1] == 0
    assert mpp("restore", tmp_path / "copy").status == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_with_screens_connected(
    number: int, loaded: Run, start: Start, port: int
) -> None:
    token = loaded("device", "enrol", "--role", "display", "--name", "layar", "--zone", "a").out
    server = start("serve", "--port", port)
    wait_until_ready(server, port)
    address = f"ws://127.0.0.1:{port}/live/malls/mpp-uji/board?zone=a"
    header = {"Authorization": f"Bearer {token.strip()}"}
    with connect(address, additional_headers=header) as screen:
        assert json.loads(screen.recv())["type"] == "board"
        took, status, _, err = server.end(number)
        with pytest.raises(ConnectionClosed) as closed:
            collections.deque(screen, maxlen=0)  # what was still under way, then the end
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == CloseCode.SERVICE_RESTART  # screens come back after that
    assert (status, took < 10) == (0, True), (took, err)
    assert "Traceback" not in err


@pytest.mark.postgres
def test_two_workers_serve_one_postgresql(start: Start, port: int, empty_postgres_url: str) -> None:
    server = start("serve", "--port", port, "--workers", 2, MPP_DATABASE_URL=empty_postgres_url)
    wait_until_ready(server, port)
    took, status, _, err = server.end()
    assert (status, took < 20) == (0, True), (took, err)
    assert sum(each["event"].startswith("Started server process") for each in events(err)) == 2
    assert "Traceback" not in err


def test_it_is_not_ready_while_nothing_can_be_written(
    loaded: Run, start: Start, port: int, tmp_path: Path
) -> None:
    """A disk that is full for this process, and has room again."""
    token = loaded("device", "enrol", "--role", "kiosk", "--name", "kios", "--unrestricted").out
    server = start("serve", "--port", port)
    wait_until_ready(server, port)
    pid, wish = server.process.pid, {"service": "ktp-el"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:

        def becomes(status: int) -> bool:
            deadline = time.monotonic() + 20
            while http.get("/health/ready").status_code != status:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            return True

        def takes(key: str) -> int:
            headers = {"Authorization": f"Bearer {token.strip()}", "Idempotency-Key": key}
            answer = http.post("/api/v1/malls/mpp-uji/tickets", json=wish, headers=headers)
            return answer.status_code

        assert takes("before") == 201
        room = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, room[1]))
        assert becomes(503)
        assert takes("meanwhile") == 503
        assert http.get("/health/live").status_code == 200
        resource.prlimit(pid, resource.RLIMIT_FSIZE, room)
        assert becomes(200)
        assert takes("after") == 201
