"""Answers that travel once: whoever has the same already is told so (RFC 9110, 13.1.2)."""

import hashlib
from typing import Any, TypeVar, cast

import msgspec
from litestar import Request, Response
from litestar.status_codes import HTTP_304_NOT_MODIFIED

T = TypeVar("T")


def unless_known(request: Request[Any, Any, Any], content: T) -> Response[T]:
    """The content with an ETag of what is in it, or 304 without a body when `If-None-Match` names that.

    Who keeps it asks each time whether it is still so.
    """
    tag = f'"{hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    known = {each.strip().removeprefix("W/") for each in _named(request)}
    if known & {tag, "*"}:
        nothing = Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=headers)
        return cast("Response[T]", nothing)
    return Response(content, headers=headers)


def _named(request: Request[Any, Any, Any]) -> list[str]:
    return request.headers.get("if-none-match", "").split(",")
