"""The few labels that makers add by themselves, in each language that papers are written in."""

LABELS = {
    "id": {
        "number": "Nomor",
        "date": "Tanggal",
        "summary": "Ringkasan",
        "contents": "Daftar isi",
        "figure": "Gambar",
        "table": "Tabel",
        "page": "Halaman",
        "of": "dari",
        "definitions": "Arti angka",
        "logo": "Logo",
        "nothing": "Tidak ada baris.",
    },
    "en": {
        "number": "Number",
        "date": "Date",
        "summary": "Summary",
        "contents": "Contents",
        "figure": "Figure",
        "table": "Table",
        "page": "Page",
        "of": "of",
        "definitions": "What the figures mean",
        "logo": "Logo",
        "nothing": "No rows.",
    },
}
