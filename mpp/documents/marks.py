"""What every file says of itself: its name, and whether its figures are made up."""

from datetime import datetime
from typing import Any

MADE_UP = "simulasi"
"""In the name of every file of a mall whose past is made up."""
MADE_UP_TEXT = "Data simulasi, bukan data nyata"


def file_name(stem: str, ending: str, *, is_synthetic: bool) -> str:
    """What a download is called, so that what is made up says so wherever the file goes.

    >>> file_name("mpp-uji-2026", "xlsx", is_synthetic=True)
    'mpp-uji-2026-simulasi.xlsx'
    """
    return f"{stem}-{MADE_UP}.{ending}" if is_synthetic else f"{stem}.{ending}"


def mark(book: Any, title: str, *, is_synthetic: bool, created: datetime | None = None) -> None:
    """A workbook's properties: what it is, of which moment (else now), and whether it is made up."""
    said: dict[str, Any] = (
        {"title": title} if created is None else {"title": title, "created": created}
    )
    if is_synthetic:
        said |= {"keywords": MADE_UP, "category": MADE_UP, "comments": MADE_UP_TEXT}
    book.set_properties(said)
