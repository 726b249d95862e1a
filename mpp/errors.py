"""Everything that can be refused, as one tree. Each error knows its status and its stable name.

    MppError                      400 bad-request
    ├── Invalid                   422 invalid            a field is malformed or impossible
    │   └── KeyReused             422 idempotency-key-reused
    ├── UnsupportedMediaType      415 unsupported-media-type
    ├── Unauthenticated           401 unauthenticated
    ├── Forbidden                 403 forbidden
    ├── NotFound                  404 not-found
    ├── Conflict                  409 conflict           the state of things does not allow it (now)
    │   ├── ActionNotAllowed      409 ticket-action-not-allowed
    │   ├── CounterBusy           409 counter-busy
    │   ├── CounterNotOpen        409 counter-not-open
    │   ├── MallClosed            409 mall-closed
    │   └── QuotaExhausted        409 quota-exhausted
    ├── TooManyRequests           429 too-many-requests
    └── Unavailable               503 unavailable        the database does not answer, or too much is asked

`detail` is Indonesian, for people; `wording` is the same, to be put into another language. `facts` are
machine-readable extras; `field` names the culprit.
"""

from typing import ClassVar

from mpp.texts import Filled


class MppError(Exception):
    """A request that is refused, with the reason. Anything else that is raised is a bug."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "Permintaan tidak dapat diproses"

    def __init__(self, wording: str | Filled, **facts: object) -> None:
        super().__init__(str(wording))
        self.wording = wording
        self.detail = str(wording)
        self.facts = facts


class Invalid(MppError):
    status, slug, title = 422, "invalid", "Isian tidak sah"


class KeyReused(Invalid):
    slug, title = "idempotency-key-reused", "Kunci permintaan sudah dipakai untuk isi yang lain"


class UnsupportedMediaType(MppError):
    status, slug, title = 415, "unsupported-media-type", "Jenis isian tidak didukung"


class Unauthenticated(MppError):
    status, slug, title = 401, "unauthenticated", "Perlu masuk dahulu"


class Forbidden(MppError):
    status, slug, title = 403, "forbidden", "Tidak berwenang"


class NotFound(MppError):
    status, slug, title = 404, "not-found", "Tidak ditemukan"


class Conflict(MppError):
    status, slug, title = 409, "conflict", "Keadaan sudah berubah"


class ActionNotAllowed(Conflict):
    slug, title = "ticket-action-not-allowed", "Tindakan tidak dapat dilakukan pada tiket ini"


class CounterBusy(Conflict):
    slug, title = "counter-busy", "Loket masih melayani"


class CounterNotOpen(Conflict):
    slug, title = "counter-not-open", "Loket belum dibuka"


class MallClosed(Conflict):
    slug, title = "mall-closed", "Di luar jam layanan"


class QuotaExhausted(Conflict):
    slug, title = "quota-exhausted", "Kuota hari ini sudah habis"


class TooManyRequests(MppError):
    status, slug, title = 429, "too-many-requests", "Terlalu banyak permintaan"


class Unavailable(MppError):
    status, slug, title = 503, "unavailable", "Sistem sedang tidak tersedia"
