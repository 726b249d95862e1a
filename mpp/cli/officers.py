"""`mpp officer`: the people who sign in. Passwords never stand on the command line."""

import re
import secrets

import click

from mpp.cli.devices import one_mall
from mpp.cli.session import on_database, the_mall
from mpp.counters.commands import people
from mpp.db.seam import Database
from mpp.errors import Invalid
from mpp.passwords import hash_password
from mpp.security import Role

ROLES = [str(role) for role in (Role.OFFICER, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)]
SHORTEST = 10
USERNAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
asked = click.option(
    "--ask", is_flag=True, help="Ask for the password; without it, one is made and printed once."
)


@click.group()
def officer() -> None:
    """Add officers, supervisors, managers and admins; set passwords, shut out, let in again."""


@officer.command()
@one_mall
@click.option("--username", required=True, help="Lower-case letters, digits and hyphens.")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", type=click.Choice(ROLES), default="officer", show_default=True)
@click.option("--counter", "counters", metavar="LABEL", multiple=True, help="May be repeated.")
@asked
def add(
    *, mall: str | None, username: str, name: str, role: str, counters: tuple[str, ...], ask: bool
) -> None:
    """Add a person who signs in with a user name and a password."""
    if not USERNAME.fullmatch(username):
        raise Invalid("Nama pengguna: huruf kecil, angka, tanda hubung.", field="username")
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise Invalid("Nama: 1–200 huruf yang tercetak.", field="name")
    password = _password(ask=ask)

    async def work(db: Database) -> None:
        known = await the_mall(db, mall)
        by_label = {each.label: each.id for each in known.counters}
        for label in counters:
            if label not in by_label:
                raise Invalid(f"Loket {label} tidak ada di mal ini.", field="counter")
        await db.execute(
            people.add_officer,
            known,
            username=username,
            name=name,
            role=Role(role),
            hashed=await hash_password(password),
            counter_ids=[by_label[label] for label in counters],
        )

    on_database(work)
    _tell(username, password, ask=ask)


@officer.command("password")
@one_mall
@click.argument("username")
@asked
def set_password(*, mall: str | None, username: str, ask: bool) -> None:
    """Set a new password for USERNAME and end all their sign-ins."""
    password = _password(ask=ask)

    async def work(db: Database) -> None:
        known = await the_mall(db, mall)
        hashed = await hash_password(password)
        await db.execute(people.set_password, known.id, username, hashed)

    on_database(work)
    _tell(username, password, ask=ask)


@officer.command()
@one_mall
@click.argument("username")
def disable(*, mall: str | None, username: str) -> None:
    """Let USERNAME in no more, wherever they are signed in. The history keeps their name."""

    async def work(db: Database) -> None:
        await db.execute(people.disable_officer, (await the_mall(db, mall)).id, username)

    on_database(work)
    click.echo(f"{username} tidak dapat masuk lagi; yang sedang masuk berakhir dalam 5 detik.")


@officer.command()
@one_mall
@click.argument("username")
def enable(*, mall: str | None, username: str) -> None:
    """Let USERNAME in again, with the same password."""

    async def work(db: Database) -> None:
        await db.execute(people.enable_officer, (await the_mall(db, mall)).id, username)

    on_database(work)
    click.echo(f"{username} dapat masuk lagi.")


def _password(*, ask: bool) -> str:
    if not ask:
        return secrets.token_urlsafe(12)
    password: str = click.prompt("Kata sandi", hide_input=True, confirmation_prompt="Sekali lagi")
    if len(password) < SHORTEST:
        raise Invalid(f"Kata sandi sedikitnya {SHORTEST} huruf.", field="password")
    return password


def _tell(username: str, password: str, *, ask: bool) -> None:
    if ask:
        click.echo(f"Kata sandi {username} disimpan.")
        return
    click.echo(f"Kata sandi {username} ini hanya ditampilkan sekali:", err=True)
    click.echo(password)
