"""A mall's file: whatever is wrong with it is named with its line."""

import contextlib
from datetime import date
from pathlib import Path

import pytest
from factories import SMALL_MALL

from mpp.counters.rules.places import lines
from mpp.counters.rules.source import read_mall, read_with_hints
from mpp.errors import Invalid


def faults(text: str) -> list[tuple[str, str]]:
    """The line of text that each fault names, and what is said of it."""
    with pytest.raises(Invalid) as caught:
        read_mall(text, "mall.toml")
    found = []
    for fault in caught.value.detail.splitlines():
        name, number, said = fault.split(":", 2)
        assert name == "mall.toml"
        found.append((text.splitlines()[int(number) - 1], said.strip()))
    return found


def test_a_good_file_is_read() -> None:
    assert read_mall(SMALL_MALL, "mall.toml").agency[1].service[0].fee == 350000


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ('prefix = "K"', 'prefix = "k"', 'prefix = "k"', "agency.service.prefix: "),
        ("fee = 350000", "fee = -1", "fee = -1", "agency.service.fee: "),
        ("daily_quota = 3", 'daily_quota = "3"', 'daily_quota = "3"', "agency.service.daily_quota"),
        ('short = "Imigrasi"', 'shrt = "Imigrasi"', 'shrt = "Imigrasi"', "kunci tidak dikenal: shrt"),
        ("[mall.hours]", "[mall.huors]", "[mall.huors]", "kunci tidak dikenal: huors"),
        ('monday = ["08:00-15:00"]', "monday = 8", "monday = 8", "mall.hours"),
        ('role = "manager"', 'role = "king"', 'role = "king"', "officer.role"),
        ('label = "3"', "label = 3", "label = 3", "counter.label"),
        (
            'services = [{ service = "paspor" }]',
            'services = [{ service = "paspor", wight = 2 }]',
            'services = [{ service = "paspor", wight = 2 }]',
            "kunci tidak dikenal: wight",
        ),
    ],
)  # fmt: skip
def test_a_fault_of_a_field_is_named(right: str, wrong: str, line: str, said: str) -> None:
    assert right in SMALL_MALL
    ((shown, why),) = faults(SMALL_MALL.replace(right, wrong))
    assert line in shown
    assert why.startswith(said)


def test_all_faults_of_fields_are_named_at_once_in_words_with_what_to_write() -> None:
    text = SMALL_MALL
    for right, wrong in (
        ('prefix = "K"', 'prefix = "k"'),
        ("fee = 350000", 'fee = "350.000"'),
        ("daily_quota = 3", "daily_quota = 0"),
        ('short = "Imigrasi"', 'shrt = "Imigrasi"'),
        ('role = "manager"', 'role = "king"'),
        ('requirements = [{ id = "Fotokopi KK", en = "Copy of the family card" }]', 'requirements = ["KK"]'),
        ('monday = ["08:00-15:00"]', 'monday = "08:00-15:00"'),
        ('slug = "mpp-uji"', 'slug = "MPP Uji"'),
    ):  # fmt: skip
        assert right in text
        text = text.replace(right, wrong)
    found = dict(faults(text))
    assert len(found) == 8
    assert found['prefix = "k"'].endswith(
        'tulis satu sampai tiga huruf besar, misalnya prefix = "A"'
    )
    assert "bilangan bulat tanpa titik" in found['fee = "350.000"']
    assert found['requirements = ["KK"]'].endswith('en = "Copy of the family card" }]')
    assert 'monday = ["08:00-15:30"]' in found['monday = "08:00-15:00"']
    assert 'slug = "dinas-kesehatan"' in found['slug = "MPP Uji"']
    assert found['shrt = "Imigrasi"'] == "kunci tidak dikenal: shrt; maksudnya short?"
    assert not any(
        sign in said for said in found.values() for sign in ("^", "berpola", "regex", "Expected")
    )


@pytest.mark.parametrize(
    "value", ["1", "-1", '""', '"x y"', "[]", "{}", "[1]", "[[]]", "2026-01-01", "1.5", "true"]
)
def test_whatever_stands_at_a_key_is_read_or_named_in_words(value: str) -> None:
    for line in set(SMALL_MALL.splitlines()):
        key, is_one, _ = line.partition(" = ")
        if is_one:
            text = SMALL_MALL.replace(line, f"{key} = {value}", 1)
            said = ""
            with contextlib.suppress(Invalid):  # either is right
                try:
                    read_mall(text, "x")
                except Invalid as error:
                    said = error.detail
                    raise
            assert not set("^`") & set(said), said
            assert "Expected" not in said


def test_names_are_normalised_before_they_are_compared() -> None:
    twice = SMALL_MALL.replace('label = "2"', 'label = " 1"')
    assert faults(twice) == [('label = " 1"', "label 1 sudah dipakai di atas")]
    unseen = SMALL_MALL.replace('label = "2"', r'label = "\u200e1\n"')
    assert [said for _, said in faults(unseen)] == ["label 1 sudah dipakai di atas"]
    ((_, said),) = faults(SMALL_MALL.replace('name = "Paspor baru"', r'name = " \u200f\n "'))
    assert said.startswith("agency.service.name: tidak boleh kosong; tulis nama")
    read = read_mall(SMALL_MALL.replace("Paspor baru", r"Paspor\nbe\u0301 baru "), "x")
    assert read.agency[1].service[0].name == "Paspor bé baru"


