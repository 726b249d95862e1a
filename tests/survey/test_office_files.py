"""Tables as offices have them: read as they are meant, or refused by row and cell; nothing is guessed."""

import contextlib
import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp.documents.reading.file import sheets_of
from mpp.documents.reading.table import is_summary
from mpp.documents.reading.text_sheet import text_of, text_sheet
from mpp.errors import Invalid
from mpp.survey.rules.import_dates import Order, dates_of, read_day
from mpp.survey.rules.import_file import PaperFile, read_paper, services_of
from mpp.survey.rules.import_profile import is_impossible_age, read_class
from mpp.survey.rules.import_rows import WANTED, respondents_of
from mpp.survey.rules.import_table import Assumed, Reading, read_questionnaires
from mpp.survey.rules.unsur import Unsur
from tests.survey.office_files import CODES, OFFICE_FILES, THREE, book, rows

SERVICES = services_of(
    [
        ("ktp-el", 1, ["Perekaman KTP-el", "ID card"]),
        ("kk", 2, ["Kartu Keluarga"]),
        ("paspor", 3, ["Paspor"]),
        ("paspor-anak", 4, ["Paspor"]),
    ]
)
TODAY = date(2026, 12, 5)


def read(raw: bytes, name: str = "a.csv", day: date | None = date(2026, 11, 20)) -> Reading:
    people = respondents_of(sheets_of(raw, name, WANTED.rank), name)
    assumed = Assumed(service_id=1, day=day)
    return read_questionnaires(people, name, services=SERVICES, assumed=assumed, today=TODAY)


def answers(found: Reading) -> list[tuple[int, ...]]:
    return [tuple(form.sheet.answers.values[unsur] for unsur in Unsur) for form in found.forms]


def refusal(raw: bytes, name: str = "a.csv") -> list[str]:
    with pytest.raises(Invalid) as refused:
        read(raw, name)
    return str(refused.value).split("\n")


@pytest.mark.parametrize("name", OFFICE_FILES)
def test_every_office_file_says_what_three_people_said(name: str) -> None:
    assert answers(read(OFFICE_FILES[name], name)) == list(THREE)


