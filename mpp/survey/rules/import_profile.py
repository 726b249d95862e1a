"""Who answered, in the words that paper forms hold: a class, or nothing we know."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from mpp.documents.reading.table import MOST_REMEMBERED, plain
from mpp.survey.rules.profile import FIELDS, age_band

YOUNGEST, OLDEST = 5, 120
"""Years beyond which a number in the age's column is a slip of the pen, or a year of birth."""
_DASHES = str.maketrans("–—−", "---")
_YEARS = re.compile(r" ?(?:tahun|thn|th|yrs?|years?)\b\.?")
_ABOVE = re.compile(r"(?:>=?|≥|di atas|diatas|lebih dari) ?(\d{2})|(\d{2}) ?(?:\+|ke atas)")


def compact(text: str) -> str:
    """A word without anything that people write differently: case, spaces, marks.

    >>> compact("Laki – laki "), compact("D-III"), compact("SMA / SMK")
    ('lakilaki', 'diii', 'smasmk')
    """
    return plain(text).replace(" ", "")


def _words(**codes: str) -> Mapping[str, str]:
    """Word → code, from a code's words with spaces between them."""
    pairs = {
        word: code.replace("_", "-") for code, words in codes.items() for word in words.split()
    }
    return MappingProxyType(pairs)


_USUAL: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "gender": _words(
            female="p pr prp w wanita perempuan female f puan",
            male="l lk laki lakilaki pria male m lelaki",
        ),
        "education": _words(
            sd="sd mi sdmi sr paketa sdsederajat tamatsd sekolahdasar",
            smp="smp mts smpmts sltp slp paketb smpsederajat sltpsederajat",
            sma="sma smk ma stm smea slta smu smasmk smkma smama smasmkma smamasmk smksma smusmk paketc"
            " smasederajat sltasederajat",
            d1_d4="d1 d2 d3 d4 di dii diii div d1d4 d3d4 d1d3 d1d2d3 diploma akademi"
            " diploma1 diploma2 diploma3 diploma4 diplomai diplomaii diplomaiii diplomaiv",
            s1="s1 si sarjana strata1 stratai s1sarjana",
            s2="s2 sii magister pascasarjana strata2 strataii",
            s3="s3 siii doktor strata3 strataiii",
        ),
        "occupation": _words(
            asn="asn pns pppk p3k pnsasn asnpns asnpppk pnspppk pegawainegeri pegawainegerisipil",
            tni_polri="tni polri tnipolri polisi tentara tniad tnial tniau",
            employee="swasta pegawaiswasta karyawan karyawati karyawanswasta pekerjaswasta buruh",
            business="wiraswasta wirausaha pedagang dagang pengusaha usaha umkm wiraswastausahawan"
            " wirausahawiraswasta wiraswastawirausaha",
            student="pelajar mahasiswa mahasiswi pelajarmahasiswa siswa santri",
            farmer="petani nelayan petaninelayan pekebun peternak petanipekebun tani buruhtani",
            home="irt iburumahtangga mengurusrumahtangga rumahtangga iburt",
            other="lainnya lainlain lain lain2 yanglain",
        ),
        "time_band": MappingProxyType(
            {"08001200": "08-12", "13001700": "13-17", "pagi": "08-12", "siang": "13-17"}
        ),
    }
)


@lru_cache(MOST_REMEMBERED)
def read_class(field: str, text: str) -> str | None:
    """The code that a table's cell means: the code itself, its word, or a usual form of it."""
    said = _said(text)
    if said in FIELDS[field]:
        return said
    words = {compact(word): code for code, word in FIELDS[field].items()}
    word = compact(text)
    found = words.get(word) or _USUAL.get(field, {}).get(word)
    if found is None and field == "age":
        return _age(said)
    return _band(said) if found is None and field == "time_band" else found


def is_impossible_age(text: str) -> bool:
    """A number of years that nobody has; a year of birth is one too."""
    said = _YEARS.sub("", _said(text))
    number = re.fullmatch(r"(-?\d+)(?:[.,]0*)?", said)
    return number is not None and not YOUNGEST <= int(number[1][:6]) <= OLDEST


def _said(text: str) -> str:
    """In small letters, with hyphens for dashes and one space between words."""
    return " ".join(text.lower().translate(_DASHES).split())


def _age(said: str) -> str | None:
    """Years, or a range of them: the class that holds most of the range."""
    text = _YEARS.sub("", said)
    text = re.sub(r"^(?:usia|umur) ", "", text)
    if whole := re.fullmatch(r"(\d{1,3})(?:[.,]0*)?", text):
        years = int(whole[1])
        return age_band(years) if YOUNGEST <= years <= OLDEST else None
    if between := re.fullmatch(r"(\d{1,3}) ?(?:-|s/d|sd|sampai|s\.d\.?) ?(\d{1,3})", text):
        low, high = int(between[1]), int(between[2])
        if not YOUNGEST <= low < high <= OLDEST:
            return None
        bands = [age_band(years) for years in range(low, high + 1)]
        return max(dict.fromkeys(bands), key=bands.count)
    if above := _ABOVE.fullmatch(text):
        return "60-" if int(above[1] or above[2]) >= 59 else None
    if below := re.fullmatch(r"(?:<=?|≤|di bawah|dibawah|kurang dari) ?(\d{2})", text):
        return "-19" if int(below[1]) <= 20 else None
    return None


def _band(said: str) -> str | None:
    """The part of the day in which a time lies."""
    time = re.fullmatch(r"(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?(?: ?wi[bt]| ?wita)?", said)
    if time is None:
        return None
    hour = int(time[1])
    return "08-12" if 8 <= hour <= 12 else "13-17" if 13 <= hour <= 17 else None
