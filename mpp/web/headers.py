"""Headers that every answer has, whoever makes it: handlers, refusals, and the framework itself."""

import base64
import hashlib
import re
from typing import Any

from litestar import Response
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from mpp.web.pages import CONTENT_SECURITY_POLICY

USUAL = (
    (b"x-content-type-options", b"nosniff"),  # nobody takes it for anything but what it says it is
    (b"cache-control", b"no-store"),  # nobody on the way keeps it
)
"""What an answer has that does not say otherwise."""
CSP = b"content-security-policy"


def careful(app: ASGIApp) -> ASGIApp:
    """The application, with the usual headers on its answers. Sockets pass untouched: a wrapper of
    theirs would run for every message.
    """

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return

        async def send_carefully(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                said = dict(given)
                missing = [header for header in USUAL if header[0] not in said]
                if said.get(b"content-type", b"").startswith(b"text/html") and CSP not in said:
                    missing.append((CSP, CONTENT_SECURITY_POLICY.encode()))
                message["headers"] = [*given, *missing]
            await send(message)

        await app(scope, receive, send_carefully)

    return answered


_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL)


def guard_inline(response: Response[Any]) -> Response[Any]:
    """The policy of the API's viewer, whose page the framework writes: of what stands in it, that and no
    more may run.
    """
    content = response.content
    text = content.decode() if isinstance(content, bytes) else str(content)
    if str(response.media_type).startswith("text/html"):
        allowed: dict[str, list[str]] = {"script": ["'self'"], "style": ["'self'"]}
        for kind, attributes, inside in _INLINE.findall(text):
            if "src=" not in attributes:
                digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
                allowed[kind].append(f"'sha256-{digest}'")
        own = "; ".join(f"{kind}-src {' '.join(sources)}" for kind, sources in allowed.items())
        response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; {own}"
        response.headers["X-Frame-Options"] = "DENY"
    return response
