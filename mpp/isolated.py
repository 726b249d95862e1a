"""Work on what somebody has sent, in a process of its own that may die alone.

A file can be made so that whoever reads it wants all memory there is, or never comes to an end. Its reader
runs here under limits of memory and time; when it breaks one, the process ends, the file is refused, and
nothing else has felt it. The event loop is free meanwhile.

`python -m mpp.isolated MODULE FUNCTION` is that process: it reads the argument from its standard input and
writes the result to its standard output, both as MessagePack.
"""

import asyncio
import importlib
import os
import sys
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

import msgspec

from mpp.errors import Invalid, Unavailable

A = TypeVar("A")
R = TypeVar("R")

MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space of the process, its own 200 MiB or so included."""
SECONDS = 30
NICENESS = 10
MOST_WAITING = 4
"""One works at a time; so many may wait for it."""
TOO_MUCH = "Berkas ini tidak dapat dibaca: terlalu besar setelah dibuka, atau rusak."


class Answer(msgspec.Struct):
    """What the process says: a result, or why the input is refused."""

    result: msgspec.Raw = msgspec.Raw(b"\xc0")
    refused: str | None = None
    facts: dict[str, Any] = {}


class Isolated:
    """Runs functions in processes of their own, one after the other. One per process of ours."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def run(self, function: Callable[[A], R], argument: A) -> R:
        """`function(argument)`, with the limits above.

        The function is one of a module's, of one typed parameter; types are what MessagePack can carry.
        `Invalid` as the function raised it, or when it broke a limit; `Unavailable` while too many wait.
        """
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Berkas lain sedang dibaca. Coba lagi sebentar.", retry_after_s=10)
        self._waiting += 1
        try:
            async with self._turn:
                said = await self._in_a_process(function, encode(argument))
        finally:
            self._waiting -= 1
        if said is None:
            raise Invalid(TOO_MUCH, field="file")
        answer = msgspec.msgpack.decode(said, type=Answer)
        if answer.refused is not None:
            raise Invalid(answer.refused, **answer.facts)
        found: R = msgspec.msgpack.decode(answer.result, type=get_type_hints(function)["return"])
        return found

    async def _in_a_process(self, function: Callable[[Any], Any], argument: bytes) -> bytes | None:
        """What the process has written; None when it did not come to a proper end."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "mpp.isolated",
            function.__module__,
            function.__qualname__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        try:
            async with asyncio.timeout(self._seconds):
                said, _ = await process.communicate(argument)
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return said if process.returncode == 0 else None


def encode(value: object) -> bytes:
    """As MessagePack; read-only mappings as mappings."""
    return msgspec.msgpack.encode(value, enc_hook=_plain)


def _plain(value: object) -> object:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} cannot be carried")


def _bound() -> None:
    """Less than the parent may; what this process starts, if anything, inherits it."""
    import resource  # noqa: PLC0415 - there is none on Windows, where the time alone is bounded

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(NICENESS)


def main(module: str, name: str) -> None:
    """The process itself."""
    function = getattr(importlib.import_module(module), name)
    hints = get_type_hints(function)
    [parameter] = (hint for key, hint in hints.items() if key != "return")
    if sys.platform != "win32":
        _bound()
    argument = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=parameter)
    try:
        answer = Answer(result=msgspec.Raw(encode(function(argument))))
    except Invalid as error:
        answer = Answer(refused=error.detail, facts=error.facts)
    sys.stdout.buffer.write(encode(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
