"""`make failover`: three processes behind haproxy on one PostgreSQL, while things break.

Visitors take numbers in all malls through the balancer, officers call and serve, screens watch. Meanwhile
a process is killed, the sessions that hold the node numbers are ended, the database is restarted, one
process is replaced in order, and one of the three has a clock five minutes behind all along. It passes
when no number was given twice or lost, `mpp verify` finds nothing in any mall that was touched, and no
screen was silent for more than ten seconds.

Needs haproxy and faketime (Debian's packages) and PostgreSQL's programs; exit status 1 when something failed.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
from sqlalchemy import text

from benchmarks import worlds
from benchmarks.failover.crowd import ENDED, Crowd, Seen
from benchmarks.nation import world
from mpp import schema
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Transaction
from mpp.metrics.queries import stored_days
from setup.with_postgres import ROOMY, free_port, quietly, server, server_programs

SILENT_S = 10.0
BEHIND = "-300s"
EXPECTED = {200, 201, 204, 404, 409, 502, 503, 504}
"""What somebody may be told: an officer whose answer was lost asks about a ticket that moved on."""

HAPROXY = """
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout tunnel 1h
    option redispatch
    retries 3
    retry-on conn-failure
frontend all
    bind 127.0.0.1:{port}
    default_backend mpp
backend mpp
    balance leastconn
    option httpchk GET /health/ready
    default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


@dataclass
class Process:
    """One `mpp serve`. `shift`: how far its clock is off, as faketime writes it."""

    url: str
    folder: Path
    shift: str | None = None
    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "mpp", "serve", "--port", str(self.port)]
        if self.shift:
            command = ["faketime", "-f", self.shift, *command]
        mine = {
            "MPP_DATABASE_URL": self.url,
            "MPP_DATA_DIR": str(self.folder),
            "MPP_DATABASE_CONNECTIONS": "13",
            "MPP_DRAIN_SECONDS": "2",
            "MPP_TRUSTED_PROXIES": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        with (self.folder / f"serve-{self.port}.log").open("ab") as log:
            self.running = subprocess.Popen(
                command, env=os.environ | mine, stdout=log, stderr=log, start_new_session=True
            )

    def end(self, number: signal.Signals) -> None:
        """To the program itself; faketime stands in front of it only until it has started it."""
        assert self.running is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, number)
        self.running.wait(60)

    async def answers(self) -> None:
        async with httpx.AsyncClient() as http:
            while True:
                with contextlib.suppress(*ENDED):
                    if (await http.get(f"http://127.0.0.1:{self.port}/health/ready")).is_success:
                        return
                await asyncio.sleep(0.1)


async def end_leases(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mpp node'"
    )
    await connection.close()


async def restart(url: str, programs: Path) -> None:
    """The database goes away and comes back, as at an upgrade."""
    connection = await asyncpg.connect(url)
    folder = await connection.fetchval("SHOW data_directory")
    await connection.close()
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    control = [*as_user, f"{programs}/pg_ctl", "-D", folder, "-l", f"{folder}/again.log"]
    await asyncio.to_thread(quietly, [*control, "-w", "-m", "fast", "restart"])


def problems(tx: Transaction, seen: Seen, touched: list[Mall]) -> Iterator[str]:
    """What must not be: numbers doubled or lost, violations of the history's invariants."""
    doubled = tx.conn.execute(
        text(
            "SELECT count(*) FROM (SELECT 1 FROM tickets GROUP BY mall_id, prefix, day, number"
            " HAVING count(*) > 1) AS twice"
        )
    ).scalar()
    if doubled:
        yield f"{doubled} numbers given twice"
    stored = set(tx.conn.execute(text("SELECT id FROM tickets")).scalars())
    lost = [label for (_mall, ticket), label in seen.numbers.items() if ticket not in stored]
    if lost:
        yield f"{len(lost)} acknowledged numbers lost, e.g. {lost[0]}"
    for mall in touched:
        for each in stored_days.verify(tx, mall.id):
            yield f"{mall.slug}: {each}"


async def a_world(url: str, count: int) -> list[Mall]:
    """So many malls with every counter open."""
    await schema.migrate(url)
    print(f"loading {count} malls", flush=True)
    await worlds.at_once(url, world.load_malls, count)
    await worlds.at_once(url, world.open_malls)
    return await world.malls_of(url)


@contextlib.asynccontextmanager
async def balanced(processes: Sequence[Process], folder: Path) -> AsyncIterator[int]:
    """The processes running, behind haproxy on the port that is answered."""
    port = free_port()
    servers = "\n".join(f"    server s{each.port} 127.0.0.1:{each.port}" for each in processes)
    config = folder / "haproxy.cfg"
    config.write_text(HAPROXY.format(port=port, servers=servers))
    for each in processes:
        each.start()
        await each.answers()
    balancer = await asyncio.create_subprocess_exec("haproxy", "-db", "-f", str(config))
    try:
        await asyncio.sleep(2)  # until it knows who is there
        yield port
    finally:
        balancer.terminate()
        await balancer.wait()
        for each in processes:
            each.end(signal.SIGTERM)


async def break_things(processes: Sequence[Process], url: str, programs: Path) -> None:
    """One after the other, with time to recover between."""
    await asyncio.sleep(6)
    print("one process is killed", flush=True)
    processes[0].end(signal.SIGKILL)
    await asyncio.sleep(5)
    processes[0].start()
    await processes[0].answers()
    for _ in range(3):
        print("the node sessions are ended", flush=True)
        await end_leases(url)
        await asyncio.sleep(2)
    print("the database is restarted", flush=True)
    await restart(url, programs)
    await asyncio.sleep(8)
    print("one process is replaced in order", flush=True)
    await asyncio.to_thread(processes[1].end, signal.SIGTERM)
    processes[1].start()
    await processes[1].answers()
    await asyncio.sleep(5)


async def measure(count: int, url: str, folder: Path, programs: Path) -> list[str]:
    """Run it; answers what was wrong."""
    malls = await a_world(url, count)
    processes = [Process(url, folder, shift) for shift in (None, None, BEHIND)]
    async with balanced(processes, folder) as port:
        crowd = Crowd(malls, port)
        async with crowd.at_work():
            await break_things(processes, url, programs)
    seen = crowd.seen
    slugs = {slug for slug, _ticket in seen.numbers}
    touched = [mall for mall in malls if mall.slug in slugs]
    print(
        f"{len(seen.numbers)} numbers in {len(touched)} malls; answers {dict(seen.statuses)}, "
        f"{seen.lost} lost; the longest silence of {len(seen.silences)} screens "
        f"{max(seen.silences):.1f} s",
        flush=True,
    )
    wrong = await worlds.at_once(url, lambda tx: list(problems(tx, seen, touched)))
    wrong += [f"a screen was silent for {s:.1f} s" for s in seen.silences if s > SILENT_S]
    wrong += [f"answers {n}" for n in seen.statuses if n not in EXPECTED]
    return wrong


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.failover", description=__doc__)
    parser.add_argument("--malls", type=int, default=world.MALLS)
    count = parser.parse_args().malls
    programs = server_programs()
    if programs is None:
        raise SystemExit("failover: PostgreSQL's programs are not installed")
    with server(programs, ROOMY) as url, tempfile.TemporaryDirectory() as folder:
        wrong = asyncio.run(measure(count, url, Path(folder), programs))
        for each in wrong[:50]:
            print(each)
        print("failed" if wrong else "passed")
        if wrong:
            for log in Path(folder).glob("serve-*.log"):
                lines = [x for x in log.read_text().splitlines() if '"error"' in x]
                print(log.name, *lines[-5:], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
