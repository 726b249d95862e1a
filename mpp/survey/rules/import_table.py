"""A table of paper surveys, read whole: answers, service, day and profile of every row, or every fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mpp.errors import Invalid
from mpp.survey.rules.answer import Questionnaire
from mpp.survey.rules.import_rows import MOST_FAULTS, Row, read_day
from mpp.survey.rules.profile import COLUMNS, read_class


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


def read_questionnaires(
    rows: Sequence[Row],
    name: str,
    *,
    services: Mapping[str, int],
    assumed: Assumed,
    today: date,
) -> list[ImportedAnswer]:
    """The forms of a table. `services`: by slug. `Invalid` lists every fault as `name:line: what`."""
    faults: list[str] = []
    found = []
    for row in rows:
        wrong: list[str] = []
        service = _service(row, services, assumed, wrong)
        day = _day(row, assumed, today, wrong)
        profile = _profile(row, wrong)
        if not row.answers.values:
            wrong.append("tidak ada satu pun jawaban u1 … u9")
        faults += [f"{name}:{row.number}: {said}" for said in wrong]
        if service is not None and day is not None and not wrong:
            found.append(ImportedAnswer(Questionnaire(row.answers, profile), service, day))
    if not rows:
        faults.append(f"{name}: tidak ada responden")
    if faults:
        more = len(faults) - MOST_FAULTS
        tail = [f"{name}: … dan {more} kesalahan lagi"] if more > 0 else []
        raise Invalid("\n".join([*faults[:MOST_FAULTS], *tail]), field="file")
    return found


def _service(
    row: Row, services: Mapping[str, int], assumed: Assumed, wrong: list[str]
) -> int | None:
    said = row.rest.get("layanan", "")
    if said:
        if said not in services:
            wrong.append(f"layanan: {said[:40]!r} tidak ada di mal ini")
        return services.get(said)
    if assumed.service_id is None:
        wrong.append("layanan: kosong, dan tidak dipilih untuk seluruh berkas")
    return assumed.service_id


def _day(row: Row, assumed: Assumed, today: date, wrong: list[str]) -> date | None:
    said = row.rest.get("tanggal", "")
    if not said:
        if assumed.day is None:
            wrong.append("tanggal: kosong, dan tidak dipilih untuk seluruh berkas")
        return assumed.day
    day = read_day(said.partition(" ")[0].partition("T")[0])
    if day is None:
        wrong.append(f"tanggal: {said[:20]!r} bukan TTTT-BB-HH atau HH/BB/TTTT")
    elif not date(2000, 1, 1) <= day <= today:
        wrong.append(f"tanggal: {said[:20]!r} di luar 2000 sampai hari ini")
    else:
        return day
    return None


def _profile(row: Row, wrong: list[str]) -> dict[str, str]:
    profile = {}
    for column, field in COLUMNS.items():
        said = row.rest.get(column, "")
        if said:
            code = read_class(field, said)
            if code is None:
                wrong.append(f"{column}: {said[:30]!r} tidak dikenal")
            else:
                profile[field] = code
    return profile
