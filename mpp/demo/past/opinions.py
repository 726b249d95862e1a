"""What the served would have answered: opinions around each unsur's and agency's quality. Pure and seeded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from mpp.survey.rules.profile import FIELDS
from mpp.survey.rules.unsur import Answers, Unsur

ANSWERS = 0.22
"""Share of the served who answer the survey."""
TAPS = 0.45
"""Share of the others who tap a face."""
SKIPS = 0.02
QUALITY: Mapping[Unsur, float] = {
    Unsur.REQUIREMENTS: 3.3,
    Unsur.PROCEDURE: 3.3,
    Unsur.TIME: 3.3,
    Unsur.COST: 3.7,
    Unsur.PRODUCT: 3.35,
    Unsur.COMPETENCE: 3.4,
    Unsur.CONDUCT: 3.45,
    Unsur.FACILITIES: 3.15,
    Unsur.COMPLAINTS: 3.0,
}
"""Where opinions lie on the scale of 1 to 4 when nobody waits long."""
AN_HOURS_WAIT = 0.5
"""How much an hour's wait takes off the opinion of the time, and half as much off all others."""
MOOD, NOISE, BETWEEN_AGENCIES = 0.35, 0.45, 0.12
A_YEARS_PROGRESS = 0.08
PROFILE_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Opinion:
    """`answers` None: only a tap. Both None: no answer at all."""

    answers: Answers | None
    profile: Mapping[str, str]
    quick: int | None


def opinion(agency: str, day: date, waited: timedelta, chance: Random) -> Opinion:
    """One visitor's. The agency's slug alone decides how good it is, whatever the seed."""
    good = Random(agency).gauss(0, BETWEEN_AGENCIES)  # noqa: S311 - no secret
    good += A_YEARS_PROGRESS * (day.toordinal() % 365) / 365
    mood = good + chance.gauss(0, MOOD)
    tired = AN_HOURS_WAIT * waited / timedelta(hours=1)
    if chance.random() < ANSWERS:
        values = {
            unsur: _value(quality + mood - tired * (1.0 if unsur is Unsur.TIME else 0.5), chance)
            for unsur, quality in QUALITY.items()
            if chance.random() >= SKIPS
        }
        return Opinion(Answers(values), _profile(chance), _value(3.4 + mood - tired / 2, chance))
    if chance.random() < TAPS:
        return Opinion(None, {}, _value(3.4 + mood - tired / 2, chance))
    return Opinion(None, {}, None)


def _value(middle: float, chance: Random) -> int:
    return min(4, max(1, round(middle + chance.gauss(0, NOISE))))


def _profile(chance: Random) -> dict[str, str]:
    return {
        name: chance.choice(list(codes))
        for name, codes in FIELDS.items()
        if chance.random() < PROFILE_SHARE
    }
