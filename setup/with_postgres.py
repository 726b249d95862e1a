"""Run a command with a PostgreSQL server at hand: `with_postgres.py [--durable] COMMAND…`.

The server is the one that MPP_TEST_POSTGRES names, else one started for this run alone from the machine's
PostgreSQL programs and thrown away after it (it need not survive a power cut, so it does not wait for the
disk), else a local one that lets us create databases. With `--durable`, for measuring, a local one comes
first and none of our own is spared the disk.
The command finds its address in MPP_TEST_POSTGRES. Where there is none of them, one line says so and
the command runs all the same: the tests that need PostgreSQL then fail and tell why.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path

import asyncpg

VARIABLE = "MPP_TEST_POSTGRES"
LOCAL = [
    "postgresql://postgres@127.0.0.1:5432/postgres",
    f"postgresql://{getuser()}@127.0.0.1:5432/postgres",
]
ROOMY = ["max_connections=200"]
THROWAWAY = [*ROOMY, "fsync=off", "synchronous_commit=off", "full_page_writes=off"]


def main(command: list[str]) -> int:
    """Exit status of the command."""
    durable = command[:1] == ["--durable"]
    command = command[durable:]
    if os.environ.get(VARIABLE):
        return run(command, os.environ[VARIABLE])
    programs = server_programs()
    found = local() if durable or programs is None else None
    if found is None and programs is not None:
        with server(programs, ROOMY if durable else THROWAWAY) as url:
            return run(command, url)
    if found is None:
        print(
            f"setup: no PostgreSQL is installed and none answers; set {VARIABLE}.", file=sys.stderr
        )
    return run(command, found)


def run(command: list[str], url: str | None) -> int:
    """Run the command and let it deal with Ctrl-C itself."""
    environment = os.environ | ({VARIABLE: url} if url else {})
    with subprocess.Popen(command, env=environment) as process:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()


def local() -> str | None:
    """The address of a local server that lets us create databases; None without any."""
    return next((url for url in LOCAL if asyncio.run(may_create_databases(url))), None)


async def may_create_databases(url: str) -> bool:
    """Whether a server answers there without a password and lets us create databases."""
    try:
        connection = await asyncpg.connect(url, timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    try:
        question = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        return bool(await connection.fetchval(question))
    finally:
        await connection.close()


def server_programs() -> Path | None:
    """Folder of initdb and pg_ctl: the newest of Debian's, or wherever PATH finds them."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def server(programs: Path, settings: list[str]) -> Iterator[str]:
    """A server of our own on a free port, gone when the block ends; its data lie in a temporary folder."""
    as_user = (
        ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    )  # it refuses to run as root
    with tempfile.TemporaryDirectory(prefix="mpp-postgres-") as folder:
        if as_user:
            shutil.chown(folder, "postgres")
        initdb = [*as_user, f"{programs}/initdb", "-D", f"{folder}/data", "-U", "postgres"]
        quietly([*initdb, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        port = free_port()
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 "
        options += " ".join(f"-c {setting}" for setting in settings)
        control = [*as_user, f"{programs}/pg_ctl", "-D", f"{folder}/data", "-w"]
        quietly([*control, "-l", f"{folder}/log", "-o", options, "start"])
        print(f"setup: PostgreSQL for this run on port {port}", flush=True)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            quietly([*control, "-m", "immediate", "stop"])


def quietly(command: list[str]) -> None:
    """Run a command of PostgreSQL's, showing what it says only when it fails."""
    done = subprocess.run(
        command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        sys.stderr.buffer.write(done.stdout)
        raise SystemExit(f"setup: {command[0]} failed (see above)")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