SAID: dict[str, Callable[[Reading], Any]] = {
    "rekap lampiran.xlsx": lambda found: found.notes == [
        "baris 6: nomor kolom, bukan responden",
        "baris 10: '4', tanpa jawaban",
        "baris 11: 'Σ Nilai /Unsur' bukan responden, tidak dihitung",
        "baris 12: 'NRR / Unsur' bukan responden, tidak dihitung",
        "baris 13: 'NRR tertimbang/ unsur' bukan responden, tidak dihitung",
        "baris 14: 'IKM Unit pelayanan' bukan responden, tidak dihitung",
        "baris 17: 'Uji, 20 November 2026', tanpa jawaban",
        "baris 18: 'Kepala Dinas', tanpa jawaban",
    ] and {form.sheet.profile["age"] for form in found.forms} == {"30-39"},
    "laporan semester.xlsx": lambda found: [(form.service_id, form.day.day) for form in found.forms]
    == [(2, 18), (2, 19), (1, 20)],
    "rekap lama.csv": lambda found: (found.first_day, found.last_day, found.day_order, found.notes)
    == (date(2026, 11, 11), date(2026, 11, 13), "day",
        ["baris 5: 'Rata–rata' bukan responden, tidak dihitung"]),
    "formulir daring.csv": lambda found: (found.first_day, found.last_day, found.day_order)
    == (date(2026, 11, 18), date(2026, 12, 3), "month"),
    "ekspor aplikasi.xls": lambda found: found.services == {2: 3}
    and found.notes == ["baris 7: 'Jumlah' bukan responden, tidak dihitung"],
    "profil.csv": lambda found: [dict(form.sheet.profile) for form in found.forms] == [
        {"gender": "male", "age": "20-29", "education": "sma", "occupation": "asn", "time_band": "08-12"},
        {"gender": "female", "age": "30-39", "education": "d1-d4", "occupation": "home",
         "time_band": "13-17"},
        {"gender": "female", "age": "60-", "education": "other", "occupation": "other"},
    ] and {(each.column, each.said, each.count) for each in found.unknown} == {
        ("pendidikan", "Pesantren", 1), ("pekerjaan", "Dukun", 1)},
    "nomor hari.xlsx": lambda found: (found.first_day, found.last_day)
    == (date(2026, 11, 18), date(2026, 11, 20)),
    "tanpa petunjuk.csv": lambda found: (found.first_day, found.last_day, found.day_order, len(found.notes))
    == (date(2026, 10, 1), date(2026, 10, 3), "", 1),
    "nama unsur.xlsx": lambda found: found.services == {1: 3} and found.notes == [
        "baris 6: 'Nilai rata-rata' bukan responden, tidak dihitung"],
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_is_no_answer_is_named_and_the_rest_is_understood(name: str) -> None:
    found = read(OFFICE_FILES[name], name)
    assert SAID[name](found), found


def test_the_same_answers_in_another_form_and_order_have_the_same_digest() -> None:
    plain = [["Tanggal", *CODES], *(["20/11/2026", *map(str, each)] for each in THREE)]
    as_csv = "\n".join(";".join(line) for line in plain).encode()
    turned = book(
        lambda made: rows(
            made.add_worksheet(), 0, [["No", *CODES], *([1, *e] for e in THREE[::-1])]
        )
    )
    other = as_csv.replace(b"4;3;3", b"4;3;2")
    digests = [read(as_csv).digest, read(turned, "b.xlsx").digest, read(other).digest]
    assert digests[0] == digests[1] != digests[2]


HEAD = ";".join(CODES)
ROW = ";".join(map(str, THREE[0]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Tanggal;{HEAD}\n11/27/2026;{ROW}\n27/11/2026;{ROW}",
         "a.csv:2: tanggal: '11/27/2026' berarti bulan dulu, tetapi '27/11/2026' di baris 3 berarti hari"
         " dulu; tulis semua sebagai TTTT-BB-HH"),
        (f"Umur;{HEAD}\n1990;{ROW}", "a.csv:2: usia: '1990' bukan usia; tulis usia dalam tahun"),
        (f"Umur;{HEAD}\n130;{ROW}", "a.csv:2: usia: '130' bukan usia; tulis usia dalam tahun"),
        (f"Layanan;{HEAD}\nPaspor;{ROW}",
         "a.csv:2: layanan: 'Paspor' ada lebih dari satu; tulis paspor atau paspor-anak"),
        (f"{HEAD}\n4;3;3;4;3;4;4;2;5", "a.csv:2: u9: '5' bukan 1, 2, 3, atau 4"),
        (f"U1;U2;U3;U4;U5;U6;U7;U8 Sarana;U9 Sarana\n{ROW}",
         "a.csv:1: kolom u9 tidak ada; kepala tabel: u1 … u9"),
        (f"{HEAD}\n", "a.csv:1: tidak ada responden"),
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_refused_by_row_and_column(text: str, said: str) -> None:
    assert said in refusal(text.encode())


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xd0\xcf\x11\xe0 old", "a.xls: buku kerja lama (.xls) atau bersandi"),
        (b"<html><p>Maaf</p></html>", "a.xls: ini halaman web tanpa tabel"),
        (b"u1;u2\n\x81;\xff", "a.xls:2: bukan CSV UTF-8 dan bukan XLSX (byte 7)"),
        (HEAD.encode() + b"\n4\0;3", "a.xls:2: bukan CSV UTF-8 dan bukan XLSX (ada byte kosong)"),
        (b";".join([b"u1"] * 300), "a.xls:1: 300 kolom; paling banyak 200"),
        (bytes(8 * 1024 * 1024 + 1), "a.xls: paling besar 8 MB"),
    ],
)
def test_what_is_no_table_says_what_to_do(raw: bytes, said: str) -> None:
    assert refusal(raw, "a.xls")[0].startswith(said)


def test_more_forms_than_one_transaction_may_hold_are_refused() -> None:
    raw = "\n".join([HEAD, *[ROW] * 5_001]).encode()
    with pytest.raises(Invalid, match="5001 responden; paling banyak 5000"):
        read_paper(PaperFile(raw, "a.csv", SERVICES, Assumed(1, TODAY), TODAY))


def test_joined_answers_are_refused_by_their_cells() -> None:
    def fill(made: Any) -> None:
        sheet = made.add_worksheet()
        rows(sheet, 0, [CODES, *THREE])
        sheet.merge_range(1, 2, 3, 2, 3)

    assert refusal(book(fill), "a.xlsx") == [
        "a.xlsx:2: sel C2:C4 digabung; pisahkan, lalu isi tiap sel"
    ]


def test_two_sheets_with_tables_are_not_chosen_between() -> None:
    def fill(made: Any) -> None:
        for name in ("Juli", "Agustus"):
            rows(made.add_worksheet(name), 0, [CODES, *THREE])

    assert refusal(book(fill), "a.xlsx") == [
        "a.xlsx: ada tabel di lembar 'Juli', 'Agustus'. Simpan tiap lembar sebagai berkas sendiri."
    ]


def test_words_behind_the_answers_hide_nobody() -> None:
    """`Total …` in somebody's remark is no sum; with a wrong answer beside it the row is refused."""
    for remark in ("Total bagus", "Jumlah", "Nilai: 4"):
        assert len(read(f"{HEAD};Saran\n{ROW};{remark}\n".encode()).forms) == 1
    text = f"{HEAD};Saran\n{ROW};Total bagus\n"
    assert refusal(f"{text}5;3;3;4;3;4;4;2;3;Jumlah loket kurang".encode()) == [
        "a.csv:3: u1: '5' bukan 1, 2, 3, atau 4"
    ]


