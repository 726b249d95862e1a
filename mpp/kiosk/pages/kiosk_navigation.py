"""A visitor's way through the kiosk, kept in the addresses alone: nothing is stored about it."""

from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from litestar import Request

from mpp.ids import MAX_ID
from mpp.kiosk.rules.slip import Width
from mpp.web.language import LOCALES, locale_of
from mpp.web.request_params import path_of

START = "/kiosk"


@dataclass(frozen=True, kw_only=True)
class KioskNavigation:
    """Where the visitor is, and what the next address must keep: the language, the visit."""

    lang: str
    add: str
    """Id of the ticket whose visit gets another service; empty: a new visit."""
    path: str
    query: str
    """What is being searched for."""
    paper: Width | None = None
    """This kiosk prints by itself, on paper of this width: its first address says so."""

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> Self:
        given = request.query_params
        add = given.get("add", "")
        return cls(
            lang=locale_of(request),
            add=add if is_id(add) else "",
            path=path_of(request),
            query=readable(given.get("q", "")),
            paper=Width(given["print"]) if given.get("print") in set(Width) else None,
        )

    def to(self, path: str) -> str:
        """The address of another page of this visitor's way."""
        kept = {"lang": self.lang, "add": self.add, "print": self.paper}
        return f"{path}?{urlencode({name: value for name, value in kept.items() if value})}"

    def service(self, slug: str) -> str:
        """Where a service is shown; what was searched for goes along, for the way back."""
        there = self.to(f"{START}/service/{slug}")
        return f"{there}&{urlencode({'q': self.query})}" if self.query else there

    def back_to(self, agency: str) -> str:
        """Where a service was chosen: what was found, else what its agency offers."""
        if self.query:
            return f"{self.to(f'{START}/search')}&{urlencode({'q': self.query})}"
        return self.to(f"{START}/agency/{agency}")

    def in_(self, lang: str) -> str:
        """The address of this page in another language."""
        here = replace(self, lang=lang).to(self.path)
        return f"{here}&{urlencode({'q': self.query})}" if self.query else here

    def adding(self, ticket_id: int) -> str:
        """Where another service for the same visit is chosen."""
        return replace(self, add=str(ticket_id)).to(START)

    @property
    def alone(self) -> Self:
        """The same way, not adding to a visit."""
        return replace(self, add="")

    @property
    def home(self) -> str:
        return self.to(START)

    @property
    def afresh(self) -> str:
        """Where the next visitor begins."""
        return replace(self, lang=LOCALES[0], add="").home


def sign_in(navigation: KioskNavigation) -> str:
    """Where staff sign a kiosk in; it comes back knowing whether it prints."""
    home = f"{START}?print={navigation.paper}" if navigation.paper else START
    return f"/sign-in?{urlencode({'device': 'true', 'to': home}, safe='/')}"


def is_id(text: str) -> bool:
    """Whether a text can be an id at all."""
    return text.isascii() and text.isdecimal() and len(text) <= 16 and int(text) <= MAX_ID


def readable(text: str) -> str:
    """Typed text as it may be shown again."""
    return "".join(letter for letter in text if letter.isprintable())[:80].strip()
