"""Files that prove a level: which kinds are taken, how large, and whether they are what they say."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime

import msgspec

from mpp.documents.reading.workbook import check_unpacked
from mpp.errors import Invalid
from mpp.texts import marked

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 12
"""An indicator's."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class FileKind:
    """`begins`: what every file of the kind begins with."""

    media_type: str
    begins: tuple[bytes, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIP = (b"PK\x03\x04",)
KINDS: dict[str, FileKind] = {
    "pdf": FileKind("application/pdf", (b"%PDF-",)),
    "jpg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
    "png": FileKind("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "docx": FileKind(f"{_OFFICE}wordprocessingml.document", _ZIP),
    "xlsx": FileKind(f"{_OFFICE}spreadsheetml.sheet", _ZIP),
}
"""By the ending of the name. Nothing that a browser would run."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that may be kept. `kind`: a key of `KINDS`."""

    name: str
    kind: str
    content: bytes


def attachment(name: str, content: bytes) -> Attachment:
    """A file as somebody sent it. `Invalid` says what is wrong: empty, too large, or no such kind."""
    shown = "".join(c if c.isprintable() else " " for c in name.replace("\\", "/").split("/")[-1])
    kind = shown.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if kind not in KINDS:
        raise Invalid(marked("Lampiran harus PDF, JPG, PNG, DOCX, atau XLSX."), field="file")
    if not content:
        raise Invalid(marked("Berkas itu kosong."), field="file")
    if len(content) > MOST_BYTES:
        raise Invalid(marked("Lampiran paling besar 5 MB."), field="file")
    if not content.startswith(KINDS[kind].begins):
        raise Invalid(marked("Isi berkas itu tidak sesuai dengan akhiran namanya."), field="file")
    return Attachment(shown.strip()[-LONGEST_NAME:], kind, content)


class SentFile(msgspec.Struct):
    """What somebody has sent."""

    name: str
    content: bytes


class Checked(msgspec.Struct):
    """The name as it may be kept, and the kind."""

    name: str
    kind: str


_HEART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
"""The part without which a packed file is none of its kind."""


def check_sent(file: SentFile) -> Checked:
    """A file looked into as far as whoever opens it will. Run it isolated: files are hostile.

    `Invalid` as `attachment` says it, and for a packed file that is none of its kind or would unpack to
    more than a reader's machine can hold.
    """
    taken = attachment(file.name, file.content)
    if taken.kind in _HEART:
        try:
            check_unpacked(file.content, taken.name)
            with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
                is_whole = _HEART[taken.kind] in packed.namelist()
        except zipfile.BadZipFile:
            is_whole = False
        if not is_whole:
            raise Invalid(
                marked("Isi berkas itu tidak sesuai dengan akhiran namanya."), field="file"
            )
    return Checked(taken.name, taken.kind)


@dataclass(frozen=True)
class EvidenceFile:
    """A file without its content. `size` in bytes."""

    id: int
    evaluation_id: int
    indicator: int
    name: str
    kind: str
    size: int
    added_at: datetime
