"""`mpp load`: create or update a mall from one readable file."""

from pathlib import Path

import click

from mpp.cli.session import on_database
from mpp.cli.text import read_text
from mpp.counters.commands.load import load_mall
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.source import read_with_hints

NEXT = """Berikutnya:
  mpp officer password NAMA          kata sandi bagi tiap petugas
  mpp device enrol --role kiosk …    token bagi kios, layar, dan loket; pasang di /sign-in?device=true
  MPP_PUBLIC_URL=https://… mpp serve alamat yang dibuka ponsel pengunjung lewat kode QR"""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only check the file; touch no database.")
def load(file: Path, *, check: bool) -> None:
    """Create or update a mall from FILE.

    What FILE no longer names is retired, never deleted: history keeps it. Every fault is named with
    its line, and nothing is changed then.
    """
    read, hints = read_with_hints(read_text(file), str(file))
    loaded = None if check else on_database(lambda db: db.execute(load_mall, read))
    click.echo(
        f"{read.mall.slug}: {_counted(read)}" + (" – berkas baik" if check else " – termuat")
    )
    if loaded and loaded.is_new:
        click.echo(NEXT)
    for hint in hints:
        click.echo(hint)
    if loaded and loaded.shut_out:
        click.echo(f"Tidak dapat masuk lagi: {', '.join(loaded.shut_out)}")


def _counted(read: MallFile) -> str:
    services = sum(len(agency.service) for agency in read.agency)
    return (
        f"{len(read.agency)} instansi, {services} layanan, {len(read.counter)} loket, "
        f"{len(read.officer)} petugas"
    )
