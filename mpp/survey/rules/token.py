"""Blind one-time tokens: the right to answer once, that does not say who answers.

    nonce = HMAC-SHA256(secret + salt of the visit's day, secret of the visit)
    token = payload (mall, service, day) + nonce + HMAC-SHA256(secret, payload + nonce)

The same visit always gets the same nonce, so an answer counts once through every channel. With the database
alone nobody can make a nonce from a visit; with the server's secret too it is possible as long as the day's
salt is kept (`LIFE_DAYS`), and no longer after that. docs/decisions/0009 says what this hides and what not.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import date, timedelta

LIFE_DAYS = 3
"""A visit can be judged on its day and so many days after; then its day's salt is deleted."""

TOKEN_LENGTH = 112
_PAYLOAD = struct.Struct(">QQI")
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class Payload:
    """What an answer is about."""

    mall_id: int
    service_id: int
    day: date


@dataclass(frozen=True, slots=True)
class Blind:
    """A token that was read and found untouched."""

    payload: Payload
    nonce: bytes

    @property
    def hashed(self) -> str:
        """What is stored with the answer."""
        return hashlib.sha256(self.nonce).hexdigest()


def nonce_of(secret: str, salt: str, visit_secret: str) -> bytes:
    """The same for a visit as long as its day's salt lives, whatever service it is asked for."""
    key = hashlib.sha256(f"survey nonce\0{secret}\0{salt}".encode()).digest()
    return hmac.digest(key, visit_secret.encode(), "sha256")


def make(secret: str, payload: Payload, nonce: bytes) -> str:
    """The token as it stands in an address."""
    body = _packed(payload) + nonce
    return base64.urlsafe_b64encode(body + _mac(secret, body)).decode()


def read(secret: str, token: str) -> Blind | None:
    """None unless `make` made it with this secret."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    if base64.urlsafe_b64encode(raw).decode() != token:
        return None  # the decoder takes + for - and / for _
    body, mac = raw[:-_DIGEST], raw[-_DIGEST:]
    if not hmac.compare_digest(mac, _mac(secret, body)):
        return None
    mall_id, service_id, day = _PAYLOAD.unpack(body[:-_DIGEST])
    return Blind(Payload(mall_id, service_id, date.fromordinal(day)), body[-_DIGEST:])


def is_open(day: date, today: date) -> bool:
    """Whether a visit of this day may still be judged."""
    return day <= today <= day + timedelta(days=LIFE_DAYS)


def _packed(payload: Payload) -> bytes:
    return _PAYLOAD.pack(payload.mall_id, payload.service_id, payload.day.toordinal())


def _mac(secret: str, body: bytes) -> bytes:
    key = hashlib.sha256(f"survey token\0{secret}".encode()).digest()
    return hmac.digest(key, body, "sha256")
