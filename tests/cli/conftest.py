"""The command line, run in this process or as a program of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import SMALL_MALL
from programs import Done, Program, Run, Start

from mpp.cli import main


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables of a process that keeps everything in the test's own folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
    return kept | {"MPP_DATA_DIR": str(tmp_path / "var"), "COLUMNS": "200"}


@pytest.fixture
def mpp(
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Run `mpp …` in this process."""
    for name in [name for name in os.environ if name.startswith("MPP_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str | Path) -> Done:
        capfd.readouterr()
        status = main.run([*map(str, arguments)])
        return Done(status, *capfd.readouterr())

    return run


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture
def small_mall(tmp_path: Path) -> Path:
    path = tmp_path / "mall.toml"
    path.write_text(SMALL_MALL)
    return path


@pytest.fixture
def loaded(mpp: Run, small_mall: Path) -> Run:
    """`mpp` over a migrated database that holds the small mall."""
    assert mpp("migrate").status == 0
    assert mpp("load", small_mall).status == 0
    return mpp


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start `mpp …` as a program; whatever still runs at the end of the test is killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str | Path, **variables: str) -> Program:
        process = subprocess.Popen(
            [sys.executable, "-m", "mpp", *map(str, arguments)],
            env=environment | variables,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append(process)
        return Program(process, tmp_path / "tokens.json")

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()
