"""Whose times are told: the whole mall's, an agency's or a service's."""

from collections.abc import Sequence
from dataclasses import dataclass

from mpp.errors import Invalid
from mpp.metrics.rules.aggregation import MALL, Heading, heading_of
from mpp.metrics.rules.figures import By
from mpp.metrics.rules.names import Names

AMONG = (By.AGENCY, By.SERVICE)


@dataclass(frozen=True)
class Scope:
    """Whose times are told: `value` is what the form sends, `services` whom its promises are asked of."""

    value: str
    heading: Heading
    services: Sequence[int]


def read_among(text: str | None, known: Names) -> Scope:
    """Read `agency:slug` or `service:slug`; the whole mall unless given. `Invalid` names the field."""
    if not text:
        return Scope("", (MALL, ""), [*known.services])
    by, _colon, slug = text.partition(":")
    named = {By.AGENCY: known.agencies, By.SERVICE: known.services}
    if by in AMONG:
        for id_, each in named[By(by)].items():
            if each.key == slug:
                return Scope(text, heading_of(by, id_), _services(By(by), id_, known))
    raise Invalid("Pilih instansi atau layanan yang ada di mal ini.", field="among")


def _services(by: By, id_: int, known: Names) -> list[int]:
    if by is By.SERVICE:
        return [id_]
    return [service for service, agency in known.agency_of.items() if agency == id_]
