"""The slip's lines, its QR and finding a service: pure, so anything may be thrown at them."""

import re
import string

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from mpp.kiosk.rules.agency_icons import icon_for, initials
from mpp.kiosk.rules.finding import Entry, differs_by_one, find, words
from mpp.kiosk.rules.qr import QUIET, ROOM, QrCode, qr_code
from mpp.kiosk.rules.slip import Line, Slip, Style, joined, minutes, slip_lines, wait_text
from mpp.web.language import translations

text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60
)
slips = st.builds(
    Slip,
    mall=text,
    agency=text,
    service=text,
    label=st.from_regex(r"[A-Z]{1,3}-[0-9]{3}", fullmatch=True),
    taken=text,
    is_priority=st.booleans(),
    people_ahead=st.none() | st.integers(0, 999),
    minutes=st.none() | st.tuples(st.integers(0, 90), st.integers(90, 300)),
    zone=st.none() | text,
    counters=st.lists(st.from_regex(r"[0-9]{1,2}", fullmatch=True), max_size=4).map(tuple),
    url=st.from_regex(r"https://[a-z]{3,20}\.go\.id/v/[A-Za-z0-9_-]{22}", fullmatch=True),
)


def plain(said: str) -> str:
    """Indonesian is what the code is written in."""
    return said


# -- the slip ------------------------------------------------------------------------------------


@given(slips)
def test_a_slip_has_one_number_and_one_qr_that_holds_the_visits_address(slip: Slip) -> None:
    lines = list(slip_lines(slip, plain))
    assert [line.text for line in lines if line.style is Style.LABEL] == [slip.label]
    assert [line.text for line in lines if line.style is Style.QR] == [slip.url]


@given(slips)
def test_a_slip_names_mall_service_agency_and_time(slip: Slip) -> None:
    said = {line.text for line in slip_lines(slip, plain)}
    assert {slip.mall, slip.service, slip.agency, slip.taken} <= said


@given(slips)
def test_only_rules_have_no_text(slip: Slip) -> None:
    assert all((line.style is Style.RULE) == (line.text == "") for line in slip_lines(slip, plain))


@given(slips, st.sampled_from(["id", "en"]))
def test_no_line_has_anything_left_to_fill_in(slip: Slip, lang: str) -> None:
    ours = {slip.mall, slip.service, slip.agency, slip.taken, slip.url, slip.zone}
    for line in slip_lines(slip, translations(lang).gettext):
        said = line.text
        for given_text in sorted(filter(None, ours), key=len, reverse=True):
            said = said.replace(given_text, "")
        assert "%(" not in said


SLIP = Slip(
    mall="MPP Uji",
    agency="Dukcapil",
    service="Perekaman KTP-el",
    label="A-012",
    taken="23 Nov 2026 09.00",
    is_priority=True,
    people_ahead=4,
    minutes=(5, 12),
    zone="Zona A",
    counters=("1", "2"),
    url="https://mpp.go.id/v/x",
)


def test_a_slip_reads_from_top_to_bottom() -> None:
    assert list(slip_lines(SLIP, plain)) == [
        Line(Style.TITLE, "MPP Uji"),
        Line(Style.TEXT, "23 Nov 2026 09.00"),
        Line(Style.RULE),
        Line(Style.TEXT, "Nomor antrean Anda"),
        Line(Style.LABEL, "A-012"),
        Line(Style.STRONG, "Antrean prioritas"),
        Line(Style.STRONG, "Perekaman KTP-el"),
        Line(Style.TEXT, "Dukcapil"),
        Line(Style.RULE),
        Line(Style.STRONG, "Di depan Anda: 4 orang"),
        Line(Style.TEXT, "Perkiraan tunggu: 5–12 menit"),
        Line(Style.TEXT, "Tunggu di Zona A"),
        Line(Style.TEXT, "Loket 1 atau 2"),
        Line(Style.QR, "https://mpp.go.id/v/x"),
        Line(Style.SMALL, "Pindai dengan kamera ponsel untuk memantau antrean Anda."),
        Line(Style.SMALL, "Berlaku hari ini saja. Nomor terlewat? Lapor kepada petugas."),
    ]


@given(st.floats(0, 20_000), st.floats(0, 20_000))
def test_minutes_hold_the_seconds_they_stand_for(one: float, other: float) -> None:
    low_s, high_s = sorted((one, other))
    low, high = minutes(low_s, high_s)
    assert low * 60 <= low_s
    assert high_s <= high * 60
    assert 0 <= low <= high
    assert high >= 1


@pytest.mark.parametrize(
    ("span", "said"),
    [((0, 1), "paling lama 1 menit"), ((3, 3), "paling lama 3 menit"), ((3, 9), "3–9 menit")],
)
def test_a_wait_is_told_as_a_range_or_as_at_most(span: tuple[int, int], said: str) -> None:
    assert wait_text(span, plain) == said


@pytest.mark.parametrize(
    ("labels", "said"), [(["1"], "1"), (["1", "2"], "1 atau 2"), (["1", "2", "3"], "1, 2 atau 3")]
)
def test_counters_are_told_as_alternatives(labels: list[str], said: str) -> None:
    assert joined(labels, plain) == said


# -- the QR --------------------------------------------------------------------------------------


