"""What people read for a code. Indonesian, which is what the catalogues translate; one list a code."""

from collections.abc import Mapping

from mpp.counters.rules.mall import ShiftState
from mpp.queue.rules.life import Action, Outcome, Place, Priority, State

STATES: Mapping[State, str] = {
    State.WAITING: "Menunggu",
    State.CALLED: "Dipanggil",
    State.SERVING: "Dilayani",
    State.PARKED: "Ditunda",
    State.COMPLETED: "Selesai",
    State.CANCELLED: "Dibatalkan",
    State.NO_SHOW: "Tidak hadir",
    State.EXPIRED: "Kedaluwarsa",
}

PRIORITIES: Mapping[Priority, str] = {
    Priority.REGULAR: "Umum",
    Priority.ELDERLY: "Lansia",
    Priority.DISABILITY: "Disabilitas",
    Priority.PREGNANT: "Ibu hamil",
    Priority.INFANT: "Membawa anak kecil",
}

SHIFTS: Mapping[ShiftState, str] = {
    ShiftState.OPEN: "Loket buka",
    ShiftState.PAUSED: "Jeda",
    ShiftState.CLOSED: "Loket tutup",
}

SHIFTS_SHORT: Mapping[ShiftState, str] = {
    ShiftState.OPEN: "buka",
    ShiftState.PAUSED: "jeda",
    ShiftState.CLOSED: "tutup",
}

OUTCOMES: Mapping[str, str] = {
    Outcome.DONE: "Selesai dilayani",
    Outcome.INCOMPLETE: "Berkas belum lengkap",
    Outcome.REFERRED: "Dirujuk ke luar mal",
}

PLACES: Mapping[str, str] = {
    Place.JOINED: "Menurut waktu mengambil nomor",
    Place.LAST: "Di belakang semua yang menunggu",
}

REASONS: Mapping[str, tuple[str, ...]] = {
    "pause": ("Istirahat", "Salat", "Rapat", "Gangguan sistem"),
    Action.PARK: (
        "Mengisi formulir",
        "Melengkapi berkas",
        "Membayar biaya",
        "Menunggu berkas dicetak",
    ),
    Action.CALL: ("Terlewat saat dipanggil", "Keadaan darurat", "Permintaan penyelia"),
    Action.CANCEL: ("Permintaan pengunjung", "Nomor ganda", "Pengunjung sudah pulang"),
}
"""What is said most often, by action; anything else can be written."""

KNOWN_REASONS = frozenset(reason for some in REASONS.values() for reason in some)
"""These are translated. What people wrote themselves never goes through the catalogue: it is not ours."""

NOBODY = "nobody"
DONE: Mapping[str, str] = {
    "open": "Loket dibuka.",
    "pause": "Loket jeda.",
    "close": "Loket ditutup.",
    NOBODY: "Tidak ada yang menunggu untuk loket ini.",
    Action.CALL: "%(label)s dipanggil.",
    Action.RECALL: "%(label)s dipanggil ulang.",
    Action.START: "%(label)s mulai dilayani.",
    Action.COMPLETE: "%(label)s selesai.",
    Action.MISS: "%(label)s dicatat tidak hadir.",
    Action.RETURN: "%(label)s dikembalikan ke antrean.",
    Action.REQUEUE: "%(label)s masuk antrean lagi.",
    Action.PARK: "%(label)s ditunda.",
    Action.RESUME: "%(label)s dilanjutkan.",
    Action.TRANSFER: "%(label)s dialihkan.",
    Action.REFER: "Dirujuk. Nomor baru pengunjung: %(label)s",
    Action.CANCEL: "%(label)s dibatalkan.",
}
"""What a desk says once it is done. `label`: the ticket's; after a referral that of the new ticket."""

TOO_LATE = "Tidak dapat lagi: nomor ini sekarang %(state)s."
BUSY = "Loket ini masih menangani %(label)s."
