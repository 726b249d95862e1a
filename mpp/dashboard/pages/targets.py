"""What the page of thresholds and expected days reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import ClassVar

from mpp.counters.rules.mall import Mall
from mpp.dashboard.queries import (
    MOST_CHANGES,
)
from mpp.dashboard.rules.expected import Change, ExpectedDay
from mpp.dashboard.rules.targets import TARGETS, UNIT_WORDS, Fault, Target, Values
from mpp.number_format import format_setting
from mpp.web.language import local
from mpp.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class TargetField:
    """A threshold in the form. `value`: as it was typed, or as it holds; `default`: empty when off."""

    target: Target
    unit: str
    value: str
    default: str
    least: str
    most: str
    fault: Fault | None


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A save: what was changed from what to what; an empty value is off."""

    at: datetime
    by: str
    changed: Sequence[tuple[Target, str, str]]


@dataclass(frozen=True, kw_only=True)
class ExpectedDayRow:
    expected_day: ExpectedDay
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TargetsPage(Page):
    """`/overview/targets`. Moments are the mall's local time."""

    template: ClassVar[str] = "dashboard/targets.html"
    fields: Sequence[TargetField]
    seen: int
    """The change that the form was made from."""
    saved: bool
    faults: Sequence[Fault]
    changes: Sequence[ChangeRow]
    expected_days: Sequence[ExpectedDayRow]
    given: Mapping[str, str]
    """What is expected of a day, as it was typed."""
    day_faults: Sequence[Fault]
    day_saved: date | None
    today: date


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is stored: saves, the newest first and one more than is shown; expected days from today on."""

    changes: Sequence[Change]
    expected_days: Sequence[ExpectedDay]

    @property
    def present(self) -> Change:
        return self.changes[0] if self.changes else Change(0)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody has sent and what is wrong with it; None: nothing was sent."""

    targets: Mapping[str, str] | None = None
    faults: Sequence[Fault] = ()
    expected_day: Mapping[str, str] | None = None
    day_faults: Sequence[Fault] = ()


def targets_page(
    mall: Mall,
    held: Held,
    typed: Typed,
    *,
    today: date,
    locale: str,
    saved: bool = False,
    day_saved: date | None = None,
) -> TargetsPage:
    return TargetsPage(
        fields=[_field(each, held.present.targets, typed, locale) for each in TARGETS.values()],
        seen=held.present.id,
        saved=saved,
        faults=typed.faults,
        changes=_changes(mall, held.changes, locale),
        expected_days=[
            ExpectedDayRow(expected_day=each, at=local(each.at, mall.time_zone))
            for each in held.expected_days
        ],
        given=typed.expected_day or {"day": today.isoformat(), "expected": "", "note": ""},
        day_faults=typed.day_faults,
        day_saved=day_saved,
        today=today,
    )


def _field(target: Target, values: Values, typed: Typed, locale: str) -> TargetField:
    held = format_setting(values[target.key], locale)
    return TargetField(
        target=target,
        unit=UNIT_WORDS[target.unit],
        value=held if typed.targets is None else typed.targets.get(target.key, ""),
        default=format_setting(target.default, locale),
        least=format_setting(target.least, locale),
        most=format_setting(target.most, locale),
        fault=next((each for each in typed.faults if each.field == target.key), None),
    )


def _changes(mall: Mall, changes: Sequence[Change], locale: str) -> list[ChangeRow]:
    """Each beside the one before it; the first of all beside the defaults."""
    rows = []
    for change, before in pairwise([*changes, Change(0)]):
        changed = [
            (
                target,
                format_setting(before.targets[key], locale),
                format_setting(change.targets[key], locale),
            )
            for key, target in TARGETS.items()
            if before.targets[key] != change.targets[key]
        ]
        if change.at is not None:
            at = local(change.at, mall.time_zone)
            rows.append(ChangeRow(at=at, by=change.by, changed=changed))
    return rows[:MOST_CHANGES]
