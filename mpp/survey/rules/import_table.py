"""A table of paper surveys, read whole: answers, service, day and profile of every row, or every fault."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from mpp.documents.reading.table import Fault, plain, raise_faults
from mpp.survey.rules.answer import Questionnaire
from mpp.survey.rules.import_dates import Dates, Order, dates_of, day_text, read_day
from mpp.survey.rules.import_profile import is_impossible_age, read_class
from mpp.survey.rules.import_rows import Respondents, Row
from mpp.survey.rules.profile import COLUMNS, OTHER

FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """One paper form."""

    sheet: Questionnaire
    service_id: int
    day: date


@dataclass(frozen=True, slots=True)
class Assumed:
    """What holds for rows whose table does not say: these columns may be missing or empty."""

    service_id: int | None
    day: date | None


class Services(msgspec.Struct):
    """A mall's services by what a table may call them: `slugs`, and `names` as `plain` writes them."""

    slugs: dict[str, int]
    names: dict[str, list[int]]

    def called(self, text: str) -> list[int]:
        """Those that go by it: none, one, or several of one name."""
        if text in self.slugs:
            return [self.slugs[text]]
        return self.names.get(plain(text), [])


class Unknown(msgspec.Struct):
    """A word of the profile that is none of its classes, and how often it stands in the table."""

    column: str
    said: str
    count: int


class Reading(msgspec.Struct):
    """What a table says. `day_order`: `day` or `month` where some date shows which stands first, else ""."""

    forms: list[ImportedAnswer]
    first_day: date
    last_day: date
    day_order: str
    services: dict[int, int]
    """How many forms of each."""
    unknown: list[Unknown]
    notes: list[str]
    """Rows that were left out, and what should be looked at."""
    digest: str
    """The same for the same answers, whatever the file's form and the order of its rows."""


@dataclass(slots=True)
class _Found:
    """What is gathered on the way through the rows."""

    faults: list[Fault] = field(default_factory=list)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)


def read_questionnaires(
    people: Respondents, name: str, *, services: Services, assumed: Assumed, today: date
) -> Reading:
    """The forms of a table. `Invalid` lists every fault as `name:line: what`."""
    found = _Found()
    said = [(row.number, text) for row in people.rows if (text := row.rest.get("tanggal", ""))]
    dates = dates_of(said, found.faults)
    forms = [
        form
        for row in people.rows
        if (form := _form(row, services, assumed, dates.order, today, found)) is not None
    ]
    if not people.rows:
        found.faults.append((1, "tidak ada responden"))
    if found.faults:
        raise_faults(name, sorted(found.faults, key=lambda fault: fault[0]))
    days = [form.day for form in forms]
    return Reading(
        forms=forms,
        first_day=min(days),
        last_day=max(days),
        day_order=str(dates.order) if dates.is_shown else "",
        services=dict(Counter(form.service_id for form in forms)),
        unknown=[Unknown(*key, count) for key, count in found.unknown.most_common()],
        notes=[*people.notes, *_doubts(dates, said)],
        digest=digest_of(forms),
    )


def digest_of(forms: Sequence[ImportedAnswer]) -> str:
    """SHA-256 over what is answered, for which service and day, by whom: in the order of the values."""
    texts = sorted(
        msgspec.json.encode([form.service_id, form.day, form.sheet.columns], order="deterministic")
        for form in forms
    )
    return hashlib.sha256(b"\n".join(texts)).hexdigest()


def _doubts(dates: Dates, said: Sequence[tuple[int, str]]) -> list[str]:
    doubts = []
    if dates.order is Order.MONTH:
        doubts.append("tanggal dibaca bulan dulu, seperti 11/27/2026 untuk 27 November 2026")
    elif not dates.is_shown:
        at, text = next(each for each in said if "/" in each[1] or "-" in each[1] or "." in each[1])
        day = read_day(text)
        doubts.append(
            f"tanggal dibaca hari dulu: {day_text(text)!r} di baris {at} adalah {day:%Y-%m-%d}"
            if day
            else "tanggal dibaca hari dulu"
        )
    if dates.is_mixed:
        doubts.append(
            "sebagian tanggal adalah teks dan sebagian tanggal sungguhan yang harinya tidak lebih dari 12:"
            " hari dan bulannya mungkin tertukar oleh lembar kerja"
        )
    return doubts


def _form(
    row: Row, services: Services, assumed: Assumed, order: Order, today: date, found: _Found
) -> ImportedAnswer | None:
    wrong: list[str] = []
    service = _service(row, services, assumed, wrong)
    day = _day(row, assumed, order, today, wrong)
    profile = _profile(row, wrong, found.unknown)
    if not row.answers.values:
        wrong.append("tidak ada satu pun jawaban u1 … u9")
    found.faults += [(row.number, said) for said in wrong]
    if service is None or day is None or wrong:
        return None
    return ImportedAnswer(Questionnaire(row.answers, profile), service, day)


def _service(row: Row, services: Services, assumed: Assumed, wrong: list[str]) -> int | None:
    said = row.rest.get("layanan", "")
    if said:
        called = services.called(said)
        if len(called) == 1:
            return called[0]
        if called:
            slugs = [slug for slug, id_ in services.slugs.items() if id_ in called]
            wrong.append(
                f"layanan: {said[:40]!r} ada lebih dari satu; tulis {' atau '.join(slugs)}"
            )
        else:
            wrong.append(f"layanan: {said[:40]!r} tidak ada di mal ini")
        return None
    if assumed.service_id is None:
        wrong.append("layanan: kosong, dan tidak dipilih untuk seluruh berkas")
    return assumed.service_id


def _day(row: Row, assumed: Assumed, order: Order, today: date, wrong: list[str]) -> date | None:
    said = row.rest.get("tanggal", "")
    if not said:
        if assumed.day is None:
            wrong.append("tanggal: kosong, dan tidak dipilih untuk seluruh berkas")
        return assumed.day
    day = read_day(said, order)
    if day is None:
        wrong.append(f"tanggal: {said[:20]!r} bukan TTTT-BB-HH atau HH/BB/TTTT")
    elif not date(FIRST_YEAR, 1, 1) <= day <= today:
        wrong.append(f"tanggal: {said[:20]!r} di luar {FIRST_YEAR} sampai hari ini")
    else:
        return day
    return None


def _profile(row: Row, wrong: list[str], unknown: Counter[tuple[str, str]]) -> dict[str, str]:
    """What is known of who answered; a word that is no class of ours is `OTHER`, and counted."""
    profile = {}
    for column, name in COLUMNS.items():
        said = row.rest.get(column, "")
        if said.strip("-–— ."):
            code = read_class(name, said)
            if code is None and name == "age" and is_impossible_age(said):
                wrong.append(f"{column}: {said[:30]!r} bukan usia; tulis usia dalam tahun")
                continue
            if code is None:
                unknown[column, said[:40]] += 1
            profile[name] = code or OTHER
    return profile
