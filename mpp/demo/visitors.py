"""Citizens: they come as the day has it, take a number at a kiosk, and some change their minds."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mpp.clock import Clock
from mpp.counters.rules.file import MallFile
from mpp.counters.rules.mall import Mall
from mpp.demo.api import Answer, Api, JsonObject, Pace
from mpp.demo.crowd import Crowd
from mpp.demo.past.opinions import opinion
from mpp.queue.rules.life import OPEN_STATES, State
from mpp.survey.rules.unsur import CODES

BUSIEST = 0.95
"""How much of the busiest agency's officers' time the visitors of an ordinary hour fill."""
AT_THE_DOOR = 1.5
"""Visitors a counter that stand at the door when the demo begins."""
BY_HOUR = {
    7: 0.6, 8: 1.15, 9: 1.25, 10: 1.15, 11: 0.95, 12: 0.7, 13: 0.9, 14: 0.8, 15: 0.6,
}  # fmt: skip
AT_OTHER_HOURS = 0.7
"""The demo's kiosks know no opening hours: whoever looks at night sees a quiet mall, not a dead one."""
PRIORITIES = {"elderly": 0.08, "infant": 0.03, "pregnant": 0.02, "disability": 0.015}
ENGLISH = 0.02
SECOND_SERVICE = 0.06
GIVES_UP = 0.04
LONG_QUEUE = 25
GIVES_UP_BEFORE_A_LONG_QUEUE = 0.5
TRIES = 5
LOOKS_EVERY = 12
"""Minutes between two looks at the phone; whoever is done by then may judge the service."""
LOOKS = 40
LONGEST = timedelta(hours=2)
"""However fast the demo runs: no wait counts as longer than this."""

Seen = Callable[[str, str], None]
"""Told the secret and the label of a visit: its phone page can be looked at."""


def arrivals_an_hour(file: MallFile) -> float:
    """How many visitors an hour fill the busiest agency's officers to `BUSIEST`."""
    serving: dict[str, set[str]] = {}
    for counter in file.counter:
        for each in counter.services:
            serving.setdefault(each.service, set()).add(counter.label)
    limits = []
    for agency in file.agency:
        known = [s.slug for s in agency.service if s.slug in file.demo.service]
        labels = set[str]().union(*(serving.get(slug, ()) for slug in known))
        work = sum(_minutes_an_arrival(file, slug) for slug in known)
        if work and labels:
            limits.append(60 * len(labels) / work)
    return BUSIEST * min(limits, default=0.0)


def _minutes_an_arrival(file: MallFile, slug: str) -> float:
    part = file.demo.service[slug]
    return part.share / 100 * part.minutes


def by_hour(local: datetime) -> float:
    """How busy this hour of the day is, an ordinary one being 1."""
    return BY_HOUR.get(local.hour, AT_OTHER_HOURS)


@dataclass(frozen=True)
class Visitors:
    """Everybody who comes in while the demo runs."""

    mall: Mall
    file: MallFile
    kiosks: Sequence[Api]
    phone: Api
    pace: Pace
    clock: Clock
    seen: Seen

    async def come(self) -> None:
        """Let people in until cancelled: alone, at random moments, as often as the hour has it."""
        an_hour = arrivals_an_hour(self.file)
        async with Crowd() as crowd:
            for _ in range(round(AT_THE_DOOR * len(self.mall.counters))):
                crowd.add(self._visit())
                await asyncio.sleep(0.05)
            while an_hour:
                local = self.clock().astimezone(self.mall.time_zone)
                await self.pace.minutes(self.pace.chance.expovariate(an_hour * by_hour(local) / 60))
                crowd.add(self._visit())

    async def _visit(self) -> None:
        wish: JsonObject = {
            "service": self._service(),
            "priority": self._priority(),
            "locale": "en" if self.pace.happens(ENGLISH) else "id",
        }
        taken = await self._take(wish)
        token = taken.body.get("visit_token")
        if not taken.is_good or not isinstance(token, str):
            return
        self.seen(token, str(taken.body.get("label")))
        if self.pace.happens(SECOND_SERVICE):
            await self._take(wish | {"service": self._service(), "visit": token})
        ahead = taken.body.get("people_ahead") or 0
        share = GIVES_UP_BEFORE_A_LONG_QUEUE if ahead > LONG_QUEUE else GIVES_UP
        if self.pace.happens(share):
            await self.pace.minutes(self.pace.around(5))
            await self.phone.post(f"/visits/{token}/cancel")  # refused when just called: stay then
        await self._judge(token)

    async def _judge(self, token: str) -> None:
        """Look at the phone until the visit is over; whoever was served may then answer the survey."""
        for _ in range(LOOKS):
            await self.pace.minutes(self.pace.around(LOOKS_EVERY))
            tickets = (await self.phone.get(f"/visits/{token}")).body.get("tickets", [])
            if tickets and not any(each["state"] in OPEN_STATES for each in tickets):
                break
        else:
            return
        served = [each for each in tickets if each["state"] == State.COMPLETED]
        if served and (said := _said(served[-1], self.pace)):
            await self.phone.post(f"/visits/{token}/survey", said)

    async def _take(self, wish: JsonObject) -> Answer:
        """Press until the kiosk answers; the key makes sure that it is one number all the same."""
        kiosk, key = self.pace.chance.choice(self.kiosks), str(uuid.uuid4())
        path, tries = f"/malls/{self.mall.slug}/tickets", 1
        while (answer := await kiosk.post(path, wish, key=key)).status >= 500 and tries < TRIES:
            tries += 1
        return answer

    def _service(self) -> str:
        shares = self.file.demo.service
        (slug,) = self.pace.chance.choices(
            list(shares), weights=[each.share for each in shares.values()]
        )
        return slug

    def _priority(self) -> str:
        luck = self.pace.chance.random()
        for name, share in PRIORITIES.items():
            luck -= share
            if luck < 0:
                return name
        return "regular"


def _said(ticket: JsonObject, pace: Pace) -> JsonObject:
    """What somebody thinks of it who was served with this ticket; empty: nothing they would write."""
    joined = datetime.fromisoformat(ticket["joined_at"])
    called = datetime.fromisoformat(ticket["called_at"])
    waited = min((called - joined) * pace.speed, LONGEST)
    found = opinion(ticket["agency"], joined.date(), waited, pace.chance)
    said: JsonObject = {}
    if found.answers is not None:
        said["answers"] = {CODES[unsur]: value for unsur, value in found.answers.values.items()}
        said["profile"] = dict(found.profile)
    if found.quick is not None:
        said["quick"] = found.quick
    return said
