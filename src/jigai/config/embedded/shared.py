"""Lending the embedded database to a short command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jigai.config import environment
from jigai.config.embedded.place import Place
from jigai.config.embedded.server import Server, Tell, _silent


@contextmanager
def serving(tell: Tell = _silent) -> Iterator[None]:
    """The platform's database answers inside; afterwards it runs only if somebody else uses it.

    Does nothing when ``DATABASE_URL`` names a server of the deployer.
    """
    if environment.text("DATABASE_URL"):
        yield
        return
    server = Server(Place.of_platform())
    server.start(tell)
    try:
        yield
    finally:
        server.leave()
