"""The short commands, as their keeper sees them: what they print and the exit status."""

import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from factories import SMALL_MALL
from programs import Run

from mpp.cli.main import COMMANDS
from mpp.db.schema import to_microseconds
from mpp.schema import SCRIPTS


def test_help_names_every_command_and_imports_none(mpp: Run) -> None:
    shown = mpp("--help")
    assert shown.status == 0
    assert all(name in shown.out for name in COMMANDS)
    heavy = {"litestar", "sqlalchemy", "alembic", "rich", "uvicorn"}
    look = f"import mpp.cli.main, sys; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, mpp: Run) -> None:
    shown = mpp(name, "--help")
    assert (shown.status, shown.err) == (0, "")
    assert len(shown.out.splitlines()) > 4


def test_an_unknown_command_is_one_sentence(mpp: Run) -> None:
    done = mpp("bogus")
    assert done.status == 2
    assert "bogus" in done.err
    assert "Traceback" not in done.err


def test_commands_refuse_a_database_that_is_not_migrated(
    mpp: Run, small_mall: Path, tmp_path: Path
) -> None:
    done = mpp("load", small_mall)
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert "mpp migrate" in done.err
    assert not (tmp_path / "var/mpp.sqlite3").exists()


def test_the_newest_revision_is_found_as_alembic_finds_it(mpp: Run) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    assert mpp("migrate").out.splitlines()[-1] == f"Dari revisi (kosong) ke {newest}."
    assert mpp("migrate").out.splitlines()[-1] == f"Sudah pada revisi {newest}."
    assert mpp("device", "list").err.count("mpp load") == 1


def test_load_makes_and_updates_a_mall(loaded: Run, small_mall: Path, tmp_path: Path) -> None:
    small_mall.write_text(small_mall.read_text().replace('"Selamat datang"', '"Halo"'))
    assert "2 instansi, 3 layanan, 3 loket, 2 petugas" in loaded("load", small_mall).out
    with sqlite3.connect(tmp_path / "var/mpp.sqlite3") as database:
        assert database.execute("SELECT notice, revision FROM malls").fetchall() == [("Halo", 2)]
    database.close()


def test_the_first_load_says_what_comes_next(mpp: Run, small_mall: Path) -> None:
    mpp("migrate")
    first = mpp("load", small_mall).out
    assert "MPP_PUBLIC_URL=" in first
    assert "/sign-in?device=true" in first
    assert "MPP_PUBLIC_URL" not in mpp("load", small_mall).out


def test_load_names_each_fault_with_its_line_and_changes_nothing(
    loaded: Run, small_mall: Path
) -> None:
    text = small_mall.read_text().replace('zone = "a"', 'zone = "x"')
    small_mall.write_text(text)
    done = loaded("load", small_mall)
    wrong = [n for n, line in enumerate(text.splitlines(), 1) if line == 'zone = "x"']
    assert done.status == 2
    assert done.err.splitlines() == [
        f"{small_mall}:{n}: zona x tidak ada di berkas ini" for n in wrong
    ]


def test_check_needs_no_database(mpp: Run, small_mall: Path, tmp_path: Path) -> None:
    assert mpp("load", "--check", small_mall).status == 0
    assert not (tmp_path / "var").exists()


