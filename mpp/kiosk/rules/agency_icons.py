"""Which drawing stands for an agency, told by its name: malls need not choose one."""

ICONS = (
    ("ketenagakerjaan", "briefcase"),
    ("tenaga kerja", "briefcase"),
    ("kependudukan", "id-card"),
    ("imigrasi", "passport"),
    ("bpjs kesehatan", "shield"),
    ("kesehatan", "health"),
    ("haji", "mosque"),
    ("sosial", "family"),
    ("samsat", "car"),
    ("kepolisian", "star"),
    ("kejaksaan", "scales"),
    ("pengadilan", "scales"),
    ("pertanahan", "land"),
    ("pajak", "tax"),
    ("pendapatan", "tax"),
    ("bank", "money"),
    ("taspen", "money"),
    ("listrik", "bolt"),
    ("pln", "bolt"),
    ("air minum", "water"),
    ("pendidikan", "school"),
    ("penanaman modal", "document"),
    ("pekerjaan umum", "building"),
)
"""The first that occurs in the agency's names counts."""


def icon_for(*names: str) -> str | None:
    """The drawing for an agency with these names; None: its initial will do.

    >>> icon_for("Kantor Pengadilan Agama")
    'scales'
    """
    said = " ".join(names).casefold()
    return next((icon for word, icon in ICONS if word in said), None)


def initials(short: str) -> str:
    """One or two letters for an agency that has no drawing.

    >>> initials("Bea Cukai"), initials("DLH")
    ('BC', 'D')
    """
    return "".join(word[0] for word in short.split()[:2]).upper()
