"""Pages whose changing parts are drawn again by the server (static/parts.js is the other half)."""

from typing import Any

from litestar import Request

from mpp.errors import ActionNotAllowed, CounterBusy, MppError
from mpp.queue.pages.labels import BUSY, STATES, TOO_LATE
from mpp.queue.rules.life import State
from mpp.web.language import locale_of, translated, translations

PARTS = "x-parts"
"""A page that is open already asks with this header, and is answered with its changing parts alone."""
VERSION = "x-version"
"""With changing parts goes the version of what they show: an older answer that comes late is dropped."""


def is_open_already(request: Request[Any, Any, Any]) -> bool:
    """Whether a page asks for its parts."""
    return PARTS in request.headers


def stated(version: int | None) -> dict[str, str]:
    """The header that goes with parts; none with a form or a page."""
    return {} if version is None else {VERSION: str(version)}


def in_words(request: Request[Any, Any, Any], error: MppError, usual: str = "id") -> str:
    """Why something was refused, in the reader's language as far as the catalogue goes."""
    locale = locale_of(request, usual)
    said = translations(locale).gettext
    if isinstance(error, ActionNotAllowed):
        state = STATES[State(str(error.facts["state"]))]
        return said(TOO_LATE) % {"state": said(state).lower()}
    if isinstance(error, CounterBusy):
        return said(BUSY) % error.facts
    return translated(error.wording, locale)
