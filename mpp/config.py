"""Settings: read once from `MPP_*` variables into one frozen value. docs/operations.md lists them all.

What a manager changes by day (hours, head start, prefixes, quotas) is data in tables, not a setting.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from mpp.errors import Invalid

SECRET_FILE = "secret"  # noqa: S105 - the name of a file, not a secret


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that a process is told from outside."""

    data_dir: Path
    """Folder for the embedded database and the secret."""
    database_url: str
    """`sqlite:///path` or `postgresql://user:password@host/name`."""
    database_connections: int = 19
    """Connections to PostgreSQL that one process keeps: a lease, two for the relay, the rest two pools."""
    secret_key: str
    """Signs form tokens. Made on the first start, never a default."""
    public_url: str | None = None
    """Address that phones reach, printed in the QR. None: the address the request came to."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only: set when a proxy ends TLS."""
    trusted_proxies: int = 0
    """How many proxies in front add to X-Forwarded-For; 0: the peer's own address counts."""
    public_issue_per_minute: int = 6
    """Tickets that one address may take without a device, where a mall allows it at all."""
    session_hours: int = 12
    """A person's sign-in ends after so many hours."""

    drain_seconds: int = 0
    """At the end a process says so long that it is not ready, and serves on, before it stops."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Settings from a mapping of variables, without touching the disk except for the secret."""
        data_dir = Path(env.get("MPP_DATA_DIR", "var"))
        return cls(
            data_dir=data_dir,
            database_url=env.get("MPP_DATABASE_URL", f"sqlite:///{data_dir / 'mpp.sqlite3'}"),
            database_connections=_whole(
                env, "MPP_DATABASE_CONNECTIONS", cls.database_connections, least=5
            ),
            secret_key=env.get("MPP_SECRET_KEY") or secret_from(data_dir),
            public_url=(env.get("MPP_PUBLIC_URL") or "").rstrip("/") or None,
            secure_cookies=_flag(env, "MPP_SECURE_COOKIES"),
            trusted_proxies=_whole(env, "MPP_TRUSTED_PROXIES", cls.trusted_proxies),
            public_issue_per_minute=_whole(
                env, "MPP_PUBLIC_ISSUE_PER_MINUTE", cls.public_issue_per_minute
            ),
            drain_seconds=_whole(env, "MPP_DRAIN_SECONDS", cls.drain_seconds),
            session_hours=_whole(env, "MPP_SESSION_HOURS", cls.session_hours),
        )


def secret_from(data_dir: Path) -> str:
    """The installation's secret, made with mode 0600 when there is none yet."""
    path = data_dir / SECRET_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if not kept:  # the power went between making the file and writing it
            raise Invalid(f"{path} kosong; hapus berkas itu.", field="secret_key") from None
        return kept
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret + "\n")
    return secret


def _flag(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").strip().lower()
    if text in {"", "0", "no", "false", "off"}:
        return False
    if text in {"1", "yes", "true", "on"}:
        return True
    raise Invalid(f"{name}: tulis 1 atau 0, bukan {text!r}.", field=name)


def _whole(env: Mapping[str, str], name: str, default: int, *, least: int = 0) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal():
        raise Invalid(f"{name}: tulis bilangan bulat, bukan {text!r}.", field=name)
    if int(text) < least:
        raise Invalid(f"{name}: paling sedikit {least}, bukan {text}.", field=name)
    return int(text)
