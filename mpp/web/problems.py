"""Every refusal: problem+json for programs, a page in plain words for people."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Redirect

from mpp.errors import MppError, Unauthenticated
from mpp.web.pages import ErrorPage, html
from mpp.web.request_params import path_of

log = structlog.get_logger()

PROBLEM_JSON = "application/problem+json"


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457. `type` is stable; `field` names the culprit where there is one."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    field: str | None = None


NO_TOKEN_NEEDED: list[dict[str, list[str]]] = [{}, {"token": []}]
"""What the API's document says of an operation that anyone may use: a token may be sent all the same."""

PROBLEMS = {
    status: ResponseSpec(
        Problem, description=text, media_type=PROBLEM_JSON, generate_examples=False
    )
    for status, text in {
        400: "The request cannot be read, or a field is missing, unknown or of the wrong type.",
        401: "No token, or one that is not valid.",
        403: "Valid, but not allowed to do this.",
        404: "No such thing, or not yours to see.",
        405: "No such method here.",
        409: "The state of things does not allow it now.",
        413: "The body is too large.",
        415: "The body is not JSON.",
        422: "A field has an impossible value.",
        429: "Too many requests; `Retry-After` says when to come back.",
        503: "The database does not answer; try again.",
    }.items()
}
"""Documented answers beside the good one, for every route of the API."""


def problem(request: Request[Any, Any, Any], error: MppError) -> Response[Any]:
    """The answer to a refusal: problem+json, or a page in plain words for a browser.

    Somebody who has not signed in is led to where they can, and from there back to this page.
    """
    if isinstance(error, Unauthenticated) and request.method == "GET" and wants_page(request):
        query = request.scope["query_string"].decode("latin-1")
        here = path_of(request) + (f"?{query}" if query else "")
        return Redirect(f"/sign-in?to={quote(here)}", status_code=303)
    return _refusal(
        request,
        error.status,
        {"type": f"/problems/{error.slug}", "title": error.title, "detail": error.detail}
        | error.facts,
    )


def http_problem(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """The same for what Litestar itself refuses: unreadable bodies, unknown paths, wrong types."""
    culprits = [item for item in error.extra or () if isinstance(item, dict)]
    said = "; ".join(f"{item.get('key')}: {item.get('message')}" for item in culprits)
    detail = said.replace(f"{WHOLE_BODY}: ", "") or _DETAILS.get(error.status_code, error.detail)
    key = str(culprits[0].get("key") or WHOLE_BODY) if culprits else WHOLE_BODY
    field = _field_in(detail) if key == WHOLE_BODY else key
    facts: dict[str, object] = {
        "type": "about:blank" if error.status_code != 400 else "/problems/bad-request",
        "title": _TITLES.get(error.status_code, "Permintaan tidak dapat diproses"),
        "detail": detail,
    }
    if field:
        facts["field"] = field.partition("[")[0].partition(".")[0]
    return _refusal(request, error.status_code, facts, headers=error.headers)


WHOLE_BODY = "data"
"""What Litestar names when a body lacks a field or has one too many."""

_TITLES = {
    400: "Permintaan tidak dapat dibaca",
    404: "Halaman tidak ditemukan",
    405: "Cara meminta tidak didukung",
    413: "Isian terlalu besar",
    415: "Jenis isian tidak didukung",
}


_DETAILS = {
    413: "Isian atau berkas itu lebih besar dari yang diterima di sini. Kecilkan atau bagi, lalu kirim lagi."
}


def _field_in(detail: str) -> str | None:
    """msgspec names the field as `... - at `$.service``, or an unknown one as `field `x``."""
    for marker in ("at `$.", "unknown field `", "required field `"):
        _, found, rest = detail.partition(marker)
        if found:
            return rest.partition("`")[0]
    return None


def bug(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Anything else is a fault of ours: logged with its trace, shown without."""
    where = request.scope.get("path_template")  # the address itself may be somebody's secret
    log.error("unhandled error", path=where, method=request.method, exc_info=error)
    facts = {
        "type": "about:blank",
        "title": "Kesalahan pada sistem",
        "detail": "Terjadi kesalahan pada sistem. Petugas sudah dapat melihatnya di catatan.",
    }
    return _refusal(request, 500, facts)


def _refusal(
    request: Request[Any, Any, Any],
    status: int,
    facts: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    extra = dict(headers or {})
    if "retry_after_s" in facts:
        extra["Retry-After"] = str(facts["retry_after_s"])
    if status == 401:
        extra["WWW-Authenticate"] = "Bearer"
    if wants_page(request):
        page = ErrorPage(status=status, heading=str(facts["title"]), detail=str(facts["detail"]))
        return html(request, page, status_code=status, headers=extra)
    body = {**facts, "status": status, "instance": path_of(request)}
    return Response(body, status_code=status, media_type=PROBLEM_JSON, headers=extra)


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """A person's browser asks, not a program."""
    if path_of(request).startswith(("/api/", "/live/")):
        return False
    return "text/html" in request.headers.get("accept", "")
