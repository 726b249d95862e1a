"""Officers: each calls, waits, serves and finishes at one counter, with what comes in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mpp.counters.rules.mall import Counter, Mall, Service
from mpp.demo.api import Answer, Api, JsonObject, Pace

WALK = 0.5  # minutes from the call to the counter
MISSING = 0.04  # share of those called who are not there
CALLS_BEFORE_MISSING = 3
COMES_BACK = 0.3  # share of those missed who turn up later
NOTICES_A_WRONG_CALL = 0.004
PARKS, TRANSFERS, REFERS, INCOMPLETE = 0.025, 0.015, 0.015, 0.06
LOOKS_AGAIN = 0.6  # minutes until an officer without visitors looks again
WORKS = 100.0  # minutes between two pauses
OTHERWISE = 8.0  # minutes at the counter where the file names none
PAUSES: Sequence[tuple[str, float]] = (
    ("Istirahat", 12),
    ("Salat", 12),
    ("Mengambil blangko", 5),
    ("Koordinasi dengan penyelia", 7),
    ("Gangguan jaringan", 8),
)
PARKED_FOR: Sequence[tuple[str, float]] = (
    ("Melengkapi fotokopi berkas", 8),
    ("Membayar di loket bank", 10),
    ("Mengambil dokumen asli di mobil", 6),
)


@dataclass
class Officer:
    """One officer's day at one counter. Times are minutes of the mall's life."""

    mall: Mall
    counter: Counter
    api: Api
    pace: Pace
    typical: Mapping[str, float]
    """Service slug → minutes that it takes at the counter."""
    worked: float = 0.0
    later: list[tuple[float, str, int]] = field(default_factory=list)
    """What was put off: when (by `worked`), the action, the ticket."""

    async def work(self) -> None:
        """Until cancelled. Whatever is refused, the officer looks at the counter afresh."""
        self.worked = self.pace.chance.uniform(0, WORKS)  # pauses are not all at one time
        await self._counter("open")
        while True:
            await self._take_up_what_was_put_off()
            if self.worked > WORKS:
                await self._pause()
            called = await self._counter("call-next")
            if called.status == 200:
                await self._attend(called.body)
            elif "ticket" in called.body:  # still in hand, from before a restart
                await self._finish_in_hand(int(called.body["ticket"]))
            else:
                if called.status not in (204, 599):
                    await self._counter("open")
                await self._spend(self.pace.around(LOOKS_AGAIN))

    async def _attend(self, ticket: JsonObject) -> None:
        """From the call to the end, or to where somebody else goes on."""
        if self.pace.happens(NOTICES_A_WRONG_CALL):
            await self._act(ticket["id"], "return")
            return
        if self.pace.happens(MISSING):
            await self._call_in_vain(ticket["id"])
            return
        await self._spend(self.pace.around(WALK))
        if (await self._act(ticket["id"], "start")).is_good:
            await self._serve(ticket)

    async def _call_in_vain(self, ticket_id: int) -> None:
        for _ in range(CALLS_BEFORE_MISSING - 1):
            await self._spend(WALK)
            await self._act(ticket_id, "recall")
        await self._spend(WALK)
        missed = await self._act(ticket_id, "miss")
        if missed.is_good and self.pace.happens(COMES_BACK):
            self._put_off("requeue", ticket_id, self.pace.around(10))

    async def _serve(self, ticket: JsonObject) -> None:
        minutes = self.pace.around(self.typical.get(str(ticket.get("service")), OTHERWISE))
        luck = self.pace.chance.random()
        if luck < PARKS:
            await self._spend(minutes / 3)
            reason, away = self.pace.chance.choice(PARKED_FOR)
            if (await self._act(ticket["id"], "park", reason=reason)).is_good:
                self._put_off("resume", ticket["id"], self.pace.around(away))
        elif luck < PARKS + TRANSFERS + REFERS:
            await self._spend(minutes / 2)
            action = "transfer" if luck < PARKS + TRANSFERS else "refer"
            await self._send_on(ticket, action)
        else:
            await self._spend(minutes)
            await self._complete(ticket["id"])

    async def _send_on(self, ticket: JsonObject, action: str) -> None:
        """To another service of the same agency, or with a new number to another agency."""
        here = self.mall.service_by_slug.get(str(ticket.get("service")))
        there = [each for each in self.mall.services if here and self._fits(each, here, action)]
        if not there:
            await self._complete(ticket["id"])
            return
        service = self.pace.chance.choice(there).slug
        sent = await self._act(ticket["id"], action, service=service, reason="Perlu layanan lain")
        if not sent.is_good:
            await self._complete(ticket["id"])

    def _fits(self, there: Service, here: Service, action: str) -> bool:
        is_same_agency = there.agency_id == here.agency_id
        is_served = bool(self.mall.counters_for(there.id)) and there.slug in self.typical
        return is_served and there.id != here.id and is_same_agency == (action == "transfer")

    async def _complete(self, ticket_id: int) -> None:
        outcome = "incomplete" if self.pace.happens(INCOMPLETE) else "done"
        await self._act(ticket_id, "complete", outcome=outcome)

    async def _finish_in_hand(self, ticket_id: int) -> None:
        await self._act(ticket_id, "start")  # refused when it had begun
        await self._spend(self.pace.around(OTHERWISE / 2))
        await self._complete(ticket_id)

    def _put_off(self, action: str, ticket_id: int, minutes: float) -> None:
        self.later.append((self.worked + minutes, action, ticket_id))

    async def _take_up_what_was_put_off(self) -> None:
        due = sorted(each for each in self.later if each[0] <= self.worked)
        for entry in due:
            self.later.remove(entry)
            _, action, ticket_id = entry
            answer = await self._act(ticket_id, action)
            if action == "resume" and answer.is_good:
                await self._spend(self.pace.around(WALK))
                await self._finish_in_hand(ticket_id)

    async def _pause(self) -> None:
        reason, minutes = self.pace.chance.choice(PAUSES)
        await self._counter("pause", reason=reason)
        await self._spend(self.pace.around(minutes))
        await self._counter("open")
        for i, (when, action, ticket_id) in enumerate(self.later):
            self.later[i] = (when - self.worked, action, ticket_id)
        self.worked = 0.0

    async def _spend(self, minutes: float) -> None:
        self.worked += minutes
        await self.pace.minutes(minutes)

    async def _counter(self, action: str, **body: Any) -> Answer:
        return await self.api.post(f"/counters/{self.counter.id}/{action}", body)

    async def _act(self, ticket_id: int, action: str, **body: Any) -> Answer:
        return await self.api.post(f"/tickets/{ticket_id}/{action}", body)
