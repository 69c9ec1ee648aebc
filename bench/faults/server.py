"""A database of its own that can be stopped in the middle and keeps what it confirmed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections

from jigai.config import environment
from jigai.config.embedded import Place, Server
from tests import template_database
from tests.postgres_server import SETTINGS, scratch

# What is confirmed is written: a stopped server loses nothing; the machine itself keeps running.
DURABLE = {**SETTINGS, "synchronous_commit": "on", "max_connections": "40"}


@contextmanager
def own_server() -> Iterator[Server]:
    """Django's connection points at the new server inside, and back afterwards."""
    folder = scratch("jigai-faults-")
    server = Server(Place(folder / "postgres"), DURABLE)
    server.start()
    before = dict(connection.settings_dict)
    connections.close_all()
    try:
        template_database.ensure(server.place)
        connection.settings_dict.update(_settings(server.place))
        yield server
    finally:
        connections.close_all()
        connection.settings_dict.update(before)
        server.stop(hurry=True)
        if not server.place.run.is_relative_to(folder):
            shutil.rmtree(server.place.run, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _settings(place: Place) -> dict[str, object]:
    found = environment.database(place.address(template_database.NAME))
    return {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}


def restart(server: Server) -> None:
    """Stop at once, as when the power of the database goes, and start again."""
    connections.close_all()
    server.stop(hurry=True)
    server.start()