def test_a_service_that_no_counter_serves_is_named_unless_it_is_paused() -> None:
    text = SMALL_MALL.replace(
        '{ service = "ktp-el" }, { service = "kk" }', '{ service = "ktp-el" }'
    )
    ((line, said),) = faults(text)
    assert (line, '{ service = "kk" }' in said) == ('slug = "kk"', True)
    read_mall(text.replace('prefix = "K"', 'prefix = "K"\npaused = "Petugas cuti"'), "x")


@pytest.mark.parametrize("first", ["2026-03-19", "2026-02-18", "2026-01-01"])
def test_overlapping_periods_are_named(first: str) -> None:
    week = '[period.hours]\nmonday = ["08:00-14:00"]\n'
    period = '[[period]]\nname = "{}"\nfrom = {}\nto = {}\n' + week
    one = period.format("Ramadan", "2026-02-18", "2026-03-19")
    ((line, said),) = faults(SMALL_MALL + one + period.format("Lain", first, "2026-04-01"))
    assert line == f"from = {first}"
    assert said.startswith("masa Lain bertumpuk dengan Ramadan")
    read_mall(SMALL_MALL + one + period.format("Lain", "2026-03-20", "2026-04-01"), "x")


@pytest.mark.parametrize(
    ("said", "meant"), [("WIB", "Jakarta"), ("wita", "Makassar"), ("Wit", "Jayapura")]
)
def test_indonesias_times_are_known_by_what_people_call_them(said: str, meant: str) -> None:
    read = read_with_hints(SMALL_MALL.replace("Asia/Jakarta", said), "x")
    assert read.file.mall.time_zone == f"Asia/{meant}"
    (hint,) = read.hints
    assert f'"{said}"' in hint
    assert f'time_zone = "Asia/{meant}"' in hint
    assert read_with_hints(SMALL_MALL, "x").hints == []


def test_what_is_missing_does_not_hide_what_is_wrong_behind_it() -> None:
    with pytest.raises(Invalid) as caught:
        read_mall('[[agency]]\nslug = "A"\n[[counter]]\nlabel = 1\n', "x")
    said = caught.value.detail
    assert "kunci mall wajib ada; tulis [mall]" in said
    assert 'slug = "dinas-kesehatan"' in said
    assert "counter.label: 1 tidak dapat dipakai" in said
    assert "[mall.hours]" in said


def test_a_mark_of_the_byte_order_is_no_part_of_the_file() -> None:
    assert read_mall("\ufeff" + SMALL_MALL, "x") == read_mall(SMALL_MALL, "x")


def test_a_missing_field_is_named_where_its_table_begins() -> None:
    ((line, said),) = faults(SMALL_MALL.replace('slug = "imigrasi"\n', ""))
    assert (line, "slug" in said) == ("[[agency]]", True)


def test_contradictions_are_all_named_in_the_order_of_the_file() -> None:
    text = SMALL_MALL.replace('zone = "b"', 'zone = "q"').replace(
        'counters = ["1"]', 'counters = ["7"]'
    )
    assert faults(text) == [
        ('zone = "q"', "zona q tidak ada di berkas ini"),
        ('zone = "q"', "zona q tidak ada di berkas ini"),
        ('counters = ["7"]', "loket 7 tidak ada di berkas ini"),
    ]


def test_faults_of_the_syntax_are_named() -> None:
    ((line, said),) = faults(SMALL_MALL.replace('slug = "imigrasi"', 'slug = "imigrasi'))
    assert line == 'slug = "imigrasi'
    assert said.startswith("TOML: ")
    ((line, _),) = faults(SMALL_MALL + "counters = [")
    assert line == "counters = ["
    assert faults("x") != []


def test_lines_know_arrays_of_tables_dotted_keys_and_long_strings() -> None:
    text = '''\
[mall]
notice = """
[[agency]]
slug = 1
"""
"quoted key" = 1
a.b = 2
[[agency]]
[[agency.service]]
slug = "x"
[[agency]]
[[agency.service]]
[[agency.service]]  # a comment
slug = "y"
[agency.more]
z = 1
'''
    found = lines(text)
    assert found["mall", "notice"] == 2
    assert found["mall", "quoted key"] == 6
    assert found["mall", "a", "b"] == 7
    assert found["agency", 0] == 8
    assert found["agency", 0, "service", 0, "slug"] == 10
    assert found["agency", 1, "service", 1, "slug"] == 14
    assert found["agency", 1, "more", "z"] == 16


def test_the_demo_mall_is_as_large_as_a_real_one() -> None:
    path = Path("mpp/demo/mall.toml")
    file = read_mall(path.read_text(), path.name)
    offered = [service for agency in file.agency for service in agency.service]
    served = {each.service for counter in file.counter for each in counter.services}
    shares = {slug: part.share for slug, part in file.demo.service.items()}
    dukcapil = next(agency for agency in file.agency if agency.slug == "dukcapil")
    assert len(file.agency) >= 20
    assert len(offered) >= 75
    assert len(file.counter) >= 30
    assert len(file.zone) == 3
    assert all(service.requirements and service.name_en for service in offered)
    assert {service.slug for service in offered} == served == set(shares)
    assert sum(shares.values()) == pytest.approx(100)
    assert 25 <= sum(shares[service.slug] for service in dukcapil.service) <= 40
    assert any(holiday.date == date(2026, 12, 25) for holiday in file.holiday)
