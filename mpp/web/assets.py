"""Static files: where they lie, their addresses, how long they are kept."""

import hashlib
from functools import cache
from pathlib import Path

from litestar.config.compression import CompressionConfig
from litestar.exceptions import NotFoundException as HTTPNotFound
from litestar.middleware.compression import CompressionMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

HERE = Path(__file__).parent.parent

FEATURES = (
    "counters",
    "queue",
    "kiosk",
    "display",
    "metrics",
    "survey",
    "evaluation",
    "reports",
    "dashboard",
)


def static_folders() -> dict[str, Path]:
    """Where the files under /static lie: shared ones, and each feature's own under its name."""
    shared = {"/static": HERE / "static"}
    return shared | {
        f"/static/{name}": HERE / name / "static"
        for name in FEATURES
        if (HERE / name / "static").is_dir()
    }


@cache
def asset(path: str) -> str:
    """The address of a static file, with a hash of what is in it, so that it may be kept for ever.

    >>> asset("css/base.css")            # doctest: +SKIP
    '/static/css/base.css?v=1f3a90c2'
    """
    feature, _, rest = path.partition("/")
    file = HERE / feature / "static" / rest if feature in FEATURES else HERE / "static" / path
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    return f"/static/{path}?v={digest}"


SQUEEZE = CompressionConfig("gzip", minimum_size=1_000, gzip_compress_level=6, exclude=r"\.woff2$")


def keep_assets(app: ASGIApp) -> ASGIApp:
    """Middleware of the static files: they travel squeezed; what carries the hash of its content in its
    address is kept for ever, the rest asked for again.

    On their routers only: a hook of the whole application would run for every message of every socket.
    """
    squeezing = CompressionMiddleware(app, SQUEEZE)

    async def kept(scope: Scope, receive: Receive, send: Send) -> None:
        if any(not 0 < len(part) <= LONGEST_NAME or "\0" in part for part in _parts(scope)):
            raise HTTPNotFound  # the file system would stumble over such a name
        named = scope.get("query_string", b"").startswith(b"v=")
        value = b"public, max-age=31536000, immutable" if named else b"no-cache"
        known = dict(scope["headers"]).get(b"if-none-match")
        is_known = False

        async def send_kept(message: Message) -> None:
            nonlocal is_known
            if message["type"] == "http.response.start" and message["status"] < 400:
                kept_for = [(b"cache-control", value), (b"x-content-type-options", b"nosniff")]
                message["headers"] = [*message["headers"], *kept_for]
                is_known = known is not None and dict(message["headers"]).get(b"etag") == known
                if is_known:
                    message["status"] = 304
                    message["headers"] = [h for h in message["headers"] if h[0] in TOLD_AGAIN]
            elif is_known:
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        await squeezing(scope, receive, send_kept)

    return kept


def _parts(scope: Scope) -> list[str]:
    return str(scope["path"]).lstrip("/").split("/")


LONGEST_NAME = 200

TOLD_AGAIN = {b"etag", b"cache-control", b"vary", b"x-content-type-options"}
"""What the answer "as you have it" repeats of the whole answer's headers (RFC 9110, 15.4.5)."""
