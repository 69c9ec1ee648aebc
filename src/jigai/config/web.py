"""The web process: ``python -m jigai.config.web HOST PORT``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from granian.constants import Interfaces
from granian.server import Server

from jigai.config import environment, lifeline

TARGET = "jigai.config.wsgi:application"
# Seconds a request may still run after the request to stop.
FINISH_LIMIT = 10


def main(host: str, port: int) -> None:
    """Serve until told to stop. ``JIGAI_WEB_THREADS`` requests at a time (8)."""
    lifeline.hold()
    Server(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=environment.number("JIGAI_WEB_THREADS", 8),
        backlog=512,
        workers_kill_timeout=FINISH_LIMIT,
    ).serve(target_loader=_load)


def _load(target: str) -> Callable[..., Any]:
    """In the serving process: tie its life to the main process's, then import the application."""
    lifeline.hold_fork()
    module, name = target.split(":")
    application: Callable[..., Any] = getattr(import_module(module), name)
    return application


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
