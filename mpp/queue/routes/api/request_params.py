"""What the API's requests hold, read with care."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema
from litestar.params import HeaderParameter

from mpp.counters.rules.mall import Mall
from mpp.errors import Forbidden, Invalid, MppError, NotFound
from mpp.queue.commands.act import Details
from mpp.queue.rules.life import Action, Outcome, Place
from mpp.security import (
    Principal,
)
from mpp.web.request_params import TextIn, read_id

SlugIn = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]

TokenIn = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,43}$")]

KEY_HEADER = "Idempotency-Key"

Key = Annotated[str | None, HeaderParameter(name=KEY_HEADER, required=False)]

MAX_KEY = 200


def read_key(request: Request[Any, Any, Any], key: str | None) -> str:
    """A key that can be stored: there, printable, not too long, and only one.

    Whoever issues without one can issue twice when a reply is lost, so nobody may.
    """
    if key is None:
        raise MppError(
            "Sertakan kunci yang baru untuk setiap nomor (UUID, misalnya).", field=KEY_HEADER
        )
    if len(request.headers.getall(KEY_HEADER)) > 1:
        raise Invalid("Sertakan satu kunci saja.", field=KEY_HEADER)
    if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(f"Kunci: 1–{MAX_KEY} huruf yang tercetak.", field=KEY_HEADER)
    return key


@dataclass
class KeyIsRequired(Operation):
    """An operation of the API's document that needs the key. The framework's own demand for it would
    come before ours for a token.
    """

    def __post_init__(self) -> None:
        for each in self.parameters or ():
            if isinstance(each, Parameter) and each.name == KEY_HEADER:
                each.required = True
                each.description = "Made anew for each number; the same key gives the same ticket."
                each.schema = Schema(
                    type=OpenAPIType.STRING, min_length=1, max_length=MAX_KEY, pattern="^[ -~]+$"
                )


def operated(by: Principal, counter_id: str) -> int:
    """The counter's id, if this principal may operate it."""
    wanted = read_id(counter_id, "counter_id")
    if not by.may_operate(wanted):
        raise Forbidden("Loket itu bukan loket Anda.", field="counter_id")
    return wanted


class ActionIn(msgspec.Struct, forbid_unknown_fields=True):
    """What an action may need. Each takes its own fields and refuses the rest."""

    reason: TextIn | None = None
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    outcome: Outcome | None = None
    service: SlugIn | None = None
    counter: int | None = None
    place: Place | None = None


TAKES: dict[Action, frozenset[str]] = {
    Action.CALL: frozenset({"reason", "counter"}),
    Action.RECALL: frozenset(),
    Action.START: frozenset(),
    Action.COMPLETE: frozenset({"outcome", "reason"}),
    Action.MISS: frozenset({"reason"}),
    Action.REQUEUE: frozenset({"place", "reason"}),
    Action.RETURN: frozenset({"reason"}),
    Action.PARK: frozenset({"reason", "until"}),
    Action.RESUME: frozenset({"counter"}),
    Action.TRANSFER: frozenset({"service", "counter", "place", "reason"}),
    Action.REFER: frozenset({"service", "reason"}),
    Action.CANCEL: frozenset({"reason"}),
}


def read_details(mall: Mall, action: Action, data: ActionIn) -> Details:
    """The fields that this action takes; `Invalid` names one that it does not."""
    for name in data.__struct_fields__:
        if getattr(data, name) is not None and name not in TAKES[action]:
            raise Invalid(f"Tindakan {action} tidak memakai isian ini.", field=name)
    return Details(
        reason=data.reason,
        until=data.until,
        outcome=data.outcome or Outcome.DONE,
        service=mall.service(data.service) if data.service else None,
        counter_id=mall.counter(data.counter, "counter").id if data.counter is not None else None,
        place=data.place,
    )


def read_token(token: str) -> str:
    """A visit's secret as it can be stored; `NotFound` for anything else."""
    if not 0 < len(token) <= 43 or not token.replace("-", "").replace("_", "").isalnum():
        raise NotFound("Kunjungan itu tidak ditemukan.", field="token")
    return token
