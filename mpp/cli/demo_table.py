"""Where a newcomer finds everything in the demo: the printed table, and the front page's ways in."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mpp.counters.pages import SignInHint
from mpp.demo.visitors import Seen
from mpp.demo.world import World
from mpp.texts import marked

ALL_OFFICERS = 3  # so many are printed; the front page and the tokens file have them all


def hints(world: World) -> list[SignInHint]:
    """One click on the front page signs in as one of these."""
    made = world.tokens
    label = {each.id: each.label for each in made.counters}
    zone = {each.slug: each.name.id for each in world.mall.zones}
    manager, admin = made.manager, made.admin
    return [
        *(
            SignInHint(marked("Kios"), each.name.capitalize(), "/kiosk", token=each.token)
            for each in made.kiosks
        ),
        *(
            SignInHint(
                marked("Layar"), zone[each.zone], f"/display?zone={each.zone}", token=each.token
            )
            for each in made.displays
        ),
        *(
            SignInHint(
                marked("Petugas"),
                f"Loket {label[each.counter]}",
                f"/desk/{each.counter}",
                each.username,
                each.password,
            )
            for each in made.officers
        ),
        *(
            SignInHint(marked("Pimpinan"), "Penyelia", "/overview", *each)
            for each in world.supervisors
        ),
        SignInHint(marked("Pimpinan"), "Manajer", "/overview", manager.username, manager.password),
        SignInHint(marked("Pimpinan"), "Admin", "/overview", admin.username, admin.password),
    ]


def follow(hints: list[SignInHint], base: str, say: Callable[[str], None]) -> Seen:
    """Keep the newest visit's phone page among the ways in; `say` where the first one's is."""
    fixed = len(hints)

    def seen(token: str, label: str) -> None:
        if len(hints) == fixed:
            say(f"  Ponsel pengunjung {label} (phone): {base}/v/{token}")
        hints[fixed:] = [SignInHint(marked("Ponsel"), f"Tiket {label}", f"/v/{token}")]

    return seen


def table(world: World, data: Path, file: Path | None) -> RenderableType:
    """The addresses and sign-ins, for a terminal."""
    made = world.tokens
    places = Table(box=None, padding=(0, 2), show_header=False)
    rows = [
        ("Mulai di sini", "start here", "/"),
        ("Kios antrean", "kiosk", "/kiosk"),
        *(
            (f"Layar {zone.name.id}", "display", f"/display?zone={zone.slug}")
            for zone in world.mall.zones
        ),
        ("Meja petugas", "desk", "/desk"),
        ("Ponsel pengunjung", "phone", "/v/… (pindai QR pada tiket; scan a ticket's QR)"),
        ("Ikhtisar manajer", "manager", "/overview"),
        ("Dokumen API", "API", "/api/docs"),
    ]
    for name, english, path in rows:
        places.add_row(Text(name), Text(english, "dim"), Text(made.base + path, "cyan"))
    people = Table(box=None, padding=(0, 2), header_style="dim")
    for column in ("", "nama pengguna", "kata sandi"):
        people.add_column(column)
    label = {each.id: each.label for each in made.counters}
    shown = made.officers[:ALL_OFFICERS]
    for officer in shown:
        people.add_row(
            f"Petugas loket {label[officer.counter]}", officer.username, officer.password
        )
    for username, password in world.supervisors:
        people.add_row("Penyelia", username, password)
    people.add_row("Manajer", made.manager.username, made.manager.password)
    people.add_row("Admin", made.admin.username, made.admin.password)
    more = len(made.officers) - len(shown)
    where = str(file) if file else "--tokens BERKAS"
    return Group(
        Text(f"\n{world.mall.name}\n", "bold"),
        places,
        Text(),
        people,
        Text(
            f"\n  {more} petugas lain, kios, dan layar: satu klik di {made.base}/ · token: {where}"
            f"\n  Data di {data}. Ctrl-C mengakhiri demo.\n",
            "dim",
        ),
    )
