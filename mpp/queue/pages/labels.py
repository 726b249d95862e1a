"""What people read for a code. Indonesian, which is what the catalogues translate; one list a code."""

from collections.abc import Mapping

from mpp.counters.rules.mall import ShiftState
from mpp.queue.rules.life import Action, Outcome, Place, Priority, State
from mpp.texts import marked

STATES: Mapping[State, str] = {
    State.WAITING: marked("Menunggu"),
    State.CALLED: marked("Dipanggil"),
    State.SERVING: marked("Dilayani"),
    State.PARKED: marked("Ditunda"),
    State.COMPLETED: marked("Selesai"),
    State.CANCELLED: marked("Dibatalkan"),
    State.NO_SHOW: marked("Tidak hadir"),
    State.EXPIRED: marked("Kedaluwarsa"),
}

PRIORITIES: Mapping[Priority, str] = {
    Priority.REGULAR: marked("Umum"),
    Priority.ELDERLY: marked("Lansia"),
    Priority.DISABILITY: marked("Disabilitas"),
    Priority.PREGNANT: marked("Ibu hamil"),
    Priority.INFANT: marked("Membawa anak kecil"),
}

SHIFTS: Mapping[ShiftState, str] = {
    ShiftState.OPEN: marked("Loket buka"),
    ShiftState.PAUSED: marked("Jeda"),
    ShiftState.CLOSED: marked("Loket tutup"),
}

SHIFTS_SHORT: Mapping[ShiftState, str] = {
    ShiftState.OPEN: marked("buka"),
    ShiftState.PAUSED: marked("jeda"),
    ShiftState.CLOSED: marked("tutup"),
}

OUTCOMES: Mapping[str, str] = {
    Outcome.DONE: marked("Selesai dilayani"),
    Outcome.INCOMPLETE: marked("Berkas belum lengkap"),
    Outcome.REFERRED: marked("Dirujuk ke luar mal"),
}

PLACES: Mapping[str, str] = {
    Place.JOINED: marked("Menurut waktu mengambil nomor"),
    Place.LAST: marked("Di belakang semua yang menunggu"),
}

REASONS: Mapping[str, tuple[str, ...]] = {
    "pause": (marked("Istirahat"), marked("Salat"), marked("Rapat"), marked("Gangguan sistem")),
    Action.PARK: (
        marked("Mengisi formulir"),
        marked("Melengkapi berkas"),
        marked("Membayar biaya"),
        marked("Menunggu berkas dicetak"),
    ),
    Action.CALL: (
        marked("Terlewat saat dipanggil"),
        marked("Keadaan darurat"),
        marked("Permintaan penyelia"),
    ),
    Action.CANCEL: (
        marked("Permintaan pengunjung"),
        marked("Nomor ganda"),
        marked("Pengunjung sudah pulang"),
    ),
}
"""What is said most often, by action; anything else can be written."""

KNOWN_REASONS = frozenset(reason for some in REASONS.values() for reason in some)
"""These are translated. What people wrote themselves never goes through the catalogue: it is not ours."""

BROUGHT: Mapping[Action, str] = {
    Action.TRANSFER: marked("Dialihkan dari loket %(counter)s:"),
    Action.REFER: marked("Dirujuk dari loket %(counter)s:"),
    Action.REQUEUE: marked("Dikembalikan ke antrean di loket %(counter)s:"),
    Action.RETURN: marked("Dikembalikan ke antrean di loket %(counter)s:"),
}
"""With what words a ticket came here."""

NOBODY = "nobody"
DONE: Mapping[str, str] = {
    "open": marked("Loket dibuka."),
    "pause": marked("Loket jeda."),
    "close": marked("Loket ditutup."),
    NOBODY: marked("Tidak ada yang menunggu untuk loket ini."),
    Action.CALL: marked("%(label)s dipanggil."),
    Action.RECALL: marked("%(label)s dipanggil ulang."),
    Action.START: marked("%(label)s mulai dilayani."),
    Action.COMPLETE: marked("%(label)s selesai."),
    Action.MISS: marked("%(label)s dicatat tidak hadir."),
    Action.RETURN: marked("%(label)s dikembalikan ke antrean."),
    Action.REQUEUE: marked("%(label)s masuk antrean lagi."),
    Action.PARK: marked("%(label)s ditunda."),
    Action.RESUME: marked("%(label)s dilanjutkan."),
    Action.TRANSFER: marked("%(label)s dialihkan."),
    Action.REFER: marked("Dirujuk. Nomor baru pengunjung: %(label)s"),
    Action.CANCEL: marked("%(label)s dibatalkan."),
}
"""What a desk says once it is done. `label`: the ticket's; after a referral that of the new ticket."""

TOO_LATE = marked("Tidak dapat lagi: nomor ini sekarang %(state)s.")
BUSY = marked("Loket ini masih menangani %(label)s.")
