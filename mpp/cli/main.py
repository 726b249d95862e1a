"""The command `mpp`. Each subcommand is loaded only when it is asked for, so `--help` is quick."""

import importlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

import mpp.errors
from mpp.cli.loading import loading


@dataclass(frozen=True)
class Entry:
    """Where a subcommand lives, and what the list of commands says of it."""

    module: str
    name: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "demo": Entry("demo", "demo", "Run a demo mall that is alive."),
    "serve": Entry("serve", "serve", "Serve kiosks, displays, desks, phones and the API."),
    "migrate": Entry("database", "migrate", "Bring the database to this release's schema."),
    "load": Entry("load", "load", "Create or update a mall from a TOML file."),
    "device": Entry("devices", "device", "Enrol, list and revoke kiosks, displays, counters."),
    "officer": Entry("officers", "officer", "Add officers and set their passwords."),
    "secret": Entry("secret", "secret", "Say which secret all processes share."),
    "verify": Entry("verify", "verify", "Check the invariants of the history."),
    "simulate": Entry("simulate", "simulate", "Give a mall a made-up past to learn and test with."),
    "recompute": Entry(
        "recompute", "recompute", "Roll up past days anew, or check what is kept of them."
    ),
    "skm": Entry("skm", "skm", "Compute the satisfaction index of a table of answers."),
    "ipp": Entry("ipp", "ipp", "Compute the index of public service of an evaluation."),
    "backup": Entry("database", "backup", "Copy the embedded database while it is in use."),
    "restore": Entry("database", "restore", "Put a backup in the place of the database."),
}


DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_IOERR", "SQLITE_CANTOPEN")
"""What SQLite calls faults of a file."""


class Commands(click.Group):
    """A group whose subcommands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        with loading():
            module = importlib.import_module(f"mpp.cli.{entry.module}")
        found: click.Command = getattr(module, entry.name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mpp", prog_name="mpp")
def cli() -> None:
    """Queues, counters and screens for a Mal Pelayanan Publik.

    Settings come from MPP_* variables (docs/operations.md lists them); without any, everything is
    kept under ./var. A first day: mpp migrate, mpp load mall.toml, mpp device enrol, mpp serve.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command; answers the exit status. A refusal is one line and 2; a bug is raised."""
    try:
        status = cli.main(list(arguments), prog_name="mpp", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except BrokenPipeError:  # `mpp device list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except (click.Abort, KeyboardInterrupt):
        # A server or a demo that is told to end has done what it was told.
        status = 0 if arguments[:1] in (["serve"], ["demo"]) else 130
    except Exception as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        click.echo(refusal, err=True)
        status = 2
    return status if isinstance(status, int) else 0


def _refusal(error: Exception) -> str | None:
    """What to say of an error that is not a bug of ours."""
    if isinstance(error, mpp.errors.MppError):
        # Faults of a file begin with its name and line, as editors read them.
        return ("" if "lines" in error.facts else "mpp: ") + error.detail
    if isinstance(error, OSError) and error.filename is not None:
        return f"mpp: {error.filename}: {error.strerror}"
    # Not by class: SQLite and SQLAlchemy would be loaded for every `--help`.
    cause = getattr(error, "orig", error)
    if getattr(cause, "sqlite_errorname", "").startswith(DAMAGED):
        return (
            f"mpp: Berkas basis data rusak atau bukan basis data ({cause}). Simpan berkas itu, lalu "
            "pulihkan cadangan dengan `mpp restore BERKAS`."
        )
    return None


def main() -> None:
    """The program `mpp`."""
    os.umask(0o077)  # databases, backups and secrets are their owner's alone
    status = run(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the exit
    sys.exit(status)
