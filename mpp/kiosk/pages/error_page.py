"""What the kiosk shows when something is refused or broken."""

from dataclasses import dataclass
from typing import ClassVar

from mpp.kiosk.pages.kiosk_navigation import KioskNavigation
from mpp.web.pages import Page

KINDS = {401: "revoked", 403: "forbidden", 404: "gone", 503: "away"}


@dataclass(frozen=True, kw_only=True)
class Again:
    """The form that could not be sent, to be sent again as it was."""

    action: str
    key: str
    priority: str
    slip: str


@dataclass(frozen=True, kw_only=True)
class KioskErrorPage(Page):
    """Something is refused or broken: what that means, and what to do now."""

    template: ClassVar[str] = "kiosk/error_page.html"
    navigation: KioskNavigation
    kind: str
    """`away`, `revoked`, `forbidden`, `gone`, `unreadable` or `broken`."""
    status: int
    again: Again | None


def kiosk_error_page(
    navigation: KioskNavigation, status: int, again: Again | None = None
) -> KioskErrorPage:
    kind = KINDS.get(status, "broken" if status >= 500 else "unreadable")
    return KioskErrorPage(navigation=navigation, kind=kind, status=status, again=again)
