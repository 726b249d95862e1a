"""Thresholds of alerts and expected days: one page for leaders, `/overview/targets`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect

from mpp.clock import Clock
from mpp.counters.readers import Malls
from mpp.counters.rules.mall import Mall
from mpp.dashboard import commands as commands
from mpp.dashboard import queries as target_rows
from mpp.dashboard.pages.targets import Held, Typed, targets_page
from mpp.dashboard.rules.targets import Fault, Values, read_values
from mpp.db.seam import Database, Transaction
from mpp.errors import Conflict, Invalid, MppError
from mpp.security import LEADERS, requires
from mpp.texts import Filled, marked
from mpp.web.language import locale_of
from mpp.web.pages import html

HOME = "/overview/targets"
FORM = ("day", "expected", "note")


@dataclass(frozen=True)
class Desk:
    """A leader sets the thresholds of their own mall."""

    request: Request[Any, Any, Any]
    db: Database
    mall: Mall
    clock: Clock

    @property
    def today(self) -> date:
        return self.mall.day(self.clock())

    async def page(
        self,
        typed: Typed | None = None,
        *,
        saved: bool = False,
        day_saved: date | None = None,
        status_code: int = 200,
    ) -> Response[str]:
        held = await self.db.read(_held, self.mall.id, self.today)
        page = targets_page(
            self.mall,
            held,
            typed or Typed(),
            today=self.today,
            locale=locale_of(self.request),
            saved=saved,
            day_saved=day_saved,
        )
        return html(self.request, page, mall=self.mall, status_code=status_code)


def _held(tx: Transaction, mall_id: int, today: date) -> Held:
    return Held(
        changes=target_rows.changes(tx, mall_id, target_rows.MOST_CHANGES + 1),
        expected_days=target_rows.expected_days_from(tx, mall_id, today),
    )


async def provide_desk(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
) -> Desk:
    return Desk(request, db, await malls.by_id(request.user.mall_id), clock)


@get("/", guards=[requires(LEADERS)])
async def show(
    desk: NamedDependency[Desk], saved: FromQuery[str] = "", planned: FromQuery[str] = ""
) -> Response[str]:
    """What holds, who set it last, and what is expected of the coming days."""
    return await desk.page(saved=bool(saved), day_saved=day_in(planned))


@post("/", guards=[requires(LEADERS)])
async def set_targets(
    desk: NamedDependency[Desk], data: URLEncodedBody[dict[str, str]]
) -> Response[Any]:
    """All thresholds at once; after a refusal the form again, as it was filled in."""
    values, faults = read_values(data)
    if faults:
        return await desk.page(Typed(targets=data, faults=faults), status_code=422)
    try:
        await _keep(desk, values, data)
    except Conflict as refused:
        typed = Typed(targets=data, faults=[fault_of(refused)])
        return await desk.page(typed, status_code=refused.status)
    return Redirect(f"{HOME}?saved=1", status_code=303)


async def _keep(desk: Desk, values: Values, form: Mapping[str, str]) -> None:
    seen = form.get("seen", "")
    is_number = seen.isascii() and seen.isdecimal() and len(seen) <= 16
    await desk.db.execute(
        commands.set_targets,
        desk.mall.id,
        values,
        seen=int(seen) if is_number else -1,
        by=desk.request.user.name,
        now=desk.clock(),
    )


@post("/plan", guards=[requires(LEADERS)])
async def expect_day(
    desk: NamedDependency[Desk], data: URLEncodedBody[dict[str, str]]
) -> Response[Any]:
    """What is expected of a day; after a refusal the form again, as it was filled in."""
    given = {name: data.get(name, "") for name in FORM}
    try:
        day, expected = _day(given["day"]), _expected(given["expected"])
        await desk.db.execute(commands.expect_day, desk.mall.id, day, expected, given["note"],
                              today=desk.today, by=desk.request.user.name, now=desk.clock())  # fmt: skip
    except Invalid as refused:
        typed = Typed(expected_day=given, day_faults=[fault_of(refused)])
        return await desk.page(typed, status_code=refused.status)
    return Redirect(f"{HOME}?planned={day}#plan", status_code=303)


def fault_of(refused: MppError) -> Fault:
    said = refused.wording
    words, facts = (said.text, said.facts) if isinstance(said, Filled) else (said, {})
    return Fault(str(refused.facts.get("field", "")), words, facts)


def day_in(text: str) -> date | None:
    """A day as forms and addresses write it; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _day(text: str) -> date:
    found = day_in(text.strip())
    if found is None:
        raise Invalid(marked("Pilih tanggalnya."), field="day")
    return found


def _expected(text: str) -> int | None:
    """A number may be written with points between thousands."""
    plain = text.strip().replace(".", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 7):
        raise Invalid(
            marked("Tulis bilangan dari 1 sampai 100000, atau kosongkan."), field="expected"
        )
    return int(plain)


routers = [
    Router(
        HOME,
        route_handlers=[show, set_targets, expect_day],
        dependencies={"desk": Provide(provide_desk)},
        include_in_schema=False,
    )
]
