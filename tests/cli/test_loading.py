"""Loading without looking for garbage."""

import gc

import pytest

from mpp.cli.loading import loading


def test_what_is_loaded_is_never_looked_through_again_and_the_search_goes_on() -> None:
    before = gc.get_freeze_count()
    with loading():
        assert not gc.isenabled()
        kept = [[] for _ in range(1_000)]  # type: ignore[var-annotated]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)


def test_the_search_goes_on_after_a_failure_too() -> None:
    with pytest.raises(ZeroDivisionError), loading():
        1 / 0  # noqa: B018 - any error
    assert gc.isenabled()
