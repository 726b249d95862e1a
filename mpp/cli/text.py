"""What people write: their files."""

from pathlib import Path

from mpp.errors import Invalid


def read_text(file: Path) -> str:
    """The file's text without the mark that some editors put before it; `Invalid` when it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{file}: bukan teks UTF-8 (byte {error.start}).") from error
