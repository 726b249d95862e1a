"""Files to take away: how every one of them is answered."""

from litestar import Response
from litestar.openapi.datastructures import ResponseSpec

from mpp.web.problems import PROBLEMS

CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes | str, media_type: str, name: str) -> Response[bytes]:
    """A file under this name, kept by nobody on the way: figures change, and are not for everybody.

    No browser takes it for anything but what it is said to be.
    """
    return Response(
        content.encode() if isinstance(content, str) else content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def file_answers(media_type: str) -> dict[int, ResponseSpec]:
    """What the API's document says of a handler that answers a file."""
    spec = ResponseSpec(bytes, description="A file", media_type=media_type, generate_examples=False)
    return {**PROBLEMS, 200: spec}
