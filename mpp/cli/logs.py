"""What the server says of itself, on standard error: JSON lines for machines, or plain for a demo."""

import logging
import sys

import structlog
from structlog.typing import Processor


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
    for talkative in ("alembic", "httpx", "httpcore"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
