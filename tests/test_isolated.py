"""What strangers send is read in a process that may die alone."""

import asyncio
import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from mpp.errors import Invalid, Unavailable
from mpp.isolated import MOST_WAITING, TOO_MUCH, Isolated


def where(_: str) -> int:
    return os.getpid()


def greedy(size: int) -> int:
    return len(bytearray(size))


def endless(_: str) -> None:
    while True:
        pass


def deadly(_: str) -> None:
    os.abort()


def choosy(text: str) -> str:
    if not text:
        raise Invalid("tidak ada isinya", field="file")
    return text.upper()


def slow(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


async def test_a_function_runs_in_another_process_and_answers() -> None:
    isolated = Isolated()
    assert await isolated.run(where, "") != os.getpid()
    assert await isolated.run(choosy, "abc") == "ABC"


async def test_its_refusal_is_ours() -> None:
    with pytest.raises(Invalid, match="tidak ada isinya") as error:
        await Isolated().run(choosy, "")
    assert error.value.facts == {"field": "file"}


@pytest.mark.parametrize(("function", "argument"), [(greedy, 8 << 30), (deadly, "")])
async def test_whoever_wants_all_memory_or_dies_is_refused_and_nobody_else(
    function: Callable[[Any], Any], argument: object
) -> None:
    isolated = Isolated()
    with pytest.raises(Invalid, match=TOO_MUCH):
        await isolated.run(function, argument)
    assert await isolated.run(choosy, "abc") == "ABC"


async def test_whoever_never_ends_is_ended() -> None:
    with pytest.raises(Invalid, match=TOO_MUCH):
        await Isolated(seconds=1).run(endless, "")


async def test_few_wait_and_the_next_is_told_to_come_again() -> None:
    isolated = Isolated()
    waiting = [asyncio.create_task(isolated.run(slow, 0.01)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await isolated.run(slow, 0.01)
    assert await asyncio.gather(*waiting) == [0.01] * MOST_WAITING
    assert await isolated.run(slow, 0.01) == 0.01
