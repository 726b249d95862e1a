"""How often something may be tried, kept as one moment: when everything taken so far would be paid back."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """So many at once, then one every so often (the generic cell rate algorithm)."""

    at_once: int
    every: timedelta

    def wait(self, paid_back: datetime, now: datetime) -> timedelta:
        """How long until the try that made `paid_back` would be admitted; zero or less: it is."""
        return paid_back - now - self.at_once * self.every


ACCOUNT = Limit(30, timedelta(minutes=1))
"""Tries of one account from places that nobody has signed in from."""
ACCOUNT_FROM_A_STRANGER = Limit(10, timedelta(minutes=1))
"""Of these, from one address."""
STRANGER = Limit(30, timedelta(seconds=10))
"""Tries of whatever account from one such address."""
STRANGERS = Limit(240, timedelta(seconds=0.25))
"""Of all such addresses together: less than the checking of passwords can do."""
ACCOUNT_FROM_A_KNOWN_PLACE = Limit(10, timedelta(seconds=30))
"""Tries of one account from a known browser or address: nobody elsewhere can use them up."""


def per_minute(count: int) -> Limit:
    """So many at once, and as many in a minute after that; 0: none."""
    return Limit(count, timedelta(minutes=1) / max(count, 1))


def place_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the network that one IPv6 subscriber is given (/64)."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((int(known), 64), strict=False))
    return str(known)
