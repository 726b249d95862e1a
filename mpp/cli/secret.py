"""`mpp secret`: when the secret that signs forms and survey tokens was lost."""

import os

import click

from mpp.cli.progress import Progress
from mpp.cli.session import on_database
from mpp.config import Settings
from mpp.counters.commands.secret import accept as accept_secret
from mpp.security import fingerprint


@click.group()
def secret() -> None:
    """The secret that all processes of an installation share."""


@secret.command()
def accept() -> None:
    """Let the secret of this machine count from now on.

    For when the old one is lost: every process needs the new one. Pages that are open must be loaded
    again, and surveys of visits of the last days could be answered a second time.
    """
    mine = fingerprint(Settings.from_env(os.environ).secret_key)
    on_database(lambda db: db.execute(accept_secret, mine))
    Progress().say("Rahasia mesin ini berlaku. Mulai ulang semua proses dengan rahasia ini.")
