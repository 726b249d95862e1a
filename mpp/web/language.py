"""Which language a person reads, and how it writes dates and numbers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations, Translations
from litestar import Request
from litestar.datastructures import Cookie

from mpp import number_format
from mpp.texts import Filled
from mpp.web.assets import FEATURES, HERE
from mpp.web.request_params import path_of

LOCALES = ("id", "en")

LOCALE_COOKIE = "mpp_locale"

LANGUAGE_S = 365 * 24 * 3600


def has_chosen(request: Request[Any, Any, Any], locale: str) -> bool:
    """Whether the reader has just picked a language, to be remembered. Nobody owns a kiosk."""
    return request.query_params.get("lang") == locale and not is_shared(request)


def language_cookie(locale: str) -> Cookie:
    return Cookie(LOCALE_COOKIE, value=locale, max_age=LANGUAGE_S, samesite="lax", httponly=True)


def is_shared(request: Request[Any, Any, Any]) -> bool:
    """A screen that many people use in turn: it remembers nobody's language."""
    return path_of(request).startswith("/kiosk")


def locale_of(request: Request[Any, Any, Any], usual: str = LOCALES[0]) -> str:
    """`?lang=`, else the cookie, else the usual one."""
    wanted = request.query_params.get("lang")
    if wanted is None and not is_shared(request):
        wanted = request.cookies.get(LOCALE_COOKIE)
    return wanted if wanted in LOCALES else usual


def catalogues_of(locale: str) -> list[Path]:
    """The shared catalogue of a language and each room's own, as far as there are any."""
    folders = [HERE, *(HERE / room for room in FEATURES)]
    return [path for each in folders if (path := each / "locale" / f"{locale}.po").exists()]


@cache
def translations(locale: str) -> NullTranslations:
    """The catalogues of a language, one a room, as one; Indonesian is what the code is written in."""
    from babel.messages.catalog import Catalog  # noqa: PLC0415 - for the first page, not the start
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    catalogue = Catalog(locale)
    for path in catalogues_of(locale):
        with path.open("rb") as file:
            for message in read_po(file, locale):
                if message.id and message.string and not message.fuzzy:
                    catalogue[message.id] = message
    if not len(catalogue):
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def translated(wording: str | Filled, locale: str) -> str:
    """A marked text in a language; in Indonesian where the catalogue lacks it."""
    gettext = translations(locale).gettext
    return (
        gettext(wording.text) % wording.facts if isinstance(wording, Filled) else gettext(wording)
    )


_FORMATTERS: Sequence[Callable[..., str]] = (
    number_format.format_date,
    number_format.format_datetime,
    number_format.format_day,
    number_format.format_decimal,
    number_format.format_duration,
    number_format.format_exact,
    number_format.format_number,
    number_format.format_rupiah,
    number_format.format_share,
    number_format.format_signed,
    number_format.format_time,
)


def formatters(locale: str) -> dict[str, Callable[..., str]]:
    """How numbers, moments and durations read in a language. Moments are given in local time."""
    return {each.__name__: partial(each, language=locale) for each in _FORMATTERS}


def local(moment: datetime, time_zone: ZoneInfo) -> datetime:
    """A moment as the mall's clocks show it."""
    return moment.astimezone(time_zone)
