"""`mpp skm`: a table of answers in, the index out, no database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mpp.cli.main import cli, run

HEAD = "u1,u2,u3,u4,u5,u6,u7,u8,u9\n"
THREE = HEAD + "3,3,3,4,3,4,4,3,3\n3,4,3,4,3,4,4,3,2\n4,3,4,4,3,3,3,3,2\n"


def skm(tmp_path: Path, text: str, *options: str) -> str:
    file = tmp_path / "answers.csv"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli, ["skm", str(file), *options], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_json_for_programs(tmp_path: Path) -> None:
    said = json.loads(skm(tmp_path, THREE, "--json"))
    assert said["n"] == 3
    assert said["nrr"]["u1"] == 3.3333
    assert list(said["nrr"]) == [f"u{n}" for n in range(1, 10)]
    assert (said["ikm"], said["grade"], said["performance"]) == (82.41, "B", "Baik")
    assert said["weights"] == "exact"
    assert said["interval"] is None  # three respondents say nothing about the others


def test_many_respondents_have_an_interval(tmp_path: Path) -> None:
    said = json.loads(skm(tmp_path, THREE + THREE.removeprefix(HEAD) * 9, "--json"))
    low, high = said["interval"]
    assert low < said["ikm"] == 82.41 < high


def test_the_printed_weight(tmp_path: Path) -> None:
    said = json.loads(skm(tmp_path, THREE, "--json", "--weights", "0.11"))
    assert (said["ikm"], said["weights"]) == (81.58, "0.11")


def test_the_weight_with_three_decimals_of_older_reports(tmp_path: Path) -> None:
    """By hand: the nine means add up to 29.6667; × 0.111 × 25 = 82.325."""
    said = json.loads(skm(tmp_path, THREE, "--json", "--weights", "0.111"))
    assert (said["ikm"], said["weights"]) == (82.33, "0.111")
    fours = HEAD + "4,4,4,4,4,4,4,4,4\n" * 5
    assert json.loads(skm(tmp_path, fours, "--json", "--weights", "0.111"))["ikm"] == 99.9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, ": tidak ada responden di bawah kepala tabel\n"),
        (HEAD + "\n\n", ": tidak ada responden di bawah kepala tabel\n"),
        (THREE + "4,4,4,4,4,4,4,4\n", ":5: 8 sel, kepala tabel 9\n"),
        ("\ufeff" + HEAD.replace(",", ";") + "4;4;4\n", ":2: 3 sel, kepala tabel 9\n"),
    ],
)
def test_a_torn_row_and_an_empty_table_are_refused(
    tmp_path: Path, capsys, text: str, said: str
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(text, encoding="utf-8")
    assert run(["skm", str(file)]) == 2
    assert capsys.readouterr() == ("", f"{file}{said}")


def test_a_table_for_people(tmp_path: Path) -> None:
    said = skm(tmp_path, THREE)
    assert "IKM        82,41" in said
    assert "B – Baik" in said
    assert "Terlemah   Penanganan pengaduan" in said


def test_an_unsur_without_answers_is_no_index(tmp_path: Path) -> None:
    said = json.loads(skm(tmp_path, HEAD + "4,4,4,4,4,4,4,4,\n", "--json"))
    assert (said["ikm"], said["grade"], said["nrr"]["u9"]) == (None, None, None)
    assert "tidak dapat dihitung" in skm(tmp_path, HEAD + "4,4,4,4,4,4,4,4,\n")


def test_faults_are_lines_an_editor_can_follow(tmp_path: Path, capsys) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(HEAD + "4,4,4,4,4,4,4,4,7\n", encoding="utf-8")
    assert run(["skm", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:2: u9: '7' bukan 1, 2, 3, atau 4\n"
    file.write_bytes(b"\xff\xfe")
    assert run(["skm", str(file)]) == 2
    assert "kepala tabel: u1 … u9" in capsys.readouterr().err


def test_a_row_of_sums_is_no_respondent_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(THREE.replace(",", ";") + "Jumlah;;;;;;;;\n", encoding="utf-16")
    done = CliRunner().invoke(cli, ["skm", str(file), "--json"], catch_exceptions=False)
    assert json.loads(done.stdout)["n"] == 3
    assert "Jumlah" in done.stderr
