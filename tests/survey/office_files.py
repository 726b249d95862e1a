"""Ten files as offices make them, made anew for each test: by spreadsheets, forms and old programs."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import xlsxwriter

CODES = [f"U{number}" for number in range(1, 10)]
THREE = ((4, 3, 3, 4, 3, 4, 4, 2, 3), (3, 3, 2, 4, 3, 3, 4, 2, 3), (4, 4, 3, 4, 4, 4, 4, 3, 3))
"""Three people's answers, u1 … u9: what nearly every file here says."""
SUMS = [sum(column) for column in zip(*THREE, strict=True)]
MEANS = [round(each / 3, 3) for each in SUMS]


def book(fill: Callable[[Any], None]) -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    fill(made)
    made.close()
    return file.getvalue()


def rows(sheet: Any, first: int, table: Sequence[Sequence[Any]]) -> None:
    for number, cells in enumerate(table, start=first):
        sheet.write_row(number, 0, cells)


def annex() -> bytes:
    """The regulation's own form: title, two rows of headings, numbered columns, sums, a signature."""

    def fill(made: Any) -> None:
        sheet = made.add_worksheet("Rekap")
        sheet.merge_range(0, 0, 0, 10, "PENGOLAHAN SURVEI KEPUASAN MASYARAKAT PER RESPONDEN")
        sheet.write(1, 0, "MPP UJI, TAHUN 2026")
        sheet.merge_range(3, 0, 4, 0, "No. Resp")
        sheet.merge_range(3, 1, 3, 9, "NILAI UNSUR PELAYANAN")
        sheet.merge_range(3, 10, 4, 10, "Umur")
        sheet.write_row(4, 1, CODES)
        sheet.write_row(5, 0, [f"({number})" for number in range(1, 12)])
        rows(sheet, 6, [[at, *each, 34] for at, each in enumerate(THREE, start=1)])
        sheet.write(9, 0, 4)
        sheet.write_row(10, 0, ["Σ Nilai /Unsur", *SUMS])
        sheet.write_row(11, 0, ["NRR / Unsur", *MEANS])
        sheet.write_row(12, 0, ["NRR tertimbang/ unsur", *(round(each / 9, 3) for each in MEANS)])
        sheet.write_row(13, 0, ["IKM Unit pelayanan", 81.48])
        sheet.write(16, 7, "Uji, 20 November 2026")
        sheet.write(17, 7, "Kepala Dinas")

    return book(fill)


def with_a_cover() -> bytes:
    """A cover sheet before the data; a service stands once, in a cell joined over its rows."""

    def fill(made: Any) -> None:
        cover = made.add_worksheet("Sampul")
        cover.write(0, 0, "LAPORAN SKM SEMESTER II")
        sheet = made.add_worksheet("Data")
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Jenis Layanan", "Tanggal", *CODES])
        sheet.merge_range(1, 0, 2, 0, "Kartu Keluarga")
        sheet.write(3, 0, "Perekaman KTP-el")
        for at, each in enumerate(THREE, start=1):
            sheet.write_datetime(at, 1, date(2026, 11, 17 + at), day)
            sheet.write_row(at, 2, each)

    return book(fill)


def old_csv() -> bytes:
    """A spreadsheet's CSV in Windows-1252, told its separator; the annex numbers the last two otherwise."""
    head = [
        "No",
        "Tgl",
        *(f"U{number}" for number in range(1, 8)),
        "U8 Penanganan Pengaduan",
        "U9 Sarana",
    ]
    lines = ["sep=;", ";".join(head)]
    for at, each in enumerate(THREE, start=1):
        swapped = (*each[:7], each[8], each[7])
        lines.append(";".join([f"{at}", f"1{at}-11-2026", *(f"{value},00" for value in swapped)]))
    return "\r\n".join([*lines, "Rata–rata;;" + ";".join("3,67" for _ in CODES), ""]).encode(
        "cp1252"
    )


def unicode_text() -> bytes:
    """What a spreadsheet calls Unicode text: UTF-16 with tabs."""
    lines = ["\t".join(["No", *CODES]), *("\t".join(map(str, [7, *each])) for each in THREE)]
    return "\r\n".join([*lines, "\t" * 9, ""]).encode("utf-16")


