"""What a PDF of ours says, read with somebody else's program."""

import io
import re
from typing import Any

from pypdf import PdfReader

ZERO_WIDTH = re.compile("[\u200b\u00ad]")


def reader(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def catalogue(made: bytes) -> Any:
    """The root of the file."""
    return reader(made).trailer["/Root"]


def metadata(made: bytes) -> dict[str, str]:
    return {str(key): str(value) for key, value in (reader(made).metadata or {}).items()}


def pages(made: bytes) -> list[str]:
    """The words of each page, one space between any two."""
    return [flat(page.extract_text()) for page in reader(made).pages]


def words(made: bytes) -> str:
    """All that a PDF says."""
    return " ".join(pages(made))


def flat(text: str) -> str:
    return " ".join(ZERO_WIDTH.sub("", text).split())


def fonts(made: bytes) -> list[Any]:
    """The descriptors of every font on every page and in its pictures."""
    found: dict[Any, Any] = {}

    def collect(resources: Any) -> None:
        for font in (resources.get("/Font") or {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            found[inner["/BaseFont"]] = inner["/FontDescriptor"].get_object()
        for picture in (resources.get("/XObject") or {}).values():
            collect(picture.get_object().get("/Resources") or {})

    for page in reader(made).pages:
        collect(page["/Resources"])
    return list(found.values())


def structure(made: bytes) -> list[dict[str, Any]]:
    """The nodes of its structure, from the top to the leaves."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(catalogue(made)["/StructTreeRoot"])
    return found


def roles(made: bytes) -> list[str]:
    """The tags of its structure."""
    return [str(each["/S"]) for each in structure(made)]


def alternatives(made: bytes) -> list[str]:
    """What every picture tells in words."""
    return [flat(str(each["/Alt"])) for each in structure(made) if "/Alt" in each]
