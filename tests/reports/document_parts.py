"""Parts of a document by their names."""

from typing import Any

from mpp.documents.document import Document, Picture, Table, Value


def table(paper: Document, key: str) -> Table:
    return next(each for each in paper.tables() if each.key == key)


def picture(paper: Document, key: str) -> Picture:
    return next(each for each in paper.pictures() if each.key == key)


def raw_cells(found: Table) -> dict[str, list[Any]]:
    """First cell → the raw values of the others."""
    return {
        str(row[0]): [each.value if isinstance(each, Value) else each for each in row[1:]]
        for row in found.rows
    }
