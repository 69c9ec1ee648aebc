"""Starts web and worker as ``jigai up`` does, on a copy of the empty test database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg

from jigai.config import environment
from jigai.config.embedded import Place
from tests import template_database
from tests.browser import fill
from tests.nets import findings

# Seconds: for the first page, for a process to end.
READY_LIMIT, END_LIMIT = 60, 15


@dataclass(frozen=True)
class Service:
    """A running platform with nothing in it but what ships, and the demo accounts."""

    url: str
    database: str
    data: Path
    environment: dict[str, str]

    @property
    def password(self) -> str:
        """The one of every demo account."""
        return (self.data / "demo-password").read_text().strip()

    def caught(self) -> list[str]:
        """What the nets under both processes have found so far."""
        file = self.data / "findings"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def ask(self, statement: str, *values: Any) -> list[Any]:
        """Rows of the database, or what a statement returns; one column comes as plain values."""
        with psycopg.connect(self.database, autocommit=True) as session:
            found = session.execute(statement, values)  # type: ignore[call-overload]
            rows = found.fetchall() if found.description else []
        return [row[0] if len(row) == 1 else row for row in rows]

    def fill(self, *what: str) -> None:
        """Run ``fill``; what it says is shown when it fails."""
        self.run(fill.__name__, *what)

    def run(self, module: str, *what: str) -> None:
        """Run a module as a child over the service's data."""
        command = [sys.executable, "-W", "ignore", "-m", module, *what]
        done = subprocess.run(
            command,
            cwd=findings.ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running(data: Path) -> Iterator[Service]:
    """A platform with its data in a folder; gone without a trace afterwards."""
    with _database(f"jigai_browser_{os.getpid()}") as database, socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        held.close()
        given = {
            **{key: value for key, value in os.environ.items() if not key.startswith("JIGAI_")},
            "JIGAI_DATA": str(data),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            findings.FILE: str(data / "findings"),
        }
        service = Service(f"http://127.0.0.1:{port}", database, data, given)
        service.fill()
        with (
            _process(service, "jigai.config.web", "127.0.0.1", str(port)),
            _process(service, "jigai.config.worker"),
        ):
            _wait(service)
            yield service


@contextmanager
def _process(service: Service, module: str, *arguments: str) -> Iterator[None]:
    log = service.data / f"{module}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=findings.ROOT,
            env=service.environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(service: Service) -> None:
    until = time.monotonic() + READY_LIMIT
    while time.monotonic() < until:
        try:
            with urlopen(f"{service.url}/account/login/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError((service.data / "jigai.config.web.log").read_text())


@contextmanager
def _database(name: str) -> Iterator[str]:
    """The address of a database that is dropped afterwards."""
    server, template = _server()
    _execute(server, f"CREATE DATABASE {name} {template}")
    parts = urlsplit(server)
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _server() -> tuple[str, str]:
    """Where databases are made, and from what: the tables are there already where we may copy."""
    if given := os.environ.get("JIGAI_TEST_DATABASE_URL"):
        return given, ""
    place = Place(environment.data_dir() / "postgres")
    template_database.ensure(place)
    return place.address("postgres"), f"TEMPLATE {template_database.NAME}"


def _execute(server: str, *statements: str) -> None:
    with psycopg.connect(server, autocommit=True) as session:
        for statement in statements:
            session.execute(statement)  # type: ignore[call-overload]


def tail(service: Service, lines: int = 30) -> Sequence[str]:
    """The last lines of both logs, for a test that failed."""
    found: list[str] = []
    for module in ("jigai.config.web", "jigai.config.worker"):
        text = (service.data / f"{module}.log").read_text(errors="replace")
        found += [f"--- {module}", *text.splitlines()[-lines:]]
    return found
