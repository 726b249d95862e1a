"""`mpp` as a program of its own, and as a function that prints."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

READY_S = 90.0


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]


@dataclass
class Program:
    """A program that runs until it is told to end."""

    process: subprocess.Popen[str]
    tokens_file: Path

    def wait_for_tokens(self) -> dict[str, Any]:
        """The tokens file, once it is there; fails with the program's output when it ends before."""
        deadline = time.monotonic() + READY_S
        while not self.tokens_file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                pytest.fail("".join(self.process.communicate()))
            time.sleep(0.05)
        read: dict[str, Any] = json.loads(self.tokens_file.read_text())
        return read

    def end(self, number: int = signal.SIGINT) -> tuple[float, int, str, str]:
        """Tell it to end; answers seconds, exit status, standard output and error."""
        began = time.monotonic()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return time.monotonic() - began, self.process.returncode, out, err


Start = Callable[..., Program]


def wait_until_ready(program: Program, port: int) -> None:
    """Until `mpp serve` answers on the port; fails with its output when it ends before."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if program.process.poll() is not None:
            pytest.fail("".join(program.process.communicate()))
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")
