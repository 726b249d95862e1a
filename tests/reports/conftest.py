import pytest


@pytest.fixture(autouse=True)
def _malls_are_known_at_once(malls_known_at_once: None) -> None:
    """Pages are asked right after a change."""
