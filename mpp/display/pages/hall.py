"""The page on the wall. Its words stand there twice: the reader's language large, the other small."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from mpp.counters.rules.mall import Mall, Text
from mpp.display.pages.wire import BoardOut
from mpp.display.rules import Area
from mpp.texts import marked
from mpp.web.language import LOCALES, local, translations
from mpp.web.pages import Page


class Pair(NamedTuple):
    """A text in the page's language, and in the other one where that differs."""

    text: str
    other: str | None = None


WORDS: Mapping[str, str] = {
    "everywhere": marked("Semua zona"),
    "go": marked("Silakan menuju"),
    "last": marked("Terakhir dipanggil"),
    "quiet": marked("Belum ada panggilan"),
    "counter": marked("Loket"),
    "current": marked("Panggilan saat ini"),
    "next": marked("Berikutnya"),
    "recent": marked("Panggilan sebelumnya"),
    "nobody": marked("Tidak ada yang menunggu"),
    "waiting": marked("menunggu"),
    "missed": marked("terlewat"),
    "connecting": marked("Menghubungi server …"),
}


def words(locale: str) -> dict[str, Pair]:
    """Every text of the board in both languages."""
    here, there = _gettext(locale), _gettext(other_than(locale))
    return {name: _pair(here(text), there(text)) for name, text in WORDS.items()}


def other_than(locale: str) -> str:
    return next(each for each in LOCALES if each != locale)


def in_both(text: Text, locale: str) -> Pair:
    return _pair(text.in_(locale), text.in_(other_than(locale)))


def _gettext(locale: str) -> Callable[[str], str]:
    return translations(locale).gettext


def _pair(text: str, other: str) -> Pair:
    return Pair(text, other if other != text else None)


@dataclass(frozen=True, kw_only=True)
class DisplayPage(Page):
    """`/display`: the board of a zone. `board` is None while the database does not answer."""

    template: ClassVar[str] = "display/board.html"
    board: BoardOut | None
    mall_slug: str
    now: datetime
    zone_slug: str | None
    zone: Pair
    zones: Sequence[tuple[str, str]]
    """Of the mall, slug and name: for whoever reads the board on a phone."""
    notice: Text
    words: Mapping[str, Pair]
    other_locale: str


def display_page(area: Area, board: BoardOut | None, *, locale: str, now: datetime) -> DisplayPage:
    mall, said = area.mall, words(locale)
    return DisplayPage(
        board=board,
        mall_slug=mall.slug,
        now=local(now, mall.time_zone),
        zone_slug=area.zone.slug if area.zone else None,
        zone=in_both(area.zone.name, locale) if area.zone else said["everywhere"],
        zones=[(zone.slug, zone.name.in_(locale)) for zone in mall.zones],
        notice=mall.notice,
        words=said,
        other_locale=other_than(locale),
    )


@dataclass(frozen=True, kw_only=True)
class ChoosePage(Page):
    """`/display` where there are several malls and none is named."""

    template: ClassVar[str] = "display/choose.html"
    malls: Sequence[Mall]