def drawn(code: QrCode, scale: int = 6) -> Image.Image:
    """The path as a picture, by a reader of SVG rectangles that shares nothing with the writer."""
    picture = Image.new("L", (code.size * scale, code.size * scale), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path):
        left, top = int(x) * scale, int(y) * scale
        pen.rectangle((left, top, left + int(width) * scale - 1, top + scale - 1), fill=0)
    return picture


@pytest.mark.parametrize("length", [*ROOM.values(), 214, 400])
def test_another_decoder_reads_the_address_whatever_its_length(length: int) -> None:
    address = "https://mpp.example.go.id/v/".ljust(length, "x")
    (read,) = zxingcpp.read_barcodes(drawn(qr_code(address)))
    assert read.text == address


def test_addresses_of_one_installation_look_alike() -> None:
    one, other = (
        qr_code(f"https://mpp.go.id/v/{secret}") for secret in ("a" * 22, "_-9" * 7 + "z")
    )
    assert one.size == other.size == 29 + 2 * QUIET
    assert one.path != other.path


def test_a_qr_is_made_once() -> None:
    assert qr_code("https://mpp.go.id/v/again") is qr_code("https://mpp.go.id/v/again")


def test_a_qr_adds_little_to_a_page() -> None:
    assert len(qr_code("https://mpp.go.id/v/" + "x" * 22).path) < 8_000


# -- finding -------------------------------------------------------------------------------------

CATALOGUE = (
    Entry(1, "Perekaman KTP-el pertama First identity card", agency="Dukcapil Kependudukan"),
    Entry(2, "Kartu Keluarga baru Family card (KK)", agency="Dukcapil Kependudukan"),
    Entry(3, "Akta kelahiran Birth certificate", agency="Dukcapil Kependudukan"),
    Entry(4, "Paspor baru New passport", agency="Imigrasi Kantor Imigrasi"),
    Entry(5, "Penggantian paspor habis masa berlaku Renewal", agency="Imigrasi Kantor Imigrasi"),
    Entry(6, "Alih media ke sertipikat elektronik", agency="BPN Pertanahan"),
)
KEYS = dict(zip(("ktp", "kk", "lahir", "paspor", "ganti", "tanah"), range(1, 7), strict=True))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("paspor", "paspor"),
        ("PASPOR BARU", "paspor"),
        ("antrian paspor", "paspor"),
        ("ambil nomor antrean untuk paspor", "paspor"),
        ("passport", "paspor"),
        ("pasp", "paspor"),
        ("paspro", "paspor"),
        ("papor", "paspor"),
        ("e-ktp", "ktp"),
        ("ektp", "ktp"),
        ("identity card", "ktp"),
        ("kk", "kk"),
        ("akte", "lahir"),
        ("lahir", "lahir"),
        ("birth", "lahir"),
        ("sertifikat", "tanah"),
        ("pertanahan", "tanah"),
        ("paspor habis", "ganti"),
    ],
)
def test_what_people_type_finds_what_they_mean(query: str, first: str) -> None:
    assert find(query, CATALOGUE)[:1] == [KEYS[first]]


@pytest.mark.parametrize("query", ["", "   ", "zzzz", "!?%", "😀"])
def test_what_means_nothing_finds_nothing(query: str) -> None:
    assert find(query, CATALOGUE) == []


@given(st.text(max_size=100))
def test_nothing_typed_breaks_it(query: str) -> None:
    found = find(query, CATALOGUE)
    assert len(found) == len(set(found)) <= len(CATALOGUE)


@given(st.sampled_from(CATALOGUE))
def test_its_own_title_finds_a_thing_first(entry: Entry) -> None:
    assert find(entry.name, CATALOGUE)[0] == entry.id


typed = st.text(string.ascii_lowercase, min_size=1, max_size=12)


@given(typed, st.data())
def test_one_slip_of_the_finger_is_one_difference(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    wrong = {
        "added": word[:at] + letter + word[at:],
        "left out": word[:at] + word[at + 1 :],
        "exchanged": word[:at] + letter + word[at + 1 :],
        "swapped": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }
    for how, other in wrong.items():
        assert differs_by_one(word, other) == (word != other), how
        assert differs_by_one(other, word) == (word != other), how


@given(typed, typed)
def test_more_than_one_difference_is_more(one: str, other: str) -> None:
    if sorted(one) != sorted(other) and not set(one) & set(other) and max(len(one), len(other)) > 1:
        assert not differs_by_one(one, other)


def test_words_lose_case_accents_and_spelling() -> None:
    assert words("Akté, ANTRIAN & Pasport") == ["akta", "antrean", "paspor"]


# -- agency icons --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "icon"),
    [
        (("Kantor Imigrasi", "Imigrasi"), "passport"),
        (("BPJS Ketenagakerjaan", "BPJS TK"), "briefcase"),
        (("BPJS Kesehatan", "BPJS"), "shield"),
        (("Pengadilan Agama", "PA"), "scales"),
        (("Dinas Lingkungan Hidup", "DLH"), None),
    ],
)
def test_an_agency_gets_a_drawing_by_its_name(names: tuple[str, str], icon: str | None) -> None:
    assert icon_for(*names) == icon


def test_an_agency_without_a_drawing_gets_its_initials() -> None:
    assert (initials("Bea Cukai"), initials("DLH")) == ("BC", "D")
