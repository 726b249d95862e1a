"""What a mall's file may write in each field, in words and with an example. Pure."""

from typing import Any

SLUG = "huruf kecil, angka dan tanda hubung tanpa spasi"
HOURS = "satu hari ke jam layanannya"

MEANT: dict[str, tuple[str, Any]] = {
    "slug": (SLUG, "dinas-kesehatan"),
    "name": ("nama dalam satu baris, paling panjang 200 huruf", "Dinas Kesehatan"),
    "name_en": ("nama dalam bahasa Inggris, paling panjang 200 huruf", "Health Office"),
    "short": ("nama pendek, paling panjang 40 huruf", "Dinkes"),
    "time_zone": ("zona waktu tempat mal berdiri", "Asia/Makassar"),
    "hours": ("daftar jam layanan", ["08:00-12:00", "13:00-15:30"]),
    "notice": ("teks berjalan, paling panjang 500 huruf", "Selamat datang"),
    "notice_en": ("teks berjalan, paling panjang 500 huruf", "Welcome"),
    "priority_head_start_minutes": ("menit dari 0 sampai 240", 15),
    "priority_in_a_row": ("bilangan bulat dari 1 sampai 20", 2),
    "public_issue": ("true atau false tanpa tanda kutip", False),
    "from": ("tanggal tanpa tanda kutip", "2026-02-18"),
    "to": ("tanggal tanpa tanda kutip", "2026-03-19"),
    "date": ("tanggal tanpa tanda kutip", "2026-12-25"),
    "prefix": ("satu sampai tiga huruf besar", "A"),
    "fee": ("rupiah sebagai bilangan bulat tanpa titik; 0 berarti gratis", 350000),
    "fee_note": ("keterangan biaya, paling panjang 300 huruf", "tergantung luas tanah"),
    "fee_note_en": ("keterangan biaya, paling panjang 300 huruf", "by area"),
    "product": ("apa yang didapat, paling panjang 200 huruf", "KTP-el"),
    "product_en": ("apa yang didapat, paling panjang 200 huruf", "Identity card"),
    "promised_minutes": ("menit, lebih dari 0", 15),
    "promised_wait_minutes": ("menit, lebih dari 0", 30),
    "target_share": ("bagian lebih dari 0 sampai 1", 0.9),
    "daily_quota": ("bilangan bulat mulai dari 1, tanpa tanda kutip", 100),
    "paused": ("alasan jeda dalam satu baris", "Alat rusak"),
    "booth": ("nama gerai, paling panjang 80 huruf", "Gerai 4"),
    "zone": ("slug sebuah [[zone]]", "a"),
    "label": ("nomor atau nama loket dalam tanda kutip, paling panjang 16 huruf", "1"),
    "weight": ("bilangan bulat dari 1 sampai 10", 1),
    "role": ("officer, supervisor, manager, atau admin", "officer"),
    "username": (SLUG, "sari"),
    "id": ("syaratnya dalam bahasa Indonesia", "Fotokopi KK"),
    "en": ("syaratnya dalam bahasa Inggris", "Copy of the family card"),
    "keywords": ("daftar kata dalam tanda kutip", ["imb", "izin bangun rumah"]),
    "counters": ("daftar label loket dalam tanda kutip", ["1", "2"]),
    "service": ("slug sebuah layanan di berkas ini", "ktp-el"),
    "share": ("persen dari 0 sampai 100", 12),
    "minutes": ("menit, lebih dari 0", 8),
}
"""Key → what is to be written, and an example of it."""

SHAPES = {
    "requirements": 'requirements = [{ id = "Fotokopi KK", en = "Copy of the family card" }]',
    "services": 'services = [{ service = "ktp-el", weight = 1 }]',
    "mall": "[mall] sebagai kepala tabel",
    "agency": "[[agency]] sebagai kepala tabel, dengan kurung siku ganda",
    "service": "[[agency.service]] sebagai kepala tabel, dengan kurung siku ganda",
    "counter": "[[counter]] sebagai kepala tabel, dengan kurung siku ganda",
    "officer": "[[officer]] sebagai kepala tabel, dengan kurung siku ganda",
    "zone": "[[zone]] sebagai kepala tabel, dengan kurung siku ganda",
    "period": "[[period]] sebagai kepala tabel, dengan kurung siku ganda",
    "holiday": "[[holiday]] sebagai kepala tabel, dengan kurung siku ganda",
    "hours": 'kepala tabel [mall.hours] atau [period.hours], lalu monday = ["08:00-15:30"]',
}
"""Key of something that holds others → how it is written."""

TIMES = {
    "wib": "Asia/Jakarta",
    "wita": "Asia/Makassar",
    "wit": "Asia/Jayapura",
}
"""What people call Indonesia's three times → their name in the time zone database."""


def written(key: str, value: Any) -> str:
    """A key as it stands in a file.

    >>> written("counters", ["1", "2"]), written("public_issue", False), written("date", "2026-12-25")
    ('counters = ["1", "2"]', 'public_issue = false', 'date = 2026-12-25')
    """
    return f"{key} = {value if key in ('date', 'from', 'to') else _shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(_shown(each) for each in value)}]"
    return str(value)


def to_write(key: str, *, holds_others: bool) -> str:
    """What to write for a key, with an example; empty when nobody knows such a key."""
    if holds_others and key in SHAPES:
        return f"tulis {SHAPES[key]}"
    if key in MEANT:
        said, example = MEANT[key]
        return f"tulis {said}, misalnya {written(key, example)}"
    return f"tulis {SHAPES[key]}" if key in SHAPES else ""
