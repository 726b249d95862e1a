"""The nine elements (unsur) that every satisfaction survey asks about, and their answers.

Source: PermenPANRB 14/2017 with its customary questionnaire. An element is known by its key, never by its
number: annex and questionnaire number the last two in opposite ways. `U8` here is facilities, as in nearly
every questionnaire in use; the index is the same either way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mpp.texts import marked

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
            marked("Persyaratan"),
            marked("Bagaimana kesesuaian persyaratan dengan jenis pelayanannya?"),
            (
                marked("Tidak sesuai"),
                marked("Kurang sesuai"),
                marked("Sesuai"),
                marked("Sangat sesuai"),
            ),
        ),
        Unsur.PROCEDURE: Question(
            marked("Prosedur"),
            marked("Bagaimana kemudahan prosedur pelayanan di sini?"),
            (
                marked("Tidak mudah"),
                marked("Kurang mudah"),
                marked("Mudah"),
                marked("Sangat mudah"),
            ),
        ),
        Unsur.TIME: Question(
            marked("Waktu penyelesaian"),
            marked("Bagaimana kecepatan waktu pelayanannya?"),
            (
                marked("Tidak cepat"),
                marked("Kurang cepat"),
                marked("Cepat"),
                marked("Sangat cepat"),
            ),
        ),
        Unsur.COST: Question(
            marked("Biaya/tarif"),
            marked("Bagaimana kewajaran biaya atau tarifnya?"),
            (marked("Sangat mahal"), marked("Cukup mahal"), marked("Murah"), marked("Gratis")),
        ),
        Unsur.PRODUCT: Question(
            marked("Produk layanan"),
            marked(
                "Bagaimana kesesuaian hasil layanan dengan yang tercantum dalam standar pelayanan?"
            ),
            (
                marked("Tidak sesuai"),
                marked("Kurang sesuai"),
                marked("Sesuai"),
                marked("Sangat sesuai"),
            ),
        ),
        Unsur.COMPETENCE: Question(
            marked("Kompetensi pelaksana"),
            marked("Bagaimana kemampuan petugas dalam melayani?"),
            (
                marked("Tidak kompeten"),
                marked("Kurang kompeten"),
                marked("Kompeten"),
                marked("Sangat kompeten"),
            ),
        ),
        Unsur.CONDUCT: Question(
            marked("Perilaku pelaksana"),
            marked("Bagaimana kesopanan dan keramahan petugas?"),
            (
                marked("Tidak sopan dan ramah"),
                marked("Kurang sopan dan ramah"),
                marked("Sopan dan ramah"),
                marked("Sangat sopan dan ramah"),
            ),
        ),
        Unsur.FACILITIES: Question(
            marked("Sarana dan prasarana"),
            marked("Bagaimana mutu sarana dan prasarananya?"),
            (marked("Buruk"), marked("Cukup"), marked("Baik"), marked("Sangat baik")),
        ),
        Unsur.COMPLAINTS: Question(
            marked("Penanganan pengaduan"),
            marked("Bagaimana penanganan pengaduan, saran, dan masukan?"),
            (
                marked("Tidak ada"),
                marked("Ada tetapi tidak berfungsi"),
                marked("Berfungsi kurang maksimal"),
                marked("Dikelola dengan baik"),
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
