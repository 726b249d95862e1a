"""What the server says of itself, on standard error: JSON lines for machines, or plain for a demo.

Nobody's secret stands there: not the visit's in its address, no token, no password of a database.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import Processor, WrappedLogger

SECRETS = (
    (re.compile(r"(/(?:v|s|visits|tablet)/)[\w%-]{16,}"), r"\1…"),
    (re.compile(r"\b(mpp_[a-z]+_)[\w-]{16,}"), r"\1…"),
    (re.compile(r"(\w://[^\s:/@]*:)[^\s/@]+@"), r"\1…@"),
)
"""What a library may write without being asked: an address, a token, a database's address."""


def without_secrets(_logger: WrappedLogger, _name: str, line: Any) -> Any:
    """The last of the processors: a finished line, its secrets left out."""
    for known, instead in SECRETS:
        line = known.sub(instead, line)
    return line


class NoSocketLines(logging.Filter):
    """uvicorn tells of each websocket, with its address: a nation's phones would fill the disk."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = str(record.msg)
        return not said.startswith(('%s - "WebSocket', "connection open", "connection closed"))


def set_up(*, level: int = logging.INFO, as_json: bool = True) -> None:
    """Send our own events and those of the libraries through one formatter."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown: list[Processor]
    if as_json:
        shown = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        # Plain traces: the renderer's own show every local variable, and with them tokens.
        plain = structlog.dev.plain_traceback
        shown = [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
        ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    shown.append(without_secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for said in ("uvicorn.error", "websockets.server"):
        logging.getLogger(said).filters[:] = [NoSocketLines()]
    for talkative in ("alembic", "httpx", "httpcore"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
