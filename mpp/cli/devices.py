"""`mpp device`: kiosks, displays, counters and integrations, each with its own token."""

import click

from mpp.cli.session import on_database, the_mall
from mpp.clock import system_clock
from mpp.counters.commands import people
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Conflict, Invalid
from mpp.security import Role, new_token, token_hash

ROLES = [str(role) for role in Role if role is not Role.OFFICER]
one_mall = click.option("--mall", metavar="SLUG", help="May be left out where there is one mall.")


@click.group()
def device() -> None:
    """Enrol, list and revoke kiosks, displays, counters and integrations."""


@device.command()
@one_mall
@click.option("--role", type=click.Choice(ROLES), required=True, help="What it may do.")
@click.option("--name", required=True, help="How people call it, e.g. 'kios pintu utama'.")
@click.option("--counter", metavar="LABEL", help="The counter that it stands at (role counter).")
@click.option("--zone", metavar="SLUG", help="The zone that a display shows.")
@click.option("--unrestricted", is_flag=True, help="Opening hours and quotas do not bind it.")
def enrol(
    *,
    mall: str | None,
    role: str,
    name: str,
    counter: str | None,
    zone: str | None,
    unrestricted: bool,
) -> None:
    """Make a device known and print its token, once: only its hash is stored.

    Roles supervisor, manager and admin are for programs that read reports or steer the mall.
    """
    token = new_token(role)

    async def work(db: Database) -> None:
        known = await the_mall(db, mall)
        if any(each.name == name for each in await db.read(people.active_devices, known.id)):
            raise Conflict(f"Sudah ada perangkat aktif bernama {name!r}.", field="name")
        await db.execute(
            people.enrol_device,
            known,
            role=Role(role),
            name=_readable(name),
            hashed=token_hash(token),
            now=system_clock(),
            counter_id=_counter(known, counter),
            zone=zone,
            unrestricted=unrestricted,
        )

    on_database(work)
    click.echo("Token ini hanya ditampilkan sekali:", err=True)
    click.echo(token)


@device.command()
@one_mall
@click.argument("name")
def revoke(*, mall: str | None, name: str) -> None:
    """Refuse the device NAME from now on, within seconds."""

    async def work(db: Database) -> None:
        known = await the_mall(db, mall)
        await db.execute(people.revoke_device, known.id, name, now=system_clock())

    on_database(work)
    click.echo(f"Perangkat {name} dicabut.")


@device.command("list")
@one_mall
def list_devices(*, mall: str | None) -> None:
    """The devices that are let in, one a line: name, role, place, day of enrolment."""

    async def work(db: Database) -> list[str]:
        known = await the_mall(db, mall)
        label = {each.id: each.label for each in known.counters}
        rows = await db.read(people.active_devices, known.id)
        return [
            "\t".join(
                (
                    each.name,
                    each.role,
                    f"loket {label.get(each.counter_id, '?')}"
                    if each.counter_id
                    else each.zone or "-",
                    str(known.day(each.created_at)),
                    "tanpa batas" if each.unrestricted else "",
                )
            ).rstrip()
            for each in rows
        ]

    for line in on_database(work):
        click.echo(line)


def _readable(name: str) -> str:
    if not name.strip() or len(name) > 80 or not name.isprintable():
        raise Invalid("Nama: 1–80 huruf yang tercetak.", field="name")
    return name


def _counter(mall: Mall, label: str | None) -> int | None:
    if label is None:
        return None
    for each in mall.counters:
        if each.label == label:
            return each.id
    labels = ", ".join(each.label for each in mall.counters)
    raise Invalid(f"Loket {label} tidak ada. Yang ada: {labels}.", field="counter")