def test_a_device_gets_its_token_once(loaded: Run) -> None:
    enrolled = loaded(
        "device", "enrol", "--role", "counter", "--name", "loket satu", "--counter", "1"
    )
    assert re.fullmatch(r"mpp_counter_[\w-]{43}\n", enrolled.out)
    loaded("device", "enrol", "--role", "display", "--name", "layar a", "--zone", "a")
    listed = loaded("device", "list").out.splitlines()
    assert [line.split("\t")[:3] for line in listed] == [
        ["loket satu", "counter", "loket 1"],
        ["layar a", "display", "a"],
    ]
    assert enrolled.out.strip() not in "".join(listed)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--role", "counter", "--name", "x"], "menyebut loketnya"),
        (["--role", "counter", "--name", "x", "--counter", "9"], "Yang ada: 1, 2, 3."),
        (["--role", "display", "--name", "x", "--zone", "q"], "Zona itu tidak ada"),
        (["--role", "kiosk", "--name", ""], "Nama"),
        (["--role", "kiosk", "--name", "x", "--mall", "nirwana"], "Mal itu tidak ada"),
    ],
)
def test_a_device_that_cannot_be_is_refused(arguments: list[str], said: str, loaded: Run) -> None:
    done = loaded("device", "enrol", *arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err


def test_a_name_is_given_once_and_is_free_when_revoked(loaded: Run) -> None:
    enrol = ["device", "enrol", "--role", "kiosk", "--name", "kios pintu"]
    assert loaded(*enrol).status == 0
    assert "Sudah ada" in loaded(*enrol).err
    assert loaded("device", "revoke", "kios pintu").status == 0
    assert loaded("device", "list").out == ""
    assert loaded("device", "revoke", "kios pintu").status == 2
    assert loaded(*enrol).status == 0


def test_an_officer_is_added_with_a_password_that_is_printed_once(loaded: Run) -> None:
    add = ["officer", "add", "--username", "sari", "--name", "Sari Dewi", "--counter", "2"]
    added = loaded(*add)
    assert (added.status, added.out.count("\n")) == (0, 1)
    assert "sudah dipakai" in loaded(*add).err
    changed = loaded("officer", "password", "sari")
    assert changed.out.strip() not in ("", added.out.strip())
    assert loaded("officer", "password", "nobody").status == 2


def test_an_officer_is_shut_out_by_name_and_let_in_again(loaded: Run) -> None:
    assert loaded("officer", "disable", "petugas1").status == 0
    again = loaded("officer", "disable", "petugas1")
    assert (again.status, again.err.count("\n")) == (2, 1)
    assert loaded("officer", "enable", "petugas1").status == 0


def test_a_load_says_who_is_named_no_more(loaded: Run, tmp_path: Path) -> None:
    file = tmp_path / "fewer.toml"
    before, officer, rest = SMALL_MALL.partition("[[officer]]")
    file.write_text(before + officer + rest.partition(officer)[2])  # all but the first
    said = loaded("load", str(file))
    assert (said.status, said.out.splitlines()[1:]) == (0, ["Tidak dapat masuk lagi: petugas1"])
    assert loaded("load", str(file)).out.count("\n") == 1, "nobody more"


def test_no_command_takes_a_password_as_an_argument(mpp: Run) -> None:
    for arguments in (["officer", "add"], ["officer", "password"]):
        assert "--password" not in mpp(*arguments, "--help").out


def test_a_backup_is_checked_and_can_be_restored(loaded: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "mpp.sqlite3"
    assert loaded("backup", copy).status == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "sudah ada" in loaded("backup", copy).err
    loaded("device", "enrol", "--role", "kiosk", "--name", "kios baru")
    assert loaded("restore", copy).status == 0
    assert loaded("device", "list").out == ""
    assert len(list((tmp_path / "var").glob("mpp.sqlite3.before-restore-*"))) >= 1


def test_what_is_no_backup_is_not_restored(loaded: Run, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"not a database" * 100)
    done = loaded("restore", rubbish)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert loaded("device", "list").status == 0


def test_verify_notes_a_clock_that_was_set_back_and_finds_no_fault_in_it(
    loaded: Run, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "var/mpp.sqlite3") as database:
        (mall_id,) = database.execute("SELECT id FROM malls").fetchone()
        at = to_microseconds(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
        database.execute(
            "INSERT INTO clock_steps (mall_id, id, noticed_at, held_at, host) VALUES (?, 1, ?, ?, 'loket')",
            (mall_id, at, at + 300_000_000),
        )
    database.close()
    noted = loaded("verify")
    assert noted.status == 0
    assert noted.out.splitlines() == [
        "mpp-uji: catatan: 2026-11-23 09:00:00 jam loket (proses 0) mundur 300 detik; "
        "waktu mal ditahan sampai 09:05:00",
        "mpp-uji: tidak ada pelanggaran",
    ]
    assert "catatan" not in loaded("verify", "--from", "2026-11-24").out


def test_verify_finds_nothing_and_then_what_is_planted(loaded: Run, tmp_path: Path) -> None:
    clean = loaded("verify")
    assert (clean.status, clean.out) == (0, "mpp-uji: tidak ada pelanggaran\n")
    with sqlite3.connect(tmp_path / "var/mpp.sqlite3") as database:
        (mall_id,) = database.execute("SELECT id FROM malls").fetchone()
        database.execute(
            "INSERT INTO number_series (mall_id, day, prefix, last_number) VALUES (?, '2026-11-23', 'A', 3)",
            (mall_id,),
        )
    database.close()
    broken = loaded("verify", "--mall", "mpp-uji", "--from", "2026-11-23", "--to", "2026-11-23")
    assert broken.status == 1
    assert all(line.startswith("mpp-uji: 2026-11-23 ") for line in broken.out.splitlines())
    assert broken.out
    assert loaded("verify", "--from", "2026-11-24").status == 0
    assert loaded("verify", "--from", "2026-11-24", "--to", "2026-11-23").status == 2
