"""The sign-ins of one run of the demo, as outside programs read them (`mpp demo --tokens FILE`)."""

import contextlib
import os
import secrets
from pathlib import Path

import msgspec

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is mistaken for something else when it is read from a screen and typed."""


class Kiosk(msgspec.Struct, frozen=True):
    name: str
    token: str


class Display(msgspec.Struct, frozen=True):
    name: str
    zone: str
    token: str


class Counter(msgspec.Struct, frozen=True):
    id: int
    label: str
    zone: str | None
    services: list[str]
    token: str


class Officer(msgspec.Struct, frozen=True):
    """`counter`: the id of the counter that is theirs."""

    username: str
    password: str
    counter: int


class Leader(msgspec.Struct, frozen=True):
    """A person's sign-in, and a token with the same rights for programs."""

    username: str
    password: str
    token: str


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that lets somebody in, and where."""

    base: str
    mall: str
    kiosks: list[Kiosk]
    displays: list[Display]
    counters: list[Counter]
    officers: list[Officer]
    manager: Leader
    admin: Leader


def new_password() -> str:
    """A random password that can be read out and typed: three groups of four, 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def write(tokens: Tokens, path: Path) -> None:
    """Write the file at once and for its owner only: a reader finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        partial.unlink()
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(tokens), indent=2) + b"\n")
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
