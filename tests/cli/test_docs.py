"""The handbook names what there is, and what it shows works."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from mpp.cli.main import COMMANDS
from mpp.config import Settings
from mpp.counters.rules.source import read_mall

HANDBOOK = Path("docs/operations.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    (row,) = [
        line for line in HANDBOOK.splitlines() if line.startswith(f"| `MPP_{name.upper()}` |")
    ]
    default = next(field.default for field in fields(Settings) if field.name == name)
    if isinstance(default, int):
        assert f"| `{int(default)}` |" in row


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"\bMPP_([A-Z_]+)\b", HANDBOOK))
    assert named == {field.name.upper() for field in fields(Settings)}


def test_every_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    given = {
        "data_dir": (str(tmp_path), tmp_path),
        "database_url": ("postgresql://h/n", "postgresql://h/n"),
        "secret_key": ("quite secret", "quite secret"),
        "public_url": ("https://x.example/", "https://x.example"),
        "secure_cookies": ("1", True),
        "trusted_proxies": ("2", 2),
        "public_issue_per_minute": ("9", 9),
        "session_hours": ("3", 3),
        "database_connections": ("9", 9),
        "drain_seconds": ("5", 5),
    }
    read = Settings.from_env({f"MPP_{name.upper()}": text for name, (text, _) in given.items()})
    assert {field.name: getattr(read, field.name) for field in fields(read)} == {
        name: value for name, (_, value) in given.items()
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"mpp {name}" in HANDBOOK


def test_the_mall_that_is_shown_can_be_loaded() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", HANDBOOK, re.DOTALL)
    file = read_mall(example, "example")
    assert file.period
    assert file.holiday
    assert file.officer
