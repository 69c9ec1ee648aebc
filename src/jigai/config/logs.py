"""Logging: one line an event on standard error, as words for people or JSON for programs."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from jigai.config import environment


def configure_logging() -> None:
    """Set up once at start. ``JIGAI_LOG`` chooses the level, ``JIGAI_LOG_JSON`` the form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    json = environment.flag("JIGAI_LOG_JSON", not sys.stderr.isatty())
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer()
    )
    chain: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if json:
        chain.append(structlog.processors.format_exc_info)
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*chain, last])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(environment.text("JIGAI_LOG", "INFO").upper())
    # Its INFO lines repeat what the job page shows.
    for noisy in ("procrastinate", "_granian", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def from_django(settings: dict[str, Any]) -> None:
    """What Django calls with its ``LOGGING``; everything is decided here instead."""
    del settings
    configure_logging()
