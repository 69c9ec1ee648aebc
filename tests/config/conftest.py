"""What the tests of the server processes share: a folder short enough for a socket, and an end."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jigai.config.embedded import Place, Server
from jigai.config.embedded.locks import alone
from tests.config.running import Running, copy_tree, processes_of, remove_tree, running, until
from tests.postgres_server import SETTINGS, scratch

# A killed server must not lose what it confirmed; the machine itself keeps running.
CHEAP = {
    **SETTINGS,
    "synchronous_commit": "on",
    "shared_buffers": "16MB",
    "max_connections": "20",
}


@pytest.fixture(scope="session")
def blank() -> Iterator[Place]:
    """An empty, stopped database to copy: making one takes a second, copying it a tenth."""
    folder = scratch("jigai-blank-")
    made = Server(Place(folder / "postgres"), CHEAP)
    made.start()
    made.stop()
    yield made.place
    remove_tree(folder)


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory with the embedded database, apart from that of the test run."""
    folder = scratch("jigai-data-")
    monkeypatch.setenv("JIGAI_DATA", str(folder))
    monkeypatch.delenv("DATABASE_URL")
    yield folder
    place = Place(folder / "postgres")
    if place.cluster.exists():
        Server(place).stop(hurry=True)
    if not place.run.is_relative_to(folder):
        shutil.rmtree(place.run, ignore_errors=True)
    remove_tree(folder)
    until(lambda: not processes_of(folder), "no process of a test is left")


@pytest.fixture
def server(data: Path, blank: Place) -> Iterator[Server]:
    """A server with an empty database, not started yet; stopped at the end."""
    place = Place(data / "postgres")
    copy_tree(blank.root, place.root)
    made = Server(place, CHEAP)
    yield made
    made.stop(hurry=True)


@pytest.fixture(scope="session")
def first_start() -> Running:
    """A first start with its end, once for all workers; its data is there to copy."""
    base = Path(os.environ.get("JIGAI_DATA") or tempfile.gettempdir())
    folder, record = base / "first", base / "first.json"
    with alone(base / "first.lock"):
        if record.exists():
            return Running.recorded(folder, record)
        folder.mkdir()
        with running(folder) as platform:
            platform.end(signal.SIGINT)
        assert processes_of(folder) == []
        platform.record(record)
        return platform


@pytest.fixture
def platform_data(first_start: Running, data: Path) -> Path:
    """The data directory of a platform that was started once and stopped."""
    data.rmdir()
    copy_tree(first_start.data, data)
    return data
