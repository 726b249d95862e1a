"""What citizens say must find what they mean, in the catalogue of the demo's mall."""

import csv
from pathlib import Path

import pytest

from mpp.counters.rules.source import read_mall
from mpp.kiosk.rules.finding import Entry, find, root

HERE = Path(__file__).parent
AT_LEAST = 0.95
OF_TRIALS: tuple[str, ...] = (
    "biaya pembuatan paspor berapa?",
    "syarat buat KTP baru apa aja?",
    "AK1",
    "IMB",
    "imb",
    "kis",
    "tki",
)
OF_TRIALS += ("stnk hilang", "surat kelakuan baik", "perpanjang paspor", "ktp di hp")
OF_TRIALS += ("nomor pokok wajib pajak", "bikin sertifikat tanah baru")
OF_TRIALS += ("ganti nama di pengadilan",)
STEMS = [
    ("penggantian", "ganti"),
    ("ganti", "ganti"),
    ("kehilangan", "hilang"),
    ("pencari", "cari"),
]
FIRST = {
    "syarat buat KTP baru apa aja?": "ktp-rekam",
    "bikin ktp": "ktp-rekam",
    "perpanjang paspor": "paspor-ganti",
    "ambil paspor": "paspor-ambil",
    "bikin pasport": "paspor-baru",
    "nomor pokok wajib pajak": "npwp",
    "surat izin mengemudi c": "sim-c",
    "kartu tanda penduduk rusak": "ktp-el",
}
"""What must stand first: the thing before what is done with it, and what is done among its services."""


def catalogue() -> tuple[dict[int, str], tuple[Entry, ...]]:
    """Id → slug, and what the search knows of the demo's services."""
    file = read_mall(Path("mpp/demo/mall.toml").read_text(encoding="utf-8"), "mall.toml")
    offered = [(agency, each) for agency in file.agency for each in agency.service]
    entries = tuple(
        Entry(
            i,
            " ".join((each.name, each.name_en or "", *each.keywords)),
            product=f"{each.product} {each.product_en}",
            agency=f"{agency.short} {agency.name} {agency.name_en}",
            needs=" ".join(f"{need.id} {need.en}" for need in each.requirements),
        )
        for i, (agency, each) in enumerate(offered)
    )
    return {i: each.slug for i, (_, each) in enumerate(offered)}, entries


def missed(name: str) -> tuple[int, dict[str, list[str]]]:
    """How many sayings the file holds, and those whose services are not all of the first three."""
    slugs, entries = catalogue()
    with (HERE / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {row["said"]: [slugs[i] for i in find(row["said"], entries)[:3]] for row in rows}
    wrong = {
        r["said"]: found[r["said"]]
        for r in rows
        if not set(r["wanted"].split()) <= set(found[r["said"]])
    }
    return len(rows), wrong


def test_what_people_say_finds_what_they_mean_among_the_first_three() -> None:
    said, wrong = missed("said.csv")
    assert said >= 150
    assert len(wrong) <= (1 - AT_LEAST) * said, wrong
    assert not wrong.keys() & set(OF_TRIALS)


@pytest.mark.parametrize("name", ["said_later.csv", "said_third.csv"])
def test_sayings_that_were_written_after_the_rule_are_found_too(name: str) -> None:
    said, wrong = missed(name)
    assert len(wrong) <= (1 - AT_LEAST) * said + 1e-9, wrong


@pytest.mark.parametrize(
    ("said", "slug"),
    [("en pe we pe", "npwp"), ("katepe hilang", "ktp-el"), ("lapor pajek taunan", "spt-tahunan")],
)
def test_words_as_they_are_spoken_or_mistyped_are_the_ones_that_are_known(
    said: str, slug: str
) -> None:
    slugs, entries = catalogue()
    assert slug in [slugs[i] for i in find(said, entries)[:3]]


@pytest.mark.parametrize(("said", "slug"), FIRST.items())
def test_the_thing_goes_before_what_is_done_with_it(said: str, slug: str) -> None:
    slugs, entries = catalogue()
    assert slugs[find(said, entries)[0]] == slug


def test_a_long_name_and_its_abbreviation_are_one() -> None:
    assert find("npwp", (Entry(1, "Pajak daerah"), Entry(2, "Nomor Pokok Wajib Pajak"))) == [2]
    assert find("wajib pajak", (Entry(1, "Akta"), Entry(2, "NPWP"))) == [2]
    entries = (Entry(1, "Akta"), Entry(2, "", product="Nomor Pokok Wajib Pajak"), Entry(3, "NPWP"))
    assert find("nomor pokok wajib pajak", entries)[0] == 3


def test_a_keyword_of_the_mall_finds_its_service() -> None:
    plain = (Entry(1, "Paspor baru"), Entry(2, "Akta lahir"))
    assert find("buku ijo", plain) == []
    assert find("buku ijo", (Entry(1, "Paspor baru buku ijo"), plain[1])) == [1]


def test_a_rare_word_says_more_than_a_common_one() -> None:
    entries = (Entry(1, "Kartu satu"), Entry(2, "Kartu dua"), Entry(3, "Kartu paspor"))
    assert find("kartu paspor", entries)[0] == 3
    assert find("paspr kartu", entries)[0] == 3


@pytest.mark.parametrize(("word", "bare"), [("perpanjangan", "panjang"), ("ktp", "ktp"), *STEMS])
def test_a_root_is_what_is_left_without_affixes(word: str, bare: str) -> None:
    assert root(word) == bare
