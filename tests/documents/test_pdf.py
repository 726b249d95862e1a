"""The PDF says what the document holds, to eyes, ears and machines, and nothing in it is taken for markup."""

import subprocess
import sys
from datetime import date

import pytest

from mpp.documents.chart import BarChart, Series
from mpp.documents.charts.draw import draw
from mpp.documents.document import (
    Block,
    Column,
    Kind,
    Letterhead,
    Paragraph,
    Picture,
    Section,
    Signature,
    Table,
)
from mpp.documents.pdf import MOST_CELLS, pdf
from mpp.documents.typeface import printable
from mpp.errors import Conflict
from tests.documents.papers import CHARTS, ROW, TABLE, a_document
from tests.documents.reading import (
    ZERO_WIDTH,
    alternatives,
    catalogue,
    fonts,
    metadata,
    pages,
    reader,
    roles,
    words,
)

HOSTILE = [
    "#set page(fill: red)",
    "$x$ [y] *z* _w_ <label> @ref `code`",
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0": *',
    '\\ "quoted" \\u{41} // comment /* open',
    "= Judul palsu",
    "<script>alert(1)</script> & </svg>",
    "{{ 7 * 7 }} #{7 * 7}",
]


def test_every_figure_and_cell_is_on_the_paper() -> None:
    text = words(pdf(a_document()))
    for told in ("1.234", "12,5 mnt", "87,6 %", "naik 10,0 %"):
        assert told in text
    for cell in ("Dukcapil", "12.345", "3,15", "12,5 %", "7,5 jam", "3 Februari 2026"):
        assert cell in text, cell
    row = "Dukcapil 12.345 3,15 12,5 % 12,5 mnt 7,5 jam"
    assert row in text, "each under its own head"
    assert "Jumlah 12.345" in text


def test_a_paper_of_an_office_has_its_letterhead_number_date_summary_and_signature() -> None:
    text = words(pdf(a_document()))
    for told in ["MPP Uji", "Jalan Merdeka 1, Kota Uji", "065/12/MPP/2026", "1 Desember 2026",
                 "Ringkasan", "Kunjungan naik sepersepuluh.", "Daftar isi", "Kepala MPP Uji",
                 "Arti angka", "dari masuk antrean sampai panggilan pertama"]:  # fmt: skip
        assert told in text, told
    signed = pdf(a_document(signature=Signature("Kota Uji", "Kepala", "Bunga Lestari")))
    assert "Bunga Lestari" in words(signed)
    order = [text.index(told) for told in ("Ringkasan", "Daftar isi", "Tabel 1.", "Kepala MPP Uji")]
    assert order == sorted(order)


def test_pages_are_numbered_and_warned() -> None:
    made = pages(pdf(a_document(notice="DATA SIMULASI")))
    assert len(made) > 1
    for number, page in enumerate(made, 1):
        assert f"Halaman {number} dari {len(made)}" in page
        assert "DATA SIMULASI" in page


