"""The nine elements (unsur) that every satisfaction survey asks about, and their answers.

Source: PermenPANRB 14/2017 with its customary questionnaire. An element is known by its key, never by its
number: annex and questionnaire number the last two in opposite ways. `U8` here is facilities, as in nearly
every questionnaire in use; the index is the same either way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

VALUES = (1, 2, 3, 4)


class Unsur(StrEnum):
    """In the order in which they are asked."""

    REQUIREMENTS = "requirements"
    PROCEDURE = "procedure"
    TIME = "time"
    COST = "cost"
    PRODUCT = "product"
    COMPETENCE = "competence"
    CONDUCT = "conduct"
    FACILITIES = "facilities"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True)
class Question:
    """`options`: the words for the values 1, 2, 3, 4, in this order."""

    name: str
    text: str
    options: tuple[str, str, str, str]


CODES: Mapping[Unsur, str] = MappingProxyType(
    {unsur: f"u{number}" for number, unsur in enumerate(Unsur, start=1)}
)
BY_CODE: Mapping[str, Unsur] = MappingProxyType({code: unsur for unsur, code in CODES.items()})

QUESTIONS: Mapping[Unsur, Question] = MappingProxyType(
    {
        Unsur.REQUIREMENTS: Question(
            "Persyaratan",
            "Bagaimana kesesuaian persyaratan dengan jenis pelayanannya?",
            ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
        ),
        Unsur.PROCEDURE: Question(
            "Prosedur",
            "Bagaimana kemudahan prosedur pelayanan di sini?",
            ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
        ),
        Unsur.TIME: Question(
            "Waktu penyelesaian",
            "Bagaimana kecepatan waktu pelayanannya?",
            ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"),
        ),
        Unsur.COST: Question(
            "Biaya/tarif",
            "Bagaimana kewajaran biaya atau tarifnya?",
            ("Sangat mahal", "Cukup mahal", "Murah", "Gratis"),
        ),
        Unsur.PRODUCT: Question(
            "Produk layanan",
            "Bagaimana kesesuaian hasil layanan dengan yang tercantum dalam standar pelayanan?",
            ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
        ),
        Unsur.COMPETENCE: Question(
            "Kompetensi pelaksana",
            "Bagaimana kemampuan petugas dalam melayani?",
            ("Tidak kompeten", "Kurang kompeten", "Kompeten", "Sangat kompeten"),
        ),
        Unsur.CONDUCT: Question(
            "Perilaku pelaksana",
            "Bagaimana kesopanan dan keramahan petugas?",
            (
                "Tidak sopan dan ramah",
                "Kurang sopan dan ramah",
                "Sopan dan ramah",
                "Sangat sopan dan ramah",
            ),
        ),
        Unsur.FACILITIES: Question(
            "Sarana dan prasarana",
            "Bagaimana mutu sarana dan prasarananya?",
            ("Buruk", "Cukup", "Baik", "Sangat baik"),
        ),
        Unsur.COMPLAINTS: Question(
            "Penanganan pengaduan",
            "Bagaimana penanganan pengaduan, saran, dan masukan?",
            (
                "Tidak ada",
                "Ada tetapi tidak berfungsi",
                "Berfungsi kurang maksimal",
                "Dikelola dengan baik",
            ),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Answers:
    """One respondent's: an unsur that is not in `values` was not answered."""

    values: Mapping[Unsur, int]

    def __post_init__(self) -> None:
        wrong = {value for value in self.values.values() if value not in VALUES}
        if wrong:
            raise ValueError(f"answers are 1, 2, 3 or 4, not {sorted(wrong)}")
