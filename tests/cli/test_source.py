"""A mall's file: whatever is wrong with it is named with its line."""

from datetime import date
from pathlib import Path

import pytest
from factories import SMALL_MALL

from mpp.counters.rules.source import lines, read_mall
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
