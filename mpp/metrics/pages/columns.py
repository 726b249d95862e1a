"""The columns of a report's files: what programs call them, and what people do."""

from collections.abc import Mapping
from types import MappingProxyType

from mpp.metrics.rules.spans import Kind
from mpp.texts import marked
from mpp.web.language import translated

COUNTS = ("issued", "served", "left", "no_show", "expired", "open")
MEASURES = ("n", "median_s", "p90_s", "p95_s", "mean_s")
SHARES = ("within_wait", "within_service")
COLUMNS = (
    "key",
    "name",
    *COUNTS,
    *(f"{kind}_{measure}" for kind in Kind for measure in MEASURES),
    *(f"{share}_pct" for share in SHARES),
)

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "key": marked("Kunci"),
        "name": marked("Nama"),
        "issued": marked("Nomor diambil"),
        "served": marked("Selesai dilayani"),
        "left": marked("Batal"),
        "no_show": marked("Tidak hadir"),
        "expired": marked("Hangus saat tutup"),
        "open": marked("Belum berakhir"),
        "within_wait_pct": marked("Tunggu dalam janji (%)"),
        "within_service_pct": marked("Pelayanan dalam janji (%)"),
    }
)
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        Kind.WAITING: marked("Lama tunggu"),
        Kind.RESPONSE: marked("Panggilan sampai mulai"),
        Kind.SERVICE: marked("Lama pelayanan"),
        Kind.TOTAL: marked("Seluruh kunjungan"),
    }
)
_MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "n": marked("banyaknya"),
        "median_s": marked("median (detik)"),
        "p90_s": marked("P90 (detik)"),
        "p95_s": marked("P95 (detik)"),
        "mean_s": marked("rata-rata (detik)"),
    }
)


def heads(locale: str) -> list[str]:
    """What stands above the columns, in the reader's language."""
    return [_head(column, locale) for column in COLUMNS]


def _head(column: str, locale: str) -> str:
    kind, _, measure = column.partition("_")
    if kind in _KINDS:
        return f"{translated(_KINDS[kind], locale)}: {translated(_MEASURES[measure], locale)}"
    return translated(_WORDS[column], locale)
