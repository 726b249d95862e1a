"""`mpp ipp`: the index of a file, and one line for what is wrong in it."""

import json
from pathlib import Path
from typing import Any

import pytest
from programs import Run

FOURS = {str(number): 4 for number in range(1, 31)}


@pytest.fixture
def ipp(mpp: Run, tmp_path: Path):
    def run(content: Any, *options: str):
        path = tmp_path / "scores.json"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return mpp("ipp", path, *options)

    return run


def test_the_index_of_an_evaluation_as_json(ipp) -> None:
    done = ipp(
        {"instrument": "pekppp-2023", "variant": "A", "f02": FOURS, "f03": [[4] * 14]}, "--json"
    )
    assert (done.status, done.err) == (0, "")
    found = json.loads(done.out)
    assert {key: found[key] for key in ("f02", "f03", "ipp", "letter", "predicate", "missing")} == {
        "f02": 4.0,
        "f03": 4.0,
        "ipp": 4.0,
        "letter": "B",
        "predicate": "Baik",
        "missing": [],
    }
    assert {code: each["weight"] for code, each in found["aspects"].items()} == {
        "I": 24, "II": 25, "III": 18, "IV": 11, "V": 10, "VI": 12,
    }  # fmt: skip
    assert found["next"]["letter"] == "A-"
    assert found["next"]["raise"] == [{"indicator": 24, "from": 4, "to": 5}]


def test_what_is_missing_is_listed_and_counts_as_zero(ipp) -> None:
    found = json.loads(ipp({"f02": FOURS | {"6": None}}, "--json").out)
    assert (found["missing"], found["f03"]) == ([6, "f03"], None)
    assert found["ipp"] == 2.88  # 0.75 × (4 − 4 × 0.0408) = 2.8776


def test_a_person_reads_a_table(ipp) -> None:
    done = ipp({"f02": {"6": 3}, "variant": "B"})
    assert done.status == 0
    assert "Daring" in done.out
    assert "IPP   0,09  F – Gagal" in done.out
    assert "Belum ada jawaban pengguna (F-03)" in done.out
    assert "Menuju E" in done.out


def test_without_users_the_evaluator_may_count_alone(ipp) -> None:
    found = json.loads(ipp({"f02": FOURS, "without_f03": "f02"}, "--json").out)
    assert (found["ipp"], found["letter"]) == (4.0, "B")


WRONG = [
    ("", "scores.json"),
    ("[]", "scores.json"),
    ("{", "scores.json"),
    ('{"variant": "A"}', "f02"),
    ('{"f02": {"6": 3}, "colour": 1}', "colour"),
    ('{"f02": {"6": 6}}', "Indikator 6"),
    ('{"f02": {"6": -1}}', "Indikator 6"),
    ('{"f02": {"6": "3"}}', "$.f02"),
    ('{"f02": {"6": true}}', "$.f02"),
    ('{"f02": {"6": 2.5}}', "$.f02"),
    ('{"f02": {"6": 1e400}}', "scores.json"),
    ('{"f02": {"99": 3}}', "Indikator 99"),
    ('{"f02": {"06": 3}}', "'06'"),
    ('{"f02": {"enam": 3}}', "'enam'"),
    ('{"f02": {"' + "9" * 5000 + '": 3}}', "f02"),
    ('{"f02": {"٣": 3}}', "f02"),
    ('{"f02": {}, "f03": [[3, 3]]}', "Pengguna ke-1"),
    ('{"f02": {}, "f03": [3]}', "$.f03"),
    ('{"f02": {}, "f03": [["3"]]}', "$.f03"),
    (json.dumps({"f02": {}, "f03": [[3] * 14, [3] * 13 + [9]]}), "Pengguna ke-2"),
    ('{"f02": {}, "variant": "C"}', "Varian 'C'"),
    ('{"f02": {}, "variant": 3}', "$.variant"),
    ('{"f02": {}, "instrument": "pekppp-1990"}', "Instrumen 'pekppp-1990'"),
    ('{"f02": {}, "instrument": 2001}', "Instrumen 2001"),
    ('{"f02": {}, "without_f03": "both"}', "without_f03"),
    ('{"f02": ' + "[" * 3000 + "]" * 3000 + "}", "f02"),
    ('{"f02": {}, "x": ' + "[" * 100_000 + "}", "scores.json"),
]


@pytest.mark.parametrize(("content", "named"), WRONG, ids=range(len(WRONG)))
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["table", "json"])
def test_what_is_wrong_is_named_in_one_line(ipp, content: str, named: str, options) -> None:
    done = ipp(content, *options)
    assert (done.status, done.out) == (2, "")
    assert named in done.err
    assert done.err.count("\n") == 1
    assert len(done.err) < 500


def test_a_file_that_is_no_text_or_not_there(mpp: Run, tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in mpp("ipp", tmp_path / "binary.json").err
    assert mpp("ipp", tmp_path / "binary.json").status == 2
    assert mpp("ipp", tmp_path / "nothing.json").status == 2
