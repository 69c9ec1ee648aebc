"""A database for one test that commits: copied from the template, dropped afterwards.

Emptying tables, as ``transactional_db`` does, is what our append-only tables forbid.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection, connections

from tests import template_database


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Everything written here is committed; gives the database's address for other processes."""
    shared = connection.settings_dict["NAME"]
    name = f"jigai_own_{uuid.uuid4().hex[:12]}"
    with django_db_blocker.unblock():
        connections.close_all()
        _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database.NAME}"')
        connection.settings_dict["NAME"] = name
        try:
            yield database_address()
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = shared
            _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def database_address(name: str = "") -> str:
    """The address of the current database, or of another one of the same server."""
    given = connection.settings_dict
    user, password = quote(given["USER"]), quote(given["PASSWORD"])
    host = quote(given["HOST"], safe="")
    port = f"&port={given['PORT']}" if given["PORT"] else ""
    return f"postgresql://{user}:{password}@/{name or given['NAME']}?host={host}{port}"


def _execute(statement: str) -> None:
    with psycopg.connect(database_address("postgres"), autocommit=True) as session:
        session.execute(statement)
