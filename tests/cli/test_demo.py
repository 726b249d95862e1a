"""`mpp demo` as a program: its file of tokens, a ticket's way through it, its second run, its end."""

import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from programs import Program, Run, Start

pytestmark = pytest.mark.slow


@pytest.fixture
def demo(start: Start, tmp_path: Path) -> Callable[..., tuple[Program, dict[str, Any]]]:
    """Start the demo on a free port; answers it and its tokens once it is ready."""

    def begin(*options: str | float) -> tuple[Program, dict[str, Any]]:
        tokens = tmp_path / "tokens.json"
        tokens.unlink(missing_ok=True)
        program = start(
            "demo", "--port", 0, "--data", tmp_path / "demo", "--tokens", tokens, *map(str, options)
        )
        return program, program.wait_for_tokens()

    return begin


def bearer(of: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {of['token']}"}


def tickets(tmp_path: Path) -> dict[str, int]:
    """State → tickets, as stored."""
    database = sqlite3.connect(tmp_path / "demo/mpp.sqlite3")
    rows = database.execute("SELECT state, count(*) FROM tickets GROUP BY state").fetchall()
    database.close()
    return dict(rows)


def answers(tmp_path: Path) -> int:
    """Surveys answered, as stored."""
    database = sqlite3.connect(tmp_path / "demo/mpp.sqlite3")
    (count,) = database.execute("SELECT count(*) FROM survey_answers").fetchone()
    database.close()
    return int(count)


def test_an_outside_program_drives_the_demo_and_a_second_run_goes_on(demo, tmp_path: Path) -> None:
    program, made = demo("--no-visitors")
    assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert made.keys() == {
        "base", "mall", "kiosks", "displays", "counters", "officers", "manager", "admin",
    }  # fmt: skip
    counter = made["counters"][0]
    with httpx.Client(base_url=made["base"] + "/api/v1", timeout=20) as api:
        taken = api.post(
            f"/malls/{made['mall']}/tickets",
            json={"service": counter["services"][0]},
            headers=bearer(made["kiosks"][0]) | {"Idempotency-Key": "first"},
        )
        assert taken.status_code == 201
        called = api.post(f"/counters/{counter['id']}/call-next", headers=bearer(counter))
        assert called.json()["id"] == taken.json()["id"]
        for action in ("start", "complete"):
            path = f"/tickets/{taken.json()['id']}/{action}"
            assert api.post(path, headers=bearer(counter)).status_code == 200
        visit = api.get(f"/visits/{taken.json()['visit_token']}").json()
        assert [each["state"] for each in visit["tickets"]] == ["completed"]
    took, status, out, err = program.end()
    assert (status, err, took < 10) == (0, "", True), (took, err)
    assert all(made["base"] + path in out for path in ("/kiosk", "/display?zone=a", "/overview"))
    assert made["manager"]["password"] in out

    program, again = demo("--no-visitors")
    with httpx.Client(base_url=again["base"], timeout=20) as api:
        path = f"/api/v1/tickets/{taken.json()['id']}"
        assert api.get(path, headers=bearer(again["manager"])).json()["state"] == "completed"
        assert api.get(path, headers=bearer(made["manager"])).status_code == 401
        for whose, status in ((made, 422), (again, 303)):
            form = {key: whose["admin"][key] for key in ("username", "password")}
            assert api.post("/sign-in", data=form).status_code == status
    assert [each["id"] for each in again["counters"]] == [each["id"] for each in made["counters"]]
    assert program.end(signal.SIGTERM)[1] == 0


def test_everything_in_the_file_lets_in_where_it_says(demo) -> None:
    program, made = demo("--no-visitors")
    with httpx.Client(base_url=made["base"], timeout=20) as api:
        mall = api.get(f"/api/v1/malls/{made['mall']}").json()
        assert {each["state"] for each in mall["counters"]} == {"open"}
        assert len(made["counters"]) == len(mall["counters"]) >= 30
        assert {each["zone"] for each in made["displays"]} == {z["slug"] for z in mall["zones"]}
        for each in made["counters"]:
            path = f"/api/v1/counters/{each['id']}/call-next"
            assert api.post(path, headers=bearer(each)).status_code == 204
        own = {each["id"] for each in made["counters"]}
        assert all(each["counter"] in own for each in made["officers"])
        for each in (made["manager"], made["admin"]):
            form = {"username": each["username"], "password": each["password"]}
            assert api.post("/sign-in", data=form).headers["location"] == "/overview"
            api.cookies.clear()
        assert made["officers"][0]["password"] in api.get("/").text
    assert program.end()[1] == 0


def test_visitors_come_are_served_and_judge_and_the_books_are_right(
    demo, mpp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, _ = demo("--speed", "400")
    deadline = time.monotonic() + 60
    while tickets(tmp_path).get("completed", 0) < 20 or not answers(tmp_path):
        assert time.monotonic() < deadline, tickets(tmp_path)
        time.sleep(0.5)
    took, status, out, err = program.end()
    assert (status, err, took < 10) == (0, "", True), (took, err)
    assert "/v/" in out
    monkeypatch.setenv("MPP_DATABASE_URL", f"sqlite:///{tmp_path / 'demo/mpp.sqlite3'}")
    checked = mpp("verify")
    assert checked.status == 0, checked.out


@pytest.mark.parametrize("moment", ["demo/secret", "demo/mpp.sqlite3", "tokens.json"])
def test_ctrl_c_ends_it_at_any_moment_even_twice(moment: str, start: Start, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.json"
    program = start("demo", "--port", 0, "--data", tmp_path / "demo", "--tokens", tokens)
    deadline = time.monotonic() + 60
    while not (tmp_path / moment).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    program.process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    took, status, _, err = program.end()
    assert (status, err.strip(), took < 10) == (0, "", True), (took, err)


def test_a_second_demo_on_the_same_data_is_refused_and_harms_nothing(
    demo, mpp: Run, tmp_path: Path
) -> None:
    program, made = demo("--no-visitors")
    second = mpp("demo", "--port", 0, "--data", tmp_path / "demo")
    assert (second.status, second.err.count("\n")) == (2, 1)
    headers = bearer(made["manager"])
    path = f"{made['base']}/api/v1/counters/{made['counters'][0]['id']}/call-next"
    assert httpx.post(path, headers=headers).status_code == 204
    assert program.end()[1] == 0