def test_dates_that_a_spreadsheet_may_have_exchanged_are_pointed_out() -> None:
    text = f"Tanggal;{HEAD}\n2026-03-11;{ROW}\n27/11/2026;{ROW}\n"
    assert "mungkin tertukar" in read(text.encode()).notes[-1]
    assert read(text.replace("03-11", "03-19").encode()).notes == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27-11-2026", "2026-11-27"), ("27.11.2026", "2026-11-27"), ("7/1/26", "2026-01-07"),
        ("27 November 2026", "2026-11-27"), ("Jumat, 27 Nopember 2026", "2026-11-27"),
        ("46353", "2026-11-27"),
        ("46353.5", "2026-11-27"), ("2026-11-27T09:15", "2026-11-27"), ("27/11/2026 09.15", "2026-11-27"),
        ("2026/11/27 9:15:00 AM GMT+7", "2026-11-27"), ("2026-1-7", "2026-01-07"), ("2026/13/01", None),
        ("29/02/2026", None), ("27 Sya'ban 2026", None), ("20261127", None), ("27/11-2026", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_as_it_is_written(text: str, day: str | None) -> None:
    assert str(read_day(text)) == str(day)


@given(
    st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.sampled_from(Order), st.sampled_from("/-.")
)
def test_a_date_is_never_read_in_an_order_that_it_denies(
    day: date, order: Order, mark: str
) -> None:
    parts = [f"{day.day:02}", f"{day.month:02}"]
    text = mark.join([*(parts if order is Order.DAY else parts[::-1]), str(day.year)])
    faults: list[tuple[int, str]] = []
    dates = dates_of([(2, text)], faults)
    assert faults == []
    if dates.is_shown and day.day != day.month:
        assert dates.order is order
    if dates.order is order:
        assert read_day(text, dates.order) == day


@pytest.mark.parametrize(
    "label",
    ["Σ Nilai", "∑", "NRR", "Rata-rata", "Rata rata unsur", "Jumlah", "JUMLAH NILAI PER UNSUR", "Total:",
     "IKM", "Nilai Indeks", "Nilai rata-rata", "Sub total", "Mean", "Bobot"],
)  # fmt: skip
def test_rows_of_sums_and_means_are_known_by_name(label: str) -> None:
    assert is_summary(label)


@pytest.mark.parametrize("name", ["Sumarni", "Totalindo", "Nilai baik", "Ikmal", "Jumadi", "4", ""])
def test_people_are_not(name: str) -> None:
    assert not is_summary(name)


@pytest.mark.parametrize(
    "coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8"]
)
def test_every_usual_coding_is_read(coding: str) -> None:
    text = f"{HEAD};Catatan\r\n{ROW};– naïf\r\n"
    assert text_of(text.encode(coding), "a.csv").lstrip("\ufeff") == text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(Invalid):
        assert read(raw).forms


@given(
    st.lists(st.lists(st.text(alphabet='u1;,"\n4 ', max_size=5), max_size=4), max_size=5),
    st.sampled_from(";,\t|"),
)
def test_any_text_is_a_sheet_or_refused(table: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(line) for line in table)
    try:
        sheet = text_sheet(text, "a.csv", WANTED.rank)
    except Invalid:
        return
    assert all(line.cells for line in sheet.lines)


def test_unknown_words_are_no_class_and_impossible_ages_are_told_apart() -> None:
    assert [read_class("age", text) for text in ("tua", "1990", "0", "200-300")] == [None] * 4
    assert [is_impossible_age(text) for text in ("1990", "0", "-3", "121 th", "tua", "34", "17-25")] == [
        True, True, True, True, False, False, False,
    ]  # fmt: skip


PEOPLE = st.lists(
    st.lists(st.integers(0, 4), min_size=9, max_size=9).filter(any), min_size=1, max_size=5
)


@given(
    people=PEOPLE,
    mark=st.sampled_from(";,\t|"),
    coding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    written=st.sampled_from(["{}", "{},0", "{}.0", " {} "]),
    before=st.sampled_from(["", "sep={mark}\r\n", "REKAP SKM\r\n\r\n"]),
    summed=st.booleans(),
)
def test_whatever_a_table_is_written_in_it_says_the_same(
    *, people: list[list[int]], mark: str, coding: str, written: str, before: str, summed: bool
) -> None:
    table: list[list[str]] = [["No", *CODES]]
    for at, each in enumerate(people, start=1):
        table += [[f"{at}", *(written.format(value) if value else "" for value in each)], [""] * 10]
    if summed:
        table.append(["Jumlah", *(str(sum(column)) for column in zip(*people, strict=True))])
    file = io.StringIO()
    csv.writer(file, delimiter=mark).writerows(table)
    raw = (before.format(mark=mark) + file.getvalue()).encode(coding)
    said = [
        [form.sheet.answers.values.get(unsur, 0) for unsur in Unsur] for form in read(raw).forms
    ]
    assert said == people
