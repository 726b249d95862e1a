"""What a manager may want to be told of: thresholds that can be set, one by one, or switched off."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mpp.number_format import format_setting
from mpp.texts import marked


class Key(StrEnum):
    """In the order in which the page shows them."""

    NO_COUNTER = "no_counter"
    LATE = "late"
    PAUSED = "paused"
    CROWD = "crowd"
    P90_WAIT = "p90_wait"
    WITHIN = "within"
    ARRIVALS = "arrivals"
    LEFT = "left"
    NO_SHOW = "no_show"
    IKM = "ikm"


class Unit(StrEnum):
    PEOPLE = "people"
    MINUTES = "minutes"
    PERCENT = "percent"
    POINTS = "points"


UNIT_WORDS: Mapping[Unit, str] = {
    Unit.PEOPLE: marked("orang"),
    Unit.MINUTES: marked("menit"),
    Unit.PERCENT: marked("persen"),
    Unit.POINTS: marked("nilai IKM"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A threshold: an alert begins where the figure is past it. `default` None: off until somebody sets it.

    `least`, `most`: what may be set. `fewest`: of fewer tickets, waits or answers nothing is said, as
    it would be the luck of the few; 0 where every single person counts.
    """

    key: Key
    words: str
    note: str
    unit: Unit
    default: float | None
    least: float
    most: float
    fewest: int = 0
    decimals: int = 0


TARGETS: Mapping[Key, Target] = {
    each.key: each
    for each in (
        Target(
            Key.NO_COUNTER,
            marked("Orang menunggu layanan yang tidak dibuka loket mana pun, paling sedikit"),
            marked("Dihitung tiap layanan."),
            Unit.PEOPLE, 1, 1, 500,
        ),
        Target(
            Key.LATE,
            marked("Orang menunggu lebih lama dari janji layanannya, paling sedikit"),
            marked("Dihitung tiap layanan."),
            Unit.PEOPLE, 1, 1, 500,
        ),
        Target(
            Key.PAUSED,
            marked("Loket dijeda lebih lama dari"),
            marked("Dihitung sejak loket itu dijeda."),
            Unit.MINUTES, 30, 1, 480,
        ),
        Target(
            Key.CROWD,
            marked("Orang menunggu untuk tiap loket yang buka, lebih dari"),
            marked("Seluruh mal, bila paling sedikit 10 orang menunggu."),
            Unit.PEOPLE, 10, 1, 200, fewest=10,
        ),
        Target(
            Key.P90_WAIT,
            marked("P90 waktu tunggu hari ini lebih dari"),
            marked("Sembilan dari sepuluh yang dipanggil menunggu tidak lebih lama; sesudah 20 panggilan."),
            Unit.MINUTES, 60, 1, 480, fewest=20,
        ),
        Target(
            Key.WITHIN,
            marked("Tunggu dalam janji hari ini kurang dari"),
            marked("Bagian panggilan yang menepati waktu tunggu yang dijanjikan; sesudah 20 panggilan."),
            Unit.PERCENT, 80, 1, 100, fewest=20,
        ),
        Target(
            Key.ARRIVALS,
            marked("Nomor diambil melebihi batas atas yang biasa, lebih dari"),
            marked("Dibandingkan dengan hari yang sama sebelumnya atau rencana hari ini; sesudah 20 nomor."),
            Unit.PERCENT, 10, 0, 300, fewest=20,
        ),
        Target(
            Key.LEFT,
            marked("Bagian yang batal hari ini lebih dari"),
            marked("Batal / diambil; sesudah 20 nomor."),
            Unit.PERCENT, 10, 0, 100, fewest=20,
        ),
        Target(
            Key.NO_SHOW,
            marked("Bagian yang tidak hadir hari ini lebih dari"),
            marked("Tidak hadir / diambil; sesudah 20 nomor."),
            Unit.PERCENT, 15, 0, 100, fewest=20,
        ),
        Target(
            Key.IKM,
            marked("IKM periode berjalan kurang dari"),
            marked("Mutu B mulai 76,61; sesudah 30 jawaban."),
            Unit.POINTS, 76.61, 25, 100, fewest=30, decimals=2,
        ),
    )
}  # fmt: skip

Values = Mapping[Key, float | None]
"""What holds; None: off."""
DEFAULTS: Values = {key: each.default for key, each in TARGETS.items()}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a field cannot be taken: words with named places for `facts`."""

    field: str
    words: str
    facts: Mapping[str, object]


_NUMBER = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,4})?")


def read_values(form: Mapping[str, str]) -> tuple[Values, list[Fault]]:
    """Every threshold of a form, an empty one as None, and what is wrong, field by field.

    A decimal comma is as good as a point. The values are those without a fault.
    """
    values: dict[Key, float | None] = {}
    faults: list[Fault] = []
    for key, target in TARGETS.items():
        text = form.get(key, "").strip()
        fault = _fault(target, text)
        if fault is not None:
            faults.append(fault)
        else:
            values[key] = float(text.replace(",", ".")) if text else None
    return values, faults


def _fault(target: Target, text: str) -> Fault | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        return Fault(target.key, marked("“%(text)s” bukan bilangan."), {"text": text[:20]})
    whole, _, decimals = text.replace(",", ".").partition(".")
    if len(decimals) > target.decimals:
        words = (
            marked("Tulis bilangan bulat.")
            if not target.decimals
            else marked("Paling banyak dua angka desimal.")
        )
        return Fault(target.key, words, {})
    if not target.least <= float(f"{whole}.{decimals or 0}") <= target.most:
        ends = {"least": format_setting(target.least), "most": format_setting(target.most)}
        return Fault(target.key, marked("Harus antara %(least)s dan %(most)s, atau kosong."), ends)
    return None


def known(stored: Mapping[str, float | None]) -> Values:
    """What was stored, with defaults for thresholds that a later release has brought."""
    return {key: stored.get(key, default) for key, default in DEFAULTS.items()}
