"""Which column a heading of a paper survey's table names, as offices write them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from mpp.documents.reading.table import MOST_REMEMBERED, plain
from mpp.survey.rules.unsur import BY_CODE, CODES, QUESTIONS, Unsur

_NUMBERED = re.compile(r"(?:u|unsur|p|q|pertanyaan|soal|nilai unsur) ?0?([1-9])(?!\d)(.*)")
_NAMED: Mapping[Unsur, re.Pattern[str]] = MappingProxyType(
    {
        Unsur.REQUIREMENTS: re.compile(r"persyaratan"),
        Unsur.PROCEDURE: re.compile(r"prosedur"),
        Unsur.TIME: re.compile(r"waktu (?:penyelesaian|pelayanan|layanan)|kecepatan"),
        Unsur.COST: re.compile(r"biaya|tarif"),
        Unsur.PRODUCT: re.compile(r"produk|spesifikasi|hasil (?:pe)?layanan"),
        Unsur.COMPETENCE: re.compile(r"kompetensi|kemampuan"),
        Unsur.CONDUCT: re.compile(r"perilaku|kesopanan|keramahan"),
        Unsur.FACILITIES: re.compile(r"sarana|prasarana"),
        Unsur.COMPLAINTS: re.compile(r"penanganan pengaduan|^(?:[a-z]+ ?\d+ )?pengaduan"),
    }
)
"""Words by which an element is known. The annex and the customary questionnaire number the last two in
opposite ways, so a name counts for more than a number."""

_REST: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        column: frozenset(words.split(", "))
        for column, words in {
            "layanan": "layanan, jenis layanan, nama layanan, jenis pelayanan, nama pelayanan, pelayanan, "
            "layanan yang diterima, jenis layanan yang diterima, jenis pelayanan yang diterima",
            "tanggal": "tanggal, tgl, tanggal survei, tanggal survey, tgl survei, tanggal isi, "
            "tanggal pengisian, tanggal kunjungan, hari tanggal, timestamp, cap waktu, stempel waktu, date",
            "jenis_kelamin": "jenis kelamin, kelamin, gender, l p, jk, j k, sex",
            "usia": "usia, umur, usia tahun, umur tahun, kelompok usia, kelompok umur, rentang usia, age",
            "pendidikan": "pendidikan, pendidikan terakhir, tingkat pendidikan, education",
            "pekerjaan": "pekerjaan, pekerjaan utama, profesi, jenis pekerjaan, occupation",
            "jam": "jam, jam survei, waktu survei, waktu kunjungan, jam kunjungan, pukul",
        }.items()
    }
)
KNOWN = frozenset(_REST)


@lru_cache(MOST_REMEMBERED)
def column_of(heading: str) -> str | None:
    """`u1` … `u9` or a column of the profile, service or day; None for one that is left alone.

    >>> [column_of(text) for text in ("U.3", "Unsur 8 (Penanganan Pengaduan)", "Umur (tahun)", "Saran")]
    ['u3', 'u9', 'usia', None]
    """
    said = plain(heading)
    for column, words in _REST.items():
        if said in words:
            return column
    named = [unsur for unsur, pattern in _NAMED.items() if pattern.search(said)]
    numbered = _NUMBERED.fullmatch(said)
    if len(named) == 1:
        return CODES[named[0]]
    # A number without a name, or with a name that says nothing to us.
    return f"u{numbered[1]}" if numbered and not named else None


_VALUES: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        code: {plain(word): value for value, word in enumerate(QUESTIONS[unsur].options, start=1)}
        for code, unsur in BY_CODE.items()
    }
)


@lru_cache(MOST_REMEMBERED)
def value_of(column: str, cell: str) -> int | None:
    """1–4, as 3, 3.0 or 3,0, or in the words of the question; None for anything else."""
    whole, _, fraction = cell.replace(",", ".").partition(".")
    if whole in {"1", "2", "3", "4"} and not fraction.strip("0"):
        return int(whole)
    return _VALUES[column].get(plain(cell))


def is_value(column: str, cell: str) -> bool:
    return value_of(column, cell) is not None
