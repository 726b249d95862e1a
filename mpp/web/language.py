"""Which language a person reads, and how it writes dates and numbers."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from litestar import Request
from litestar.datastructures import Cookie

from mpp.texts import Filled
from mpp.web.assets import FEATURES, HERE
from mpp.web.request_params import path_of

LOCALES = ("id", "en")

LOCALE_COOKIE = "mpp_locale"

LANGUAGE_S = 365 * 24 * 3600


def _has_chosen(request: Request[Any, Any, Any], locale: str) -> bool:
    """Whether the reader has just picked a language, to be remembered. Nobody owns a kiosk."""
    return request.query_params.get("lang") == locale and not is_shared(request)


def _language(locale: str) -> Cookie:
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


def formatters(locale: str) -> dict[str, Callable[..., str]]:
    """How numbers, moments and durations read in a language. Moments are given in local time."""
    gettext = translations(locale).gettext
    ngettext = translations(locale).ngettext

    def duration(seconds: float | None) -> str:
        if seconds is None:
            return "–"
        if seconds < 60:
            count = round(seconds)
            return ngettext("%(n)s detik", "%(n)s detik", count) % {"n": count}
        minutes = round(seconds / 60)
        if minutes < 60:
            return ngettext("%(n)s menit", "%(n)s menit", minutes) % {"n": minutes}
        hours, minutes = divmod(minutes, 60)
        if not minutes:
            return ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours}
        return gettext("%(h)s jam %(m)s menit") % {"h": hours, "m": minutes}

    return {
        "format_time": lambda moment: format_time(
            moment, "HH.mm" if locale == "id" else "HH:mm", locale=locale
        ),
        "format_date": lambda day: format_date(day, "EEEE, d MMMM y", locale=locale),
        "format_day": lambda day: format_date(
            date.fromisoformat(day) if isinstance(day, str) else day, "d MMM y", locale=locale
        ),
        "format_datetime": lambda moment: (
            format_date(moment, "d MMM y", locale=locale)
            + format_time(moment, " HH.mm" if locale == "id" else " HH:mm", locale=locale)
        ),
        "format_number": lambda number: format_decimal(number, locale=locale),
        "format_rupiah": lambda number: "Rp" + format_decimal(number, locale="id"),
        "format_duration": duration,
    }


def local(moment: datetime, time_zone: ZoneInfo) -> datetime:
    """A moment as the mall's clocks show it."""
    return moment.astimezone(time_zone)
