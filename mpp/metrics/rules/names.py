"""What ids mean: names and standards, retired ones too."""

from collections.abc import Mapping
from dataclasses import dataclass

from mpp.metrics.rules.figures import Promise


@dataclass(frozen=True)
class Named:
    """A row's key in the API and its name."""

    key: str
    name: str


@dataclass(frozen=True)
class Names:
    """What ids mean, retired things too: the history still speaks of them. All in their usual order."""

    services: Mapping[int, Named]
    agencies: Mapping[int, Named]
    counters: Mapping[int, Named]
    officers: Mapping[int, Named]
    agency_of: Mapping[int, int]
    promises: Mapping[int, Promise]
