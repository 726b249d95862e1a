"""What an officer's forms say, and doing it: one press, one or two commands."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from mpp.counters.commands import shifts as shift_commands
from mpp.counters.rules.mall import Counter, Mall
from mpp.db.seam import Database
from mpp.errors import CounterNotOpen, Invalid, NotFound
from mpp.queue.commands import act as acting
from mpp.queue.commands import call
from mpp.queue.commands.act import Details
from mpp.queue.pages.labels import NOBODY
from mpp.queue.pages.questions import NEEDS_REASON
from mpp.queue.routes.api.request_params import TAKES, SlugIn
from mpp.queue.rules.life import Action, Outcome, Place
from mpp.queue.rules.ticket import Ticket
from mpp.security import Principal
from mpp.texts import marked
from mpp.web.request_params import TextIn, read_id

TargetIn = Annotated[
    str, msgspec.Meta(pattern=r"^(|service:[a-z0-9][a-z0-9-]{0,63}|counter:[0-9]{1,16})$")
]
CountIn = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{0,3}$")]


class DeskForm(msgspec.Struct, kw_only=True):
    """A press at the desk. A form sends every field that it shows; empty is none."""

    action: Annotated[str, msgspec.Meta(max_length=20)]
    ticket: Annotated[str, msgspec.Meta(max_length=16)] = ""
    reason: TextIn = ""
    other: TextIn = ""
    """A reason in one's own words; counts before the one that was picked."""
    minutes: CountIn = ""
    outcome: Outcome = Outcome.DONE
    to: TargetIn = ""
    place: Place | None = None
    services: SlugIn | list[SlugIn] | None = None

    @property
    def said(self) -> str | None:
        return self.other.strip() or self.reason.strip() or None

    @property
    def chosen(self) -> list[str] | None:
        return [self.services] if isinstance(self.services, str) else self.services


@dataclass(frozen=True)
class Done:
    """What happened, as a word of `pages.words.DONE`, and to which ticket."""

    what: str
    ticket: Ticket | None = None


@dataclass(frozen=True, kw_only=True)
class Press:
    """An officer pressed something at a counter."""

    db: Database
    mall: Mall
    counter: Counter
    by: Principal
    now: datetime
    form: DeskForm


async def do(press: Press) -> Done:
    """Do what was pressed. Raises what the commands raise, and `Invalid` for an empty answer."""
    action = press.form.action
    if action in _AT_COUNTER:
        return await _AT_COUNTER[action](press)
    if action not in TAKES:
        raise NotFound("Tindakan itu tidak ada.", field="action")
    return await act_on_ticket(press, Action(action))


async def act_on_ticket(press: Press, action: Action) -> Done:
    acted = await press.db.execute(
        acting.act,
        press.mall,
        read_id(press.form.ticket, "ticket"),
        action,
        by=press.by,
        now=press.now,
        details=read_answers(press, action),
    )
    return Done(action, acted.referred or acted.ticket)


def read_answers(press: Press, action: Action) -> Details:
    """What the form says for this action; what it does not take is left aside."""
    form, mall, takes = press.form, press.mall, TAKES[action]
    if action in NEEDS_REASON and form.said is None:
        raise Invalid(marked("Pilih atau tulis alasannya."), field="reason")
    kind, _, target = form.to.partition(":")
    if "service" in takes and not target:
        raise Invalid(marked("Pilih tujuannya."), field="to")
    counter_id = int(target) if kind == "counter" else None
    if action in {Action.CALL, Action.RESUME}:
        counter_id = press.counter.id
    minutes = timedelta(minutes=int(form.minutes or 0))
    return Details(
        reason=form.said if "reason" in takes else None,
        until=press.now + minutes if minutes and "until" in takes else None,
        outcome=form.outcome,
        service=mall.service(target) if kind == "service" and "service" in takes else None,
        counter_id=counter_id if "counter" in takes else None,
        place=form.place if "place" in takes else None,
    )


# -- at the counter itself -----------------------------------------------------------------------


async def _open(press: Press) -> Done:
    await press.db.execute(
        shift_commands.open_counter,
        press.mall,
        press.counter.id,
        by=press.by,
        now=press.now,
        services=press.form.chosen,
    )
    return Done("open")


async def _pause(press: Press) -> Done:
    if press.form.said is None:
        raise Invalid(marked("Pilih atau tulis alasannya."), field="reason")
    await press.db.execute(
        shift_commands.pause_counter,
        press.mall,
        press.counter.id,
        by=press.by,
        now=press.now,
        reason=press.form.said,
    )
    return Done("pause")


async def _close(press: Press) -> Done:
    await press.db.execute(
        call.close_counter, press.mall, press.counter.id, by=press.by, now=press.now
    )
    return Done("close")


async def _call_next(press: Press) -> Done:
    called = await press.db.execute(
        call.call_next, press.mall, press.counter.id, by=press.by, now=press.now
    )
    return Done(Action.CALL, called) if called else Done(NOBODY)


async def _complete_next(press: Press) -> Done:
    """Two commands: the first stands even if the second finds the counter paused or nobody waiting."""
    completed = await act_on_ticket(press, Action.COMPLETE)
    try:
        return await _call_next(press)
    except CounterNotOpen:
        return completed


_AT_COUNTER: dict[str, Callable[[Press], Awaitable[Done]]] = {
    "open": _open,
    "pause": _pause,
    "close": _close,
    "call-next": _call_next,
    "complete-next": _complete_next,
}