def test_it_is_tagged_titled_and_in_a_language_as_pdf_ua_wants() -> None:
    made = pdf(a_document())
    root = catalogue(made)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "id"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert metadata(made)["/Title"] == "Laporan bulanan · MPP Uji"
    found = roles(made)
    for tag in ("/Title", "/H1", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L", "/TOC"):
        assert tag in found, tag
    assert found.count("/TH") == len(TABLE.columns)


def test_every_picture_tells_what_it_shows() -> None:
    assert set(alternatives(pdf(a_document()))) >= {f"Isi {key}" for key in CHARTS}


def test_every_typeface_is_in_the_file() -> None:
    found = fonts(pdf(a_document()))
    assert len(found) == 2
    assert all("/FontFile2" in each or "/FontFile3" in each for each in found)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf(a_document()) == pdf(a_document())
    assert pdf(a_document()) != pdf(a_document(date=date(2026, 12, 2)))
    assert metadata(pdf(a_document()))["/CreationDate"].startswith("D:20261201")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_never_markup(text: str) -> None:
    table = Table(
        "t", text, [Column(text, weight=2), Column("x")], [(text, text)], total=(text, "")
    )
    chart = BarChart([text, "b"], [Series(text, [1, 2]), Series("c", [2, 1])], text)
    blocks: list[Block] = [Paragraph(text), table, Picture("p", text, text, chart)]
    made = pdf(
        a_document(
            title=text,
            letterhead=Letterhead(text, [text]),
            number=text,
            summary=[text],
            sections=[Section(text, blocks)],
            signature=Signature(text, text, text),
        )
    )
    said = words(made).replace(" ", "")
    assert said.count(text.replace(" ", "")) >= 12
    assert metadata(made)["/Title"].startswith(text)


def test_letters_that_the_typeface_lacks_are_marked_and_break_nothing() -> None:
    assert printable("Désa “Ñ” – ≤ 2") == "Désa “Ñ” – ≤ 2"
    assert printable("日本\x00\x1b") == "????"
    assert "Loket ??" in words(pdf(a_document([Paragraph("Loket 日本")], title="\x07 💥")))


def test_an_empty_table_says_so() -> None:
    empty = Table("t", "Tanpa baris", [Column("Nama"), Column("Banyak", Kind.INTEGER)], [])
    assert "Tabel 1. Tanpa baris Tidak ada baris." in words(pdf(a_document([empty])))


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    rows = [(f"Loket {n}", n * 7) for n in range(1, 61)]
    table = Table("t", "Loket", [Column("Nama loket"), Column("Banyak", Kind.INTEGER)], rows)
    made = pages(pdf(a_document([table])))
    with_rows = [page for page in made if "Loket 6" in page or "Loket 1 " in page]
    assert len(with_rows) >= 2
    assert all("Nama loket Banyak" in page for page in with_rows)
    text = " ".join(made)
    assert all(f"Loket {n} {n * 7}" in text for n in range(1, 61))


def test_a_long_word_stays_inside_its_column() -> None:
    long = "Dinaskependudukandanpencatatansipil" * 3
    columns = [Column("Nama"), Column("Banyak", Kind.INTEGER, weight=5)]
    made = pdf(a_document([Table("t", "T", columns, [(long, 7)])]))
    assert long in words(made).replace(" ", "")
    pieces = ZERO_WIDTH.sub("", reader(made).pages[0].extract_text()).split()
    assert max(len(each) for each in pieces if each.strip(".")) < 25, "the column has 28 mm"


def test_what_is_too_large_is_refused() -> None:
    rows = [("a", 1)] * (MOST_CELLS // 2)
    table = Table("t", "T", [Column("a"), Column("b", Kind.INTEGER)], rows)
    with pytest.raises(Conflict):
        pdf(a_document([table]))
    with pytest.raises(Conflict):
        pdf(a_document([Paragraph("x" * 2_000_001)]))


def test_english_papers_are_written_in_english() -> None:
    made = pdf(a_document(language="en"))
    text = words(made)
    for told in (
        "Summary",
        "Contents",
        "Page 1 of",
        "12,345",
        "12.5 %",
        "12.5 min",
        "3 February 2026",
    ):
        assert told in text, told
    assert catalogue(made)["/Lang"] == "en"


def test_a_server_starts_without_the_typesetter() -> None:
    asked = (
        "import sys, mpp.app, mpp.documents.pdf, mpp.documents.xlsx;"
        "print('typst' in sys.modules, 'xlsxwriter' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_paper_shows_the_very_picture_of_the_screen() -> None:
    svg = draw(CHARTS["bars"], key="b", title="T", alt="A", language="id")
    for figure in ("120", "200", "150"):
        assert f">{figure}</text>" in svg
        assert figure in words(pdf(a_document([Picture("b", "T", "A", CHARTS["bars"])])))
    assert ROW[0] == "Dukcapil"
