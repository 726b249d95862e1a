"""Who answered, in classes only; all of it may be left out. Small classes are not shown."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType

from mpp.metrics.rules.disclosure import hidden
from mpp.texts import marked

FIELDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "gender": {"female": marked("Perempuan"), "male": marked("Laki-laki")},
        "age": {
            "-19": marked("di bawah 20 tahun"),
            "20-29": marked("20–29 tahun"),
            "30-39": marked("30–39 tahun"),
            "40-49": marked("40–49 tahun"),
            "50-59": marked("50–59 tahun"),
            "60-": marked("60 tahun ke atas"),
        },
        "education": {
            "sd": marked("SD atau sederajat"),
            "smp": marked("SMP atau sederajat"),
            "sma": marked("SMA atau sederajat"),
            "d1-d4": marked("D1–D4"),
            "s1": marked("S1"),
            "s2": marked("S2"),
            "s3": marked("S3"),
        },
        "occupation": {
            "asn": marked("PNS/ASN"),
            "tni-polri": marked("TNI/Polri"),
            "employee": marked("Pegawai swasta"),
            "business": marked("Wirausaha"),
            "student": marked("Pelajar/mahasiswa"),
            "farmer": marked("Petani/nelayan"),
            "home": marked("Mengurus rumah tangga"),
            "other": marked("Lainnya"),
        },
        "time_band": {"08-12": "08.00–12.00", "13-17": "13.00–17.00"},
    }
)
"""Field → code → the word for it, in the order in which they are asked."""

OTHER = "other"
"""What a paper form said that is none of the field's classes. On screens only `occupation` offers it."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "gender": marked("Jenis kelamin"),
        "age": marked("Usia"),
        "education": marked("Pendidikan"),
        "occupation": marked("Pekerjaan"),
        "time_band": marked("Waktu kunjungan"),
    }
)

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "jenis_kelamin": "gender",
        "usia": "age",
        "pendidikan": "education",
        "pekerjaan": "occupation",
        "jam": "time_band",
    }
)
"""What the columns of a paper survey's table are called."""


def word_of(field: str, code: str) -> str:
    """The word for a class as it may be stored."""
    unasked = marked("Lainnya") if code == OTHER else marked("tidak dijawab")
    return FIELDS[field].get(code, unasked)


def is_class(field: str, code: str) -> bool:
    """Whether it may be stored: one that is asked, or `OTHER`."""
    return field in FIELDS and (code in FIELDS[field] or code == OTHER)


def age_band(years: int) -> str:
    """
    >>> [age_band(years) for years in (17, 20, 59, 60)]
    ['-19', '20-29', '50-59', '60-']
    """
    if years < 20:
        return "-19"
    return "60-" if years >= 60 else f"{years // 10}0-{years // 10}9"


@dataclass(frozen=True, slots=True)
class Cell:
    """`count`: None where so few answered that it is not shown. `code`: "" for not said."""

    code: str
    word: str
    count: int | None


def classes(field: str, counts: Mapping[str | None, int]) -> dict[str, int]:
    """Every class of a field with how many are in it; "" for not said."""
    known = {code: counts.get(code, 0) for code in FIELDS[field]}
    if counts.get(OTHER):
        known[OTHER] = counts[OTHER]
    return known | {"": counts.get(None, 0)}


def shown(field: str, counts: Mapping[str | None, int], also: Set[str] = frozenset()) -> list[Cell]:
    """The classes of a field with what may be shown of them, as all who answered are counted.

    `also`: classes not to be shown for another reason.
    """
    known = classes(field, counts)
    unseen = hidden(known, also)
    return [
        Cell(
            code,
            word_of(field, code),
            None if code in unseen else count,
        )
        for code, count in known.items()
    ]