def online_form() -> bytes:
    """An online form's answers: the month first, questions with commas in quotes, answers in words."""
    words = {
        "Timestamp": ["11/27/2026 9:15:00", "12/3/2026 10:00:01", "11/18/2026 13:20:00"],
        "Jenis Kelamin": ["Pria", "Wanita", "Laki - laki"],
        '"Bagaimana kesesuaian persyaratan, menurut Saudara?"': [
            "Sangat sesuai",
            "Sesuai",
            "Sangat sesuai",
        ],
        "Bagaimana kemudahan prosedur pelayanan?": ["Mudah", "Mudah", "Sangat mudah"],
        "Bagaimana kecepatan pelayanan?": ["Cepat", "Kurang cepat", "Cepat"],
        "Bagaimana kewajaran biaya/tarif?": ["Gratis", "Gratis", "Gratis"],
        "Bagaimana kesesuaian produk pelayanan?": ["Sesuai", "Sesuai", "Sangat sesuai"],
        "Bagaimana kemampuan petugas?": ["Sangat kompeten", "Kompeten", "Sangat kompeten"],
        '"Bagaimana kesopanan, keramahan petugas?"': ["Sangat sopan dan ramah"] * 3,
        "Bagaimana mutu sarana?": ["Cukup", "Cukup", "Baik"],
        '"Bagaimana penanganan pengaduan, saran?"': ["Berfungsi kurang maksimal"] * 3,
        "Saran": ['"Total bagus, terima kasih"', "", "-"],
    }
    lines = [",".join(words), *(",".join(line) for line in zip(*words.values(), strict=True))]
    return "\n".join(lines).encode()


def web_page() -> bytes:
    """A program's report: a web page that is called .xls."""
    head = "".join(f"<th>{code}</th>" for code in CODES)
    body = "".join(
        f"<tr><td>{at}</td><td>KK</td>{''.join(f'<td>{value}</td>' for value in each)}</tr>"
        for at, each in enumerate(THREE, start=1)
    )
    return (
        "<html><head><meta charset='utf-8'></head><body><table border=1>"
        "<tr><th colspan=11>REKAP SKM</th></tr>"
        "<tr><th rowspan=2>No</th><th rowspan=2>Layanan</th><th colspan=9>Unsur</th></tr>"
        f"<tr>{head}</tr>{body}<tr><td colspan=2>Jumlah</td>"
        f"{''.join(f'<td>{each}</td>' for each in SUMS)}</tr></table></body></html>"
    ).encode()


def profiles() -> bytes:
    """UTF-8 with a byte order mark, rows of strokes and of separators, and everybody's own words."""
    said = (
        ["Laki - laki", "17-25", "SMA/SMK", "PPPK", "09.30", "baik; cepat"],
        ["Wanita", "34 th", "D-III", "Ibu Rumah Tangga", "13.05", ""],
        ["P", "61", "Pesantren", "Dukun", "", ""],
    )
    head = [
        *CODES,
        "Jenis Kelamin",
        "Umur (tahun)",
        "Pendidikan Terakhir",
        "Pekerjaan",
        "Jam",
        "Catatan",
    ]
    lines = [";".join(head), "---;" * 14]
    for each, who in zip(THREE, said, strict=True):
        lines += [";".join([*map(str, each), *who[:5], f'"{who[5]}"']), ";" * 14]
    return ("\ufeff" + "\r\n".join([*lines, ";".join(["Jumlah", *map(str, SUMS[1:])])])).encode()


def serials() -> bytes:
    """Dates that lost their format and are numbers of days, answers typed as texts."""

    def fill(made: Any) -> None:
        sheet = made.add_worksheet()
        rows(sheet, 0, [["Tanggal", *CODES]])
        rows(sheet, 1, [[46344 + at, *map(str, each)] for at, each in enumerate(THREE)])

    return book(fill)


def no_sign_of_order() -> bytes:
    """Dates of which none shows whether the day or the month stands first."""
    lines = [
        ["Tanggal", *CODES],
        *([f"0{at}/10/2026", *map(str, each)] for at, each in enumerate(THREE, 1)),
    ]
    return "\n".join(",".join(line) for line in lines).encode()


def names_of_columns() -> bytes:
    """The elements by name in a second row of headings, and the service by its English name."""

    def fill(made: Any) -> None:
        sheet = made.add_worksheet()
        names = ["Persyaratan", "Prosedur", "Waktu Penyelesaian", "Biaya/Tarif", "Produk Layanan"]
        names += [
            "Kompetensi Pelaksana",
            "Perilaku Pelaksana",
            "Sarana dan Prasarana",
            "Penanganan Pengaduan",
        ]
        rows(sheet, 0, [["Layanan", *CODES], ["", *names]])
        rows(sheet, 2, [["id card", *each] for each in THREE])
        rows(sheet, 5, [["Nilai rata-rata", *MEANS]])

    return book(fill)


OFFICE_FILES: Mapping[str, bytes] = MappingProxyType(
    {
        "rekap lampiran.xlsx": annex(),
        "laporan semester.xlsx": with_a_cover(),
        "rekap lama.csv": old_csv(),
        "teks unicode.txt": unicode_text(),
        "formulir daring.csv": online_form(),
        "ekspor aplikasi.xls": web_page(),
        "profil.csv": profiles(),
        "nomor hari.xlsx": serials(),
        "tanpa petunjuk.csv": no_sign_of_order(),
        "nama unsur.xlsx": names_of_columns(),
    }
)
