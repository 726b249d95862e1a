"""From a visit's secret to its blind token."""

from dataclasses import dataclass

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.db.seam import Database
from mpp.errors import Conflict
from mpp.queue.queries import visit_rows
from mpp.queue.rules.life import State
from mpp.survey.commands import answering
from mpp.survey.rules import token
from mpp.survey.rules.token import Blind, Payload

NOT_YET = "Layanan kunjungan ini belum selesai; nilailah sesudahnya."


@dataclass(frozen=True)
class Judges:
    """What it takes to make a token."""

    db: Database
    malls: Malls
    clock: Clock
    settings: Settings

    async def blind(self, visit_secret: str) -> tuple[Mall, Blind]:
        """The visit's token, for the service that was completed last.

        `NotFound` for no visit's secret, `Conflict` before anything is completed and when the time is over.
        """
        visit = await self.db.read(visit_rows.visit, visit_secret)
        mall = await self.malls.by_id(visit.mall_id)
        theirs = await self.db.read(visit_rows.tickets_of_visit, mall.id, visit.id)
        done = [each for each in theirs if each.state is State.COMPLETED and each.ended_at]
        if not done:
            raise Conflict(NOT_YET, field="token")
        last = max(done, key=lambda each: (each.ended_at, each.id))
        salt = await self.db.execute(
            answering.keep_salt, mall, visit.day, today=mall.day(self.clock())
        )
        nonce = token.nonce_of(self.settings.secret_key, salt, visit_secret)
        return mall, Blind(Payload(mall.id, last.service_id, visit.day), nonce)

    def written(self, blind: Blind) -> str:
        """As it stands in an address."""
        return token.make(self.settings.secret_key, blind.payload, blind.nonce)

    def read(self, text: str) -> Blind | None:
        """None for what we did not write."""
        return token.read(self.settings.secret_key, text)
